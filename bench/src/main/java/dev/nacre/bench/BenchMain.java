package dev.nacre.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures Nacre and prints a table for each section. Ends with 0 if all could be measured, 1 if something could not,
 * and 2 if the command line is wrong.
 */
public final class BenchMain {
    // TIMEOUT: all sections take about two minutes, and more on a busy machine; what is not measured by then is left
    // out, so that the whole ends within four minutes.
    private static final Duration BOUND = Duration.ofSeconds(215);

    private BenchMain() {}

    /** Runs the sections that were named, or those that run unasked, and ends the process. */
    public static void main(String[] words) {
        System.exit(run(System.out, System.err, words));
    }

    /** Runs; returns the exit code. */
    static int run(PrintStream out, PrintStream err, String... words) {
        Arguments arguments;
        try {
            arguments = Arguments.parse(words);
        } catch (Arguments.UsageException e) {
            err.println("bench: " + e.getMessage());
            return 2;
        }
        long end = System.nanoTime() + BOUND.toNanos();
        interruptAt(end);
        boolean all = true;
        for (SectionName name : arguments.sections()) {
            out.println(name.word() + ": " + name.title());
            out.flush();
            all &= measure(section(name, arguments), out, end);
        }
        return all ? 0 : 1;
    }

    /** Interrupts the calling thread at a time, unless the process has ended before. */
    private static void interruptAt(long endNs) {
        Thread measuring = Thread.currentThread();
        Thread.ofPlatform().daemon().name("bench-bound").start(() -> {
            for (long left = BOUND.toNanos(); left > 0; left = endNs - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            measuring.interrupt();
        });
    }

    private static Section section(SectionName name, Arguments arguments) {
        return switch (name) {
            case SERVER -> new ServerSection(arguments.launcher());
            case GUEST -> new GuestSection();
            case SOCKET -> new SocketSection();
            case COPY -> new CopySection();
            case CORE -> new CoreSection();
            case REGISTER -> new RegisterSection();
            case DRM -> new DrmSection(arguments.launcher());
            case VGPU -> new VgpuSection();
            case DAEMON -> new DaemonSection(arguments.archive());
            case VFIO_USER -> new VfioUserSection(arguments.launcher());
        };
    }

    private static boolean measure(Section section, PrintStream out, long endNs) {
        Table table = new Table();
        boolean measured = false;
        if (System.nanoTime() - endNs >= 0) {
            table.note("Not measured: the time for all sections is over");
        } else {
            try {
                section.measure(table);
                measured = true;
            } catch (InterruptedException e) {
                // The only one who interrupts is the bound; the sections that are left see it themselves.
                table.note("Not measured any further: the time for all sections is over");
            } catch (IOException | RuntimeException e) {
                table.note("Not measured: " + e);
            }
        }
        out.println(table.text());
        out.flush();
        return measured;
    }
}
