package dev.nacre.daemon.api;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** {@code openapi.yaml}, and whether answers are as it says. */
final class Contract {
    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");

    private final Map<?, ?> root;

    /**
     * An operation.
     *
     * @param path as the contract writes it
     * @param node what it says of it
     */
    record Operation(String id, String method, String path, Map<?, ?> node) {
        /** Whether it needs no token. */
        boolean open() {
            return node.get("security") instanceof List<?> list && list.isEmpty();
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private Contract(Map<?, ?> root) {
        this.root = root;
    }

    /** Reads it from the build. */
    static Contract read() {
        try (InputStream in = Objects.requireNonNull(Contract.class.getResourceAsStream("openapi.yaml"))) {
            return new Contract((Map<?, ?>) Yaml.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All operations by id. */
    Map<String, Operation> operations() {
        Map<String, Operation> operations = new TreeMap<>();
        Yaml.map(root, "paths").forEach((path, item) -> {
            for (String method : METHODS) {
                if (((Map<?, ?>) item).get(method) instanceof Map<?, ?> node) {
                    String id = Yaml.text(node, "operationId");
                    operations.put(id, new Operation(id, method.toUpperCase(Locale.ROOT), (String) path, node));
                }
            }
        });
        return operations;
    }

    /** What the contract says of an operation's answers, by status. */
    Map<?, ?> responses(String operation) {
        return Yaml.map(Objects.requireNonNull(operations().get(operation)).node(), "responses");
    }

    /** A schema among the components. */
    Object schema(String name) {
        return at("#/components/schemas/" + name);
    }

    /** Where the answer differs from what the contract says of the operation. */
    List<String> errors(String operation, HttpAnswer answer) {
        Object said = responses(operation).get(Integer.toString(answer.status()));
        if (said == null) {
            return List.of("The contract does not list status " + answer.status());
        }
        Map<?, ?> response = (Map<?, ?>) resolve(said);
        List<String> errors = new ArrayList<>();
        if (response.get("headers") instanceof Map<?, ?> headers) {
            headers.keySet().stream()
                    .filter(name -> answer.header((String) name).isEmpty())
                    .forEach(name -> errors.add("No header " + name));
        }
        if (response.get("content") instanceof Map<?, ?> content) {
            errors.addAll(contentErrors(content, answer));
        } else if (answer.body().length > 0) {
            errors.add("A body where the contract has none: " + answer.text());
        }
        return errors;
    }

    private List<String> contentErrors(Map<?, ?> content, HttpAnswer answer) {
        Object media = content.containsKey("*/*") ? content.get("*/*") : content.get(answer.type());
        if (media == null) {
            return List.of("The contract does not list type " + answer.type());
        }
        return answer.type().endsWith("json") ? schemaErrors(Yaml.at(media, "schema"), answer.json()) : List.of();
    }

    /** Where a value differs from a schema. */
    List<String> schemaErrors(Object schema, Object value) {
        return new SchemaCheck(this::resolve).errors(schema, value);
    }

    /** Every example of a schema or of an answer, with its schema. */
    Map<String, List<String>> exampleErrors() {
        Map<String, List<String>> errors = new TreeMap<>();
        collect("#", root, errors);
        return errors;
    }

    private void collect(String where, Object node, Map<String, List<String>> errors) {
        if (node instanceof Map<?, ?> map) {
            boolean media = map.containsKey("schema") && map.containsKey("example");
            boolean schema = map.containsKey("type") && map.containsKey("example");
            if (media || schema) {
                List<String> found = schemaErrors(media ? Yaml.at(map, "schema") : map, Yaml.at(map, "example"));
                if (!found.isEmpty()) {
                    errors.put(where, found);
                }
            }
            map.forEach((key, child) -> {
                if (!key.equals("example")) {
                    collect(where + "/" + key, child, errors);
                }
            });
        } else if (node instanceof List<?> list) {
            list.forEach(child -> collect(where + "/-", child, errors));
        }
    }

    private Object resolve(Object node) {
        return node instanceof Map<?, ?> map && map.get("$ref") instanceof String reference
                ? resolve(at(reference))
                : node;
    }

    private Object at(String reference) {
        return Yaml.at(root, reference.substring(2).split("/"));
    }
}
