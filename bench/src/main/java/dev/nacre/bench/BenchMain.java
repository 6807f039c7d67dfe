package dev.nacre.bench;

import java.io.IOException;
import java.io.PrintStream;

/**
 * Measures Nacre and prints a table for each section. Ends with 0 if all could be measured, 1 if something could not,
 * and 2 if the command line is wrong.
 */
public final class BenchMain {
    private BenchMain() {}

    /** Runs the sections that were named, or all, and ends the process. */
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
        boolean all = true;
        for (SectionName name : arguments.sections()) {
            out.println(name.word() + ": " + name.title());
            out.flush();
            all &= measure(section(name, arguments), out);
        }
        return all ? 0 : 1;
    }

    private static Section section(SectionName name, Arguments arguments) {
        return switch (name) {
            case SERVER -> new ServerSection(arguments.launcher());
            case GUEST -> new GuestSection();
            case SOCKET -> new SocketSection();
            case COPY -> new CopySection();
            case REGISTER -> new RegisterSection();
        };
    }

    private static boolean measure(Section section, PrintStream out) {
        Table table = new Table();
        boolean measured = true;
        try {
            section.measure(table);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            table.note("Not measured: interrupted");
            measured = false;
        } catch (IOException | RuntimeException e) {
            table.note("Not measured: " + e);
            measured = false;
        }
        out.println(table.text());
        out.flush();
        return measured;
    }
}
