package dev.nacre.testsupport.guest.qemu;

import dev.nacre.testsupport.guest.host.HostCommand;
import dev.nacre.testsupport.guest.host.KitException;
import dev.nacre.testsupport.guest.host.UnpackedProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code qemu-system-x86_64} and how to start it.
 *
 * @param command the first words of its command line
 * @param environment variables for its process only
 * @param version the version it reported
 * @param setsMessageTimeout whether its {@code vfio-user-pci} device has the property {@code x-msg-timeout}
 */
public record QemuProgram(
        List<String> command, Map<String, String> environment, String version, boolean setsMessageTimeout) {
    /** The name under which hosts install it. */
    public static final String HOST_NAME = "qemu-system-x86_64";

    // HW: QEMU 10.1 is the first release with the device vfio-user-pci (its ChangeLog).
    private static final int FIRST_MAJOR = 10;
    private static final int FIRST_MINOR = 1;
    private static final Pattern VERSION = Pattern.compile("version ((\\d+)\\.(\\d+)[.\\d]*)");
    // TIMEOUT: prints and exits; the bound covers a cold disk cache.
    private static final Duration ASK_BOUND = Duration.ofSeconds(60);

    /** Copies the collections. */
    public QemuProgram {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /**
     * The host's own QEMU, if it can serve vfio-user devices.
     *
     * @param program its name or path
     * @return empty if there is none, or it is older than 10.1, or built without vfio-user
     */
    public static Optional<QemuProgram> onHost(String program) {
        return ask(List.of(program), Map.of());
    }

    /**
     * The QEMU in a folder of unpacked Debian packages, started by the dynamic loader from the same folder, so that
     * nothing of the host's libraries is used.
     *
     * @param root the folder
     * @throws KitException if it does not run
     */
    public static QemuProgram unpackedIn(Path root) {
        List<String> command = new ArrayList<>(UnpackedProgram.command(root, "usr/bin/" + HOST_NAME));
        for (String data : List.of("usr/share/qemu", "usr/share/seabios")) {
            command.addAll(List.of("-L", root.resolve(data).toString()));
        }
        Path modules = root.resolve("usr/lib/x86_64-linux-gnu/qemu");
        return ask(command, Map.of("QEMU_MODULE_DIR", modules.toString()))
                .orElseThrow(() -> new KitException("The QEMU unpacked in " + root
                        + " does not run or has no vfio-user-pci device; remove that folder and fetch the kit again"));
    }

    private static Optional<QemuProgram> ask(List<String> command, Map<String, String> environment) {
        Optional<String> version = output(command, environment, "--version").flatMap(QemuProgram::supported);
        Optional<String> properties =
                version.flatMap(v -> output(command, environment, "-device", "vfio-user-pci,help"));
        return properties.map(
                p -> new QemuProgram(command, environment, version.orElseThrow(), p.contains("x-msg-timeout")));
    }

    /** The version in QEMU's answer, if it is one that has the device. */
    static Optional<String> supported(String answer) {
        Matcher m = VERSION.matcher(answer);
        if (!m.find()) {
            return Optional.empty();
        }
        int major = Integer.parseInt(m.group(2));
        int minor = Integer.parseInt(m.group(3));
        boolean enough = major > FIRST_MAJOR || (major == FIRST_MAJOR && minor >= FIRST_MINOR);
        return enough ? Optional.of(m.group(1)) : Optional.empty();
    }

    private static Optional<String> output(List<String> command, Map<String, String> environment, String... more) {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(more));
        try {
            HostCommand.Result result = new HostCommand(line, environment, Optional.empty()).run(ASK_BOUND);
            return result.ok() ? Optional.of(result.text()) : Optional.empty();
        } catch (KitException cannotStart) {
            return Optional.empty();
        }
    }
}
