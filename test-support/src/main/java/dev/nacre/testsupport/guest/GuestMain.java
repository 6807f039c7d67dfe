package dev.nacre.testsupport.guest;

import dev.nacre.testsupport.guest.host.KitException;
import dev.nacre.testsupport.guest.image.GuestFirmware;
import dev.nacre.testsupport.guest.image.InitramfsBuilder;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.testsupport.guest.qemu.GuestException;
import dev.nacre.testsupport.guest.qemu.GuestLaunch;
import dev.nacre.testsupport.guest.qemu.Qemu;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Boots a guest by hand against vfio-user sockets, and shows its serial line. For people who look into something; tests
 * and the demo start guests with {@link Qemu}.
 */
final class GuestMain {
    private static final String USAGE = """
            Usage: ./dev guest-kit boot [OPTION]...
              --gpu SOCKET[@ADDRESS]  a vfio-user device on the root bus (may be repeated; 04.0, 05.0, ...)
              --jobs JOB,...          what the guest does (default: load,list; without --gpu: pci), then power-off:
                                      pci load modules list banner screen cycle:N unload suspend hotplug:SECONDS
                                      vulkaninfo hold sleep:SECONDS dmesg wait reboot poweroff shell, and the guest
                                      programs by name
              --kernel KIND           backports (default) or stable
              --nouveau OPTION        an argument of nouveau.ko, such as debug=debug (may be repeated)
              --modules NAME,...      further modules of the kernel's, for the job modules
              --append WORD           a word for the kernel's command line (may be repeated)
              --firmware DIR          real firmware, in the layout of /lib/firmware, instead of the synthetic set
              --chip NAME             whose real firmware (default: ad102)
              --vulkan                Mesa's Vulkan driver and vulkaninfo in the guest
              --ram MIB               guest memory (default: 1024)
              --serial FILE           copies the serial line to a file
              --bound SECONDS         kills the guest after that time (default: 300)
              --print                 prints QEMU's command line and starts nothing
            """;
    private static final int DEFAULT_BOUND_S = 300;
    private static final int FIRST_DEVICE = 4;

    private GuestMain() {}

    /** What the arguments ask for. */
    private static final class Request {
        private final List<GpuSlot> gpus = new ArrayList<>();
        private final List<String> driverOptions = new ArrayList<>();
        private final List<String> kernelOptions = new ArrayList<>();
        private Optional<String> jobs = Optional.empty();
        private KernelChoice kernel = KernelChoice.BACKPORTS;
        private List<String> modules = List.of();
        private Optional<Path> firmware = Optional.empty();
        private Optional<Path> serialLog = Optional.empty();
        private String chip = "ad102";
        private boolean vulkan;
        private boolean print;
        private boolean help;
        private int ramMib = 1024;
        private int boundSeconds = DEFAULT_BOUND_S;

        private void read(List<String> arguments) {
            Deque<String> words = new ArrayDeque<>(arguments);
            while (!words.isEmpty()) {
                String word = words.removeFirst();
                switch (word) {
                    case "--vulkan" -> vulkan = true;
                    case "--print" -> print = true;
                    case "--help", "-h" -> help = true;
                    default -> {
                        if (words.isEmpty()) {
                            throw new IllegalArgumentException("Unknown argument, or one without its value: " + word);
                        }
                        set(word, words.removeFirst());
                    }
                }
            }
        }

        private void set(String option, String value) {
            switch (option) {
                case "--gpu" -> gpus.add(slot(value));
                case "--jobs" -> jobs = Optional.of(value);
                case "--kernel" -> kernel = kernelNamed(value);
                case "--nouveau" -> driverOptions.add(value);
                case "--modules" -> modules = List.of(value.split(","));
                case "--append" -> kernelOptions.add(value);
                case "--firmware" -> firmware = Optional.of(Path.of(value));
                case "--chip" -> chip = value;
                case "--ram" -> ramMib = number(option, value, GuestLaunch.MIN_RAM_MIB);
                case "--serial" -> serialLog = Optional.of(Path.of(value));
                case "--bound" -> boundSeconds = number(option, value, 1);
                default -> throw new IllegalArgumentException("Unknown argument " + option);
            }
        }

