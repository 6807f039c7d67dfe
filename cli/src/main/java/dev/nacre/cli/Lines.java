package dev.nacre.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names and values, one pair a line, the values in a column. */
final class Lines {
    private final List<String[]> lines = new ArrayList<>();

    /** Adds a line; none if the value is null. */
    Lines line(String name, @Nullable Object value) {
        if (value != null) {
            lines.add(new String[] {name, value.toString()});
        }
        return this;
    }

    @Override
    public String toString() {
        int width = lines.stream().mapToInt(line -> line[0].length()).max().orElse(0);
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line[0])
                .append(" ".repeat(width - line[0].length() + 2))
                .append(line[1])
                .append('\n'));
        return text.toString();
    }
}
