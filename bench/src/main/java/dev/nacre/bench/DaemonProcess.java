package dev.nacre.bench;

import dev.nacre.testsupport.daemon.PackagedDaemon;
import dev.nacre.testsupport.guest.host.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Measures a packaged daemon. Closing it kills the daemon if it still runs. */
final class DaemonProcess implements AutoCloseable {
    // TIMEOUT: an answer takes less than a second.
    private static final int ANSWER_SECONDS = 15;

    // HW: USER_HZ of Linux on x86-64, the unit of /proc/PID/stat.
    private static final double MS_PER_TICK = 10;

    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;

    private final Path folder;
    private final PackagedDaemon daemon;

    private DaemonProcess(Path folder, PackagedDaemon daemon) {
        this.folder = folder;
        this.daemon = daemon;
    }

    /** Starts one and waits until its API says that it is ready. */
    static DaemonProcess start(UnpackedPackage unpacked) throws IOException {
        Path folder = Files.createTempDirectory("nacred");
        return new DaemonProcess(folder, PackagedDaemon.start(unpacked.bin(), folder, Map.of()));
    }

    /** Milliseconds from its start until it was ready. */
    double readyMs() {
        return daemon.readyMs();
    }

    /** How long the command line takes from its start to its end to list the virtual GPUs, in milliseconds. */
    double answerMs() throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process nacre = new ProcessBuilder(daemon.nacre("vgpu", "ls"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!nacre.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS) || nacre.exitValue() != 0) {
            nacre.destroyForcibly();
            throw new IOException("nacre vgpu ls did not end well");
        }
        return (System.nanoTime() - start) / 1e6;
    }

    /** The processor time that it has taken, in milliseconds. */
    double processorMs() throws IOException {
        String stat =
                Files.readString(Path.of("/proc", Long.toString(daemon.process().pid()), "stat"));
        // What stands before the last bracket is the name, which may hold anything.
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return MS_PER_TICK * (Long.parseLong(words[USER_TICKS]) + Long.parseLong(words[SYSTEM_TICKS]));
    }

    /** Memory that it has in use now, in MiB. */
    double residentMib() throws IOException {
        return StartedProcess.residentMib(daemon.process());
    }

    /** Ends it by SIGTERM. */
    void terminate() throws IOException, InterruptedException {
        int status = daemon.terminate();
        if (status != 0) {
            throw new IOException("Ended with " + status);
        }
    }

    @Override
    public void close() {
        daemon.close();
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
