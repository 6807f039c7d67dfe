package dev.nacre.daemon.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads YAML, and JSON, which is YAML too: as maps, lists, strings, numbers, truth values and null. */
final class Yaml {
    private Yaml() {}

    static Object parse(String text) {
        return Objects.requireNonNull(
                new Load(LoadSettings.builder().setCodePointLimit(8 << 20).build()).loadFromString(text));
    }

    /** What is at a path of members' names; something is. */
    static Object at(Object node, String... path) {
        Object found = node;
        for (String name : path) {
            found = Objects.requireNonNull(((Map<?, ?>) found).get(name), name);
        }
        return found;
    }

    static Map<?, ?> map(Object node, String... path) {
        return (Map<?, ?>) at(node, path);
    }

    static List<?> list(Object node, String... path) {
        return (List<?>) at(node, path);
    }

    static String text(Object node, String... path) {
        return (String) at(node, path);
    }
}
