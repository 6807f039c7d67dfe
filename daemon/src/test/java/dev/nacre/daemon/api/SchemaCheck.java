package dev.nacre.daemon.api;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The part of JSON Schema that {@code openapi.yaml} uses. An object's members that the schema does not name are errors here:
 * the daemon may add some in a later version, but then the contract of that version names them.
 */
final class SchemaCheck {
    private static final Set<String> KNOWN = Set.of(
            "type",
            "properties",
            "required",
            "additionalProperties",
            "items",
            "enum",
            "const",
            "pattern",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "format",
            "description",
            "example",
            "default",
            "$ref",
            "contentMediaType",
            "contentSchema");

    private final UnaryOperator<Object> resolve;
    private final List<String> errors = new ArrayList<>();

    /** @param resolve follows references */
    SchemaCheck(UnaryOperator<Object> resolve) {
        this.resolve = resolve;
    }

    /** Where a value differs from a schema. */
    List<String> errors(Object schema, Object value) {
        check("", schema, value);
        return errors;
    }

    private void check(String where, Object unresolved, Object value) {
        Map<?, ?> schema = (Map<?, ?>) resolve.apply(unresolved);
        schema.keySet().stream()
                .filter(key -> !KNOWN.contains(key))
                .forEach(key -> errors.add(where + ": the check does not know " + key));
        if (schema.get("const") != null && !schema.get("const").equals(value)) {
            errors.add(where + ": " + value + " is not " + schema.get("const"));
        }
        if (schema.get("enum") instanceof List<?> words && !words.contains(value)) {
            errors.add(where + ": " + value + " is not of " + words);
        }
        switch (Yaml.text(schema, "type")) {
            case "object" -> object(where, schema, value);
            case "array" -> array(where, schema, value);
            case "string" -> string(where, schema, value);
            case "boolean" -> require(where, value instanceof Boolean, value, "a truth value");
            case "integer" -> number(where, schema, value, value instanceof Integer || value instanceof Long);
            case "number" -> number(where, schema, value, value instanceof Number);
            default -> errors.add(where + ": the check does not know the type " + schema.get("type"));
        }
    }

    private void object(String where, Map<?, ?> schema, Object value) {
        if (!(value instanceof Map<?, ?> members)) {
            require(where, false, value, "an object");
            return;
        }
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> named ? named : Map.of();
        if (schema.get("required") instanceof List<?> required) {
            required.stream()
                    .filter(name -> !members.containsKey(name))
                    .forEach(name -> errors.add(where + ": no member " + name));
        }
        members.forEach((name, member) -> {
            String path = where + "/" + name;
            Object other = schema.get("additionalProperties");
            if (properties.get(name) != null) {
                check(path, properties.get(name), member);
            } else if (other instanceof Map<?, ?>) {
                check(path, other, member);
            } else {
                errors.add(path + ": not in the schema");
            }
        });
    }

    private void array(String where, Map<?, ?> schema, Object value) {
        if (value instanceof List<?> list) {
            list.forEach(item -> check(where + "/-", Yaml.at(schema, "items"), item));
        } else {
            require(where, false, value, "an array");
        }
    }

    private void string(String where, Map<?, ?> schema, Object value) {
        if (!(value instanceof String text)) {
            require(where, false, value, "text");
            return;
        }
        if (schema.get("pattern") instanceof String pattern) {
            require(where, Pattern.compile(pattern).matcher(text).find(), value, pattern);
        }
        if (schema.get("maxLength") instanceof Integer most) {
            require(where, text.length() <= most, value, "at most " + most + " long");
        }
        if (schema.get("minLength") instanceof Integer least) {
            require(where, text.length() >= least, value, "at least " + least + " long");
        }
    }

    private void number(String where, Map<?, ?> schema, Object value, boolean isOne) {
        require(where, isOne, value, "a " + schema.get("type"));
        if (!isOne) {
            return;
        }
        BigDecimal number = new BigDecimal(value.toString());
        if (schema.get("minimum") instanceof Number least) {
            require(where, number.compareTo(new BigDecimal(least.toString())) >= 0, value, "from " + least);
        }
        if (schema.get("maximum") instanceof Number most) {
            require(where, number.compareTo(new BigDecimal(most.toString())) <= 0, value, "up to " + most);
        }
    }

    private void require(String where, boolean holds, Object value, String wanted) {
        if (!holds) {
            errors.add(where + ": " + value + " is not " + wanted);
        }
    }
}
