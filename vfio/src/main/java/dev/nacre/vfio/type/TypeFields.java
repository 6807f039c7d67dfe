package dev.nacre.vfio.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A table of a file of types, read key by key. What is missing or not allowed is noted, and a value that is allowed is
 * given instead, so that all errors are found at once.
 */
final class TypeFields {
    private final TomlTable table;
    private final @Nullable TomlTable defaults;
    private final String path;
    private final Errors errors;

    TypeFields(TomlTable table, @Nullable TomlTable defaults, String path, Errors errors) {
        this.table = table;
        this.defaults = defaults;
        this.path = path;
        this.errors = errors;
    }

    /** What is wrong with a file. */
    static final class Errors {
        private final String file;
        private final List<CatalogError> list = new ArrayList<>();

        Errors(String file) {
            this.file = file;
        }

        boolean isEmpty() {
            return list.isEmpty();
        }

        List<CatalogError> list() {
            return list;
        }

        void add(int line, String key, String problem) {
            CatalogError error = new CatalogError(file, line, key, problem);
            if (!list.contains(error)) {
                list.add(error);
            }
        }

        void add(TomlTable table, String key, String path, String problem) {
            add(line(table, key), path, problem);
        }

        private static int line(TomlTable table, String key) {
            TomlPosition position = table.inputPositionOf(List.of(key));
            return position == null ? 0 : position.line();
        }
    }

    /** Where a table begins. */
    static int line(TomlTable table) {
        TomlPosition begin = table.inputPositionOf(List.of());
        return begin == null ? 1 : begin.line();
    }

    /** Notes keys that are none of some. */
    @SafeVarargs
    final void allow(Set<String>... keys) {
        Set<String> allowed = new TreeSet<>();
        for (Set<String> some : keys) {
            allowed.addAll(some);
        }
        for (String key : table.keySet()) {
            if (!allowed.contains(key)) {
                errors.add(table, key, path + key, "is unknown: allowed=" + String.join(", ", allowed));
            }
        }
    }

    long number(String key, long least, long most) {
        String allowed = "a number from " + least + " to " + most;
        Object value = value(key, allowed);
        if (value == null) {
            return least;
        }
        if (value instanceof Long number && number >= least && number <= most) {
            return number;
        }
        refuse(key, "is not allowed: value=" + value + " allowed=" + allowed);
        return least;
    }

    long powerOfTwo(String key, long least, long most) {
        long number = number(key, least, most);
        if (Long.bitCount(number) != 1) {
            refuse(key, "is not allowed: value=" + number + " allowed=powers of two");
            return least;
        }
        return number;
    }

    boolean flag(String key) {
        Object value = value(key, "true or false");
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value != null) {
            refuse(key, "is not allowed: value=" + value + " allowed=true or false");
        }
        return false;
    }

    /** A text that matches an expression. If it does not: some placement or chip, or nothing. */
    String text(String key, String expression) {
        Object value = value(key, "text like " + expression);
        if (value instanceof String text && text.matches(expression)) {
            return text;
        }
        if (value != null) {
            refuse(key, "is not allowed: value=" + value + " allowed=text like " + expression);
        }
        return switch (key) {
            case "placement" -> "even";
            case "chip" -> "XX000";
            default -> "";
        };
    }

    void refuse(String key, String problem) {
        TomlTable in = table.contains(List.of(key)) || defaults == null ? table : defaults;
        errors.add(in, key, path + key, problem);
    }

    private @Nullable Object value(String key, String allowed) {
        Object value = table.get(List.of(key));
        if (value == null && defaults != null) {
            value = defaults.get(List.of(key));
        }
        if (value == null) {
            errors.add(line(table), path + key, "is missing: allowed=" + allowed);
        }
        return value;
    }
}
