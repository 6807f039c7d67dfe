package dev.nacre.testsupport.guest.qemu;

import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A running guest: its process, its serial line, its monitor. Closing it ends the process whatever state it is in.
 *
 * <p>Owned by the thread that started it; the serial console may be used from others.
 */
public final class Qemu implements AutoCloseable {
    // TIMEOUT: QEMU makes its monitor before it loads the kernel; the bound covers a cold disk cache.
    private static final Duration MONITOR_BOUND = Duration.ofSeconds(60);
    // TIMEOUT: a killed process is gone as soon as the kernel gets to it.
    private static final Duration KILL_BOUND = Duration.ofSeconds(10);
    private static final String MONITOR = "monitor";
    private static final String ERRORS = "errors";

    private final Process process;
    private final SerialConsole serial;
    private final QmpClient monitor;
    private final Path folder;
    private final Thread killer;

    private Qemu(Process process, SerialConsole serial, QmpClient monitor, Path folder) {
        this.process = process;
        this.serial = serial;
        this.monitor = monitor;
        this.folder = folder;
        // A run that is interrupted at the keyboard must not leave QEMU behind.
        this.killer = Thread.ofPlatform().name("nacre-qemu-killer").unstarted(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /**
     * Starts a guest.
     *
     * @param launch what to start; the sockets of its devices must be listening
     * @throws KitException if QEMU cannot be started
     * @throws GuestException if QEMU ends at once, with what it complained about
     */
    public static Qemu start(GuestLaunch launch) {
        return start(launch, line -> {});
    }

    /**
     * Starts a guest and listens to its serial line.
     *
     * @param launch what to start; the sockets of its devices must be listening
     * @param listener told of each line, on the reading thread; must not block
     * @throws KitException if QEMU cannot be started
     * @throws GuestException if QEMU ends at once, with what it complained about
     */
    public static Qemu start(GuestLaunch launch, Consumer<String> listener) {
        try {
            // Short, because a socket's path has at most 107 bytes.
            Path folder = Files.createTempDirectory("nacre-qemu");
            ProcessBuilder builder = new ProcessBuilder(launch.commandLine(folder.resolve(MONITOR)))
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectError(folder.resolve(ERRORS).toFile());
            builder.environment().putAll(launch.qemu().environment());
            Process process = builder.start();
            SerialConsole serial = SerialConsole.reading(process.getInputStream(), launch.serialLog(), listener);
            return new Qemu(process, serial, monitor(process, folder), folder);
        } catch (IOException e) {
            throw KitException.because("Cannot start QEMU", e);
        }
    }

    private static QmpClient monitor(Process process, Path folder) {
        try {
            return QmpClient.connect(folder.resolve(MONITOR), MONITOR_BOUND, process::isAlive);
        } catch (GuestException e) {
            process.destroyForcibly();
            String complaint = complaints(folder);
            deleteFolder(folder);
            throw new GuestException("QEMU did not start: " + complaint, e);
        }
    }

    private static String complaints(Path folder) {
        try {
            return Files.readString(folder.resolve(ERRORS)).strip();
        } catch (IOException e) {
            throw KitException.because("Cannot read QEMU's errors", e);
        }
    }

    /** The guest's serial line. */
    public SerialConsole serial() {
        return serial;
    }

    /** QEMU's monitor. */
    public QmpClient monitor() {
        return monitor;
    }

    /** The process's identifier on the host. */
    public long pid() {
        return process.pid();
    }

    /** Whether QEMU runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** What QEMU itself has complained about so far, empty if nothing. */
    public String complaints() {
        return complaints(folder);
    }

    /**
     * Waits until the guest has powered off.
     *
     * @param bound how long to wait
     * @return QEMU's exit status
     * @throws GuestException if it still runs then
     */
    public int awaitExit(Duration bound) {
        try {
            if (process.waitFor(bound.toNanos(), TimeUnit.NANOSECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GuestException("Interrupted while waiting for the guest to power off", e);
        }
        List<String> lines = serial.lines();
        throw new GuestException("The guest did not power off within %d s; its last lines:%n%s"
                .formatted(
                        bound.toSeconds(),
                        String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()))));
    }

    /** Kills QEMU as a crash would, without a word to the guest or to the device's server. */
    public void kill() {
        process.destroyForcibly();
        awaitExit(KILL_BOUND);
    }

    /** Ends QEMU if it still runs, and removes its temporary files. */
    @Override
    public void close() {
        monitor.close();
        kill();
        deleteFolder(folder);
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException shuttingDown) {
            System.getLogger(Qemu.class.getName()).log(System.Logger.Level.DEBUG, "QEMU ends with the JVM");
        }
    }

    private static void deleteFolder(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(MONITOR));
            Files.deleteIfExists(folder.resolve(ERRORS));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw KitException.because("Cannot remove " + folder, e);
        }
    }
}
