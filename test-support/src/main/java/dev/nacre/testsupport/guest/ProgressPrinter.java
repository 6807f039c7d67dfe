package dev.nacre.testsupport.guest;

import dev.nacre.testsupport.guest.fetch.Progress;
import java.io.PrintStream;

/** Prints progress: one line that is rewritten on a terminal, one line for each step elsewhere. */
public final class ProgressPrinter implements Progress {
    private static final long MEBIBYTE = 1024 * 1024;

    private final PrintStream out;
    private final boolean terminal;
    private String step = "";

    /**
     * A printer.
     *
     * @param out where to print
     * @param terminal whether carriage returns rewrite a line there
     */
    public ProgressPrinter(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void at(String what, long doneBytes, long totalBytes) {
        boolean fresh = !what.equals(step);
        step = what;
        if (terminal) {
            String amount =
                    totalBytes == 0 ? "" : " %d of %d MiB".formatted(doneBytes / MEBIBYTE, totalBytes / MEBIBYTE);
            out.print("\r\u001b[K" + what + amount);
            if (totalBytes > 0 && doneBytes >= totalBytes) {
                out.println();
            }
            out.flush();
        } else if (fresh) {
            out.println(totalBytes == 0 ? what : "%s (%d MiB)".formatted(what, totalBytes / MEBIBYTE));
        }
    }
}