        private GpuSlot slot(String value) {
            int at = value.lastIndexOf('@');
            return at > 0
                    ? GpuSlot.at(Path.of(value.substring(0, at)), value.substring(at + 1))
                    : GpuSlot.at(Path.of(value), "0%d.0".formatted(FIRST_DEVICE + gpus.size()));
        }

        private static int number(String option, String value, int least) {
            int number = value.matches("\\d{1,9}") ? Integer.parseInt(value) : -1;
            if (number < least) {
                throw new IllegalArgumentException(
                        "%s takes a number from %d on, not %s".formatted(option, least, value));
            }
            return number;
        }

        private static KernelChoice kernelNamed(String value) {
            return switch (value) {
                case "backports" -> KernelChoice.BACKPORTS;
                case "stable" -> KernelChoice.STABLE;
                default -> throw new IllegalArgumentException("--kernel takes backports or stable, not " + value);
            };
        }

        private Set<KitPart> parts() {
            Set<KitPart> parts = EnumSet.of(KitPart.QEMU, KitPart.TOOLS, kernel.part());
            if (vulkan) {
                parts.add(KitPart.VULKAN);
            }
            return parts;
        }
    }

    /**
     * Runs a guest to its end.
     *
     * @param arguments see the usage
     * @return 0 if the guest powered off by itself, 1 if not, 2 for wrong arguments
     */
    static int run(List<String> arguments, KitOptions options, PrintStream out, PrintStream err) {
        Request request = new Request();
        try {
            request.read(arguments);
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            err.print(USAGE);
            return 2;
        }
        if (request.help) {
            out.print(USAGE);
            return 0;
        }
        try {
            GuestKit kit = GuestKit.fetch(options, request.parts(), new ProgressPrinter(err, false));
            GuestLaunch launch = launch(kit, request);
            if (request.print) {
                kit.qemu().environment().forEach((name, value) -> out.print(name + "=" + value + " "));
                out.println(String.join(" ", quoted(launch.commandLine(Path.of("monitor.sock")))));
                return 0;
            }
            try (Qemu guest = Qemu.start(launch, out::println)) {
                int status = guest.awaitExit(Duration.ofSeconds(request.boundSeconds));
                err.print(guest.complaints());
                return status == 0 ? 0 : 1;
            }
        } catch (KitException | GuestException failed) {
            err.println(failed.getMessage());
            return 1;
        }
    }

    private static GuestLaunch launch(GuestKit kit, Request request) {
        InitramfsBuilder initramfs = kit.initramfs(request.kernel).modules(request.modules.toArray(String[]::new));
        request.firmware.ifPresent(f -> initramfs.firmware(new GuestFirmware.Installed(f, request.chip)));
        if (request.vulkan) {
            initramfs.vulkan(kit.root(KitPart.VULKAN));
        }
        Path kernel = kit.kernel(request.kernel).image();
        String jobs = request.jobs.orElse(request.gpus.isEmpty() ? "pci" : "load,list");
        GuestLaunch.Builder launch = GuestLaunch.of(kit.qemu(), kernel, initramfs.build())
                .jobs(jobs.split(","))
                .driverOptions(request.driverOptions.toArray(String[]::new))
                .kernelOptions(request.kernelOptions.toArray(String[]::new))
                .ramMib(request.ramMib);
        request.gpus.forEach(launch::gpu);
        request.serialLog.ifPresent(launch::serialLog);
        return launch.build();
    }

    private static List<String> quoted(List<String> words) {
        return words.stream()
                .map(w -> w.matches("[\\w@%+=:,./-]+") ? w : "'" + w.replace("'", "'\\''") + "'")
                .toList();
    }
}
