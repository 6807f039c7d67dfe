package dev.nacre.daemon.config;

import dev.nacre.linux.SocketOwner;
import dev.nacre.linux.UnixSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * A table of the file, read key by key. What is wrong is noted and read as if it were not there, so that everything that is
 * wrong is found at once.
 */
final class ConfigTable {
    private final TomlTable table;
    private final @Nullable TomlPosition at;
    private final String path;
    private final ConfigErrors errors;

    /**
     * @param at where it begins, for keys that are missing; null for the file as a whole
     * @param path of its keys: empty, or ends with a dot
     */
    ConfigTable(TomlTable table, @Nullable TomlPosition at, String path, ConfigErrors errors) {
        this.table = table;
        this.at = at;
        this.path = path;
        this.errors = errors;
    }

    /** Takes keys that are none of these for errors. */
    ConfigTable allow(String... keys) {
        Set<String> allowed = new TreeSet<>(Set.of(keys));
        for (String key : table.keySet()) {
            if (!allowed.contains(key)) {
                String meant = Nearest.of(key, allowed)
                        .map(near -> ", did you mean " + near + "?")
                        .orElse("");
                refuse(key, "there is no such key" + meant, String.join(", ", allowed));
            }
        }
        return this;
    }

    boolean has(String key) {
        return table.contains(List.of(key));
    }

    Optional<String> text(String key) {
        Object value = table.get(List.of(key));
        if (value instanceof String text && !text.isBlank()) {
            return Optional.of(text);
        }
        if (value != null) {
            refuse(key, value instanceof String ? "is empty" : "is no text: " + shown(value), "text in quotes");
        }
        return Optional.empty();
    }

    Optional<Boolean> flag(String key) {
        Object value = table.get(List.of(key));
        if (value instanceof Boolean flag) {
            return Optional.of(flag);
        }
        if (value != null) {
            refuse(key, "is not possible: " + shown(value), "true, false");
        }
        return Optional.empty();
    }

    Optional<Integer> number(String key, int least, int most) {
        Object value = table.get(List.of(key));
        if (value instanceof Long number && number >= least && number <= most) {
            return Optional.of(number.intValue());
        }
        if (value != null) {
            refuse(key, "is not possible: " + shown(value), least + " to " + most);
        }
        return Optional.empty();
    }

    /**
     * A text that means something.
     *
     * @param read empty if it means nothing
     * @param allowed what means something
     */
    <T> Optional<T> meaning(String key, Function<String, Optional<T>> read, String allowed) {
        Optional<String> text = text(key);
        Optional<T> value = text.flatMap(read);
        if (text.isPresent() && value.isEmpty()) {
            refuse(key, "is not possible: " + text.get(), allowed);
        }
        return value;
    }

    Optional<Integer> mode(String key) {
        return meaning(
                key,
                text -> {
                    try {
                        return Optional.of(UnixSocket.parseMode(text));
                    } catch (IllegalArgumentException e) {
                        return Optional.empty();
                    }
                },
                "permission bits in octal, \"0000\" to \"0777\"");
    }

    Optional<SocketOwner> owner(String key) {
        Optional<String> text = text(key);
        try {
            return text.map(SocketOwner::parse);
        } catch (IllegalArgumentException e) {
            refuse(key, "is not possible: " + e.getMessage(), "\"user:group\", either left out or a number");
            return Optional.empty();
        }
    }

    /** A table in this one; an empty one if there is none. */
    ConfigTable table(String key) {
        return optionalTable(key).orElseGet(() -> new ConfigTable(Toml.parse(""), at, path + key + ".", errors));
    }

    /** A table in this one. */
    Optional<ConfigTable> optionalTable(String key) {
        Object value = table.get(List.of(key));
        if (value instanceof TomlTable inner) {
            return Optional.of(new ConfigTable(inner, position(key), path + key + ".", errors));
        }
        if (value != null) {
            refuse(key, "is no table: " + shown(value), "[" + path + key + "]");
        }
        return Optional.empty();
    }

    /** Tables in this one. */
    List<ConfigTable> tables(String key) {
        List<ConfigTable> tables = new ArrayList<>();
        Object value = table.get(List.of(key));
        if (value instanceof TomlArray array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i) instanceof TomlTable inner) {
                    tables.add(new ConfigTable(inner, array.inputPositionOf(i), path + key + ".", errors));
                } else {
                    refuse(key, "is no table: " + shown(array.get(i)), "[[" + path + key + "]]");
                }
            }
        } else if (value != null) {
            refuse(key, "has to be written with two brackets", "[[" + path + key + "]]");
        }
        return tables;
    }

    /** Says that a key is wrong, or missing. */
    void refuse(String key, String problem, String allowed) {
        errors.add(has(key) ? position(key) : at, path + key, problem, allowed);
    }

    private @Nullable TomlPosition position(String key) {
        return table.inputPositionOf(List.of(key));
    }

    private static String shown(Object value) {
        return switch (value) {
            case TomlTable it -> "a table";
            case TomlArray it -> "a list";
            default -> String.valueOf(value);
        };
    }
}
