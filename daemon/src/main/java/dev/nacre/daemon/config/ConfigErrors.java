package dev.nacre.daemon.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlPosition;

/** What is wrong with a file, while it is read. */
final class ConfigErrors {
    private final String file;
    private final List<ConfigError> list = new ArrayList<>();

    ConfigErrors(String file) {
        this.file = file;
    }

    /** @param at where; null for the file as a whole */
    void add(@Nullable TomlPosition at, String key, String problem, String allowed) {
        list.add(
                new ConfigError(file, at == null ? 1 : at.line(), at == null ? 1 : at.column(), key, problem, allowed));
    }

    int count() {
        return list.size();
    }

    void throwIfAny() {
        if (!list.isEmpty()) {
            throw new ConfigException(list.stream()
                    .sorted(Comparator.comparingInt(ConfigError::line).thenComparingInt(ConfigError::column))
                    .toList());
        }
    }
}
