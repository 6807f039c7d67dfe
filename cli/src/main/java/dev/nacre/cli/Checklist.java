package dev.nacre.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a boot must show, ticked off as the guest's kernel says it. Lines come from the thread that reads the guest's
 * serial line.
 */
final class Checklist {
    private static final class Item {
        private final String title;
        private final Pattern pattern;
        private boolean done;

        Item(String title, String regex) {
            this.title = title;
            this.pattern = Pattern.compile(regex);
        }
    }

    private final PrintWriter out;
    private final String prefix;
    private final List<Item> items = new ArrayList<>();

    Checklist(PrintWriter out) {
        this(out, "");
    }

    /**
     * One of several at a time.
     *
     * @param prefix what its lines begin with
     */
    Checklist(PrintWriter out, String prefix) {
        this.out = out;
        this.prefix = prefix;
    }

    /**
     * Adds something to tick off.
     *
     * @param title a word or two
     * @param regex a line of the guest that shows it; what its first group matches is printed beside
     */
    Checklist expect(String title, String regex) {
        items.add(new Item(title, regex));
        return this;
    }

    /** Looks at a line of the guest. */
    synchronized void line(String text) {
        for (Item item : items) {
            Matcher match = item.pattern.matcher(text);
            if (!item.done && match.find()) {
                item.done = true;
                print("ok", item.title, match.groupCount() > 0 ? match.group(1) : match.group());
            }
        }
    }

    /** Ticks something off, or not, that no line shows. */
    synchronized boolean tick(String title, boolean ok, String detail) {
        print(ok ? "ok" : "no", title, detail);
        return ok;
    }

    /** Prints what never came; true if nothing is missing. */
    synchronized boolean finish() {
        items.stream().filter(i -> !i.done).forEach(i -> print("no", i.title, "never seen: " + i.pattern));
        return items.stream().allMatch(i -> i.done);
    }

    private void print(String mark, String title, String detail) {
        out.printf("  %s%-3s %-14s %s%n", prefix, mark, title, detail.strip());
        out.flush();
    }
}
