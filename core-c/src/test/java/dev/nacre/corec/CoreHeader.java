package dev.nacre.corec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code nacre_core.h} as text, in the few forms that it is written in. */
final class CoreHeader {
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern CONSTANT = Pattern.compile("(?m)^#define (NACRE_\\w+) \\S.*$");
    private static final Pattern STRUCT = Pattern.compile("(?s)struct (nacre_\\w+) \\{(.*?)\\n\\};");
    private static final Pattern OPAQUE = Pattern.compile("(?m)^struct (nacre_\\w+);$");
    private static final Pattern FUNCTION_FIELD = Pattern.compile("(?s)^(.*?)\\(\\*(\\w+)\\)\\((.*)\\)$");
    private static final Pattern FIELD = Pattern.compile("^[\\w ]+?[ *]+(\\w+)(\\[\\w+\\])?$");
    private static final Pattern EXPORTED = Pattern.compile("(?m)^(?!struct|#)([\\w *]+?)(nacre_\\w+)\\(([^;]*)\\);");
    private static final Pattern FRAME = Pattern.compile(
            "(?m)^(#ifndef NACRE_CORE_H|#define NACRE_CORE_H|#include <std\\w+\\.h>|#ifdef __cplusplus|extern \"C\" \\{|\\}|#endif)$");

    private final String text;
    private final Map<String, List<String>> structs = new LinkedHashMap<>();
    private final List<String> constants;
    private final List<String> opaque;
    private final List<MatchResult> exported;
    private final List<String> leftOver;

    CoreHeader(String text) {
        this.text = text;
        String code = COMMENT.matcher(text).replaceAll("");
        constants = names(CONSTANT, code);
        code = CONSTANT.matcher(code).replaceAll("");
        for (MatchResult struct : all(STRUCT, code)) {
            structs.put(
                    struct.group(1),
                    Arrays.stream(struct.group(2).split(";", -1))
                            .map(field -> field.strip().replaceAll("\\s+", " "))
                            .filter(field -> !field.isEmpty())
                            .toList());
        }
        code = STRUCT.matcher(code).replaceAll("");
        opaque = names(OPAQUE, code);
        code = OPAQUE.matcher(code).replaceAll("");
        exported = all(EXPORTED, code);
        code = EXPORTED.matcher(code).replaceAll("");
        code = FRAME.matcher(code).replaceAll("");
        leftOver =
                code.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    static CoreHeader read(Path file) {
        try {
            return new CoreHeader(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        return text;
    }

    /** Lines of none of the forms that this knows. */
    List<String> leftOver() {
        return leftOver;
    }

    /** A program that prints all constants, sizes and offsets, one {@code name=number} a line. */
    String program() {
        List<String> lines = new ArrayList<>();
        for (String constant : constants) {
            lines.add(print(constant, constant));
        }
        structs.forEach((name, fields) -> {
            lines.add(print("sizeof " + name, "sizeof(struct " + name + ")"));
            for (String declaration : fields) {
                String field = field(declaration);
                lines.add(print("offsetof " + name + "." + field, "offsetof(struct " + name + ", " + field + ")"));
                lines.add(print("sizeof " + name + "." + field, "sizeof(((struct " + name + " *)0)->" + field + ")"));
            }
        });
        return "#include \"nacre_core.h\"\n#include <stdio.h>\nint main(void)\n{\n" + String.join("\n", lines)
                + "\nreturn 0;\n}\n";
    }

    /** The shapes of all function pointers, by structure and field. */
    Map<String, String> functions() {
        Map<String, String> all = new TreeMap<>();
        structs.forEach((name, fields) -> {
            for (String declaration : fields) {
                Matcher function = FUNCTION_FIELD.matcher(declaration);
                if (function.matches()) {
                    all.put(name + "." + function.group(2), shape(function.group(1), function.group(3)));
                }
            }
        });
        return all;
    }

    /** The functions of the library, with the types that they take. */
    List<String> exported() {
        return exported.stream()
                .map(one -> one.group(2) + "("
                        + parameters(one.group(3)).stream().map(this::letter).collect(Collectors.joining(",")) + ")")
                .toList();
    }

    private String shape(String result, String parameters) {
        String letters = parameters(parameters).stream().map(this::letter).collect(Collectors.joining());
        String type = result.strip();
        return switch (type) {
            case "void" -> "VOID_" + letters;
            case "int", "uint32_t" -> letters;
            case "uint64_t" -> "LONG_" + letters;
            default -> type.endsWith("*") ? "POINTER_" + letters : type;
        };
    }

    /** I for 32 bits; L for 64 bits, handles, contexts and what belongs to the firmware's client; P for pointers. */
    private String letter(String parameter) {
        String type = parameter.replaceAll("\\s+", " ").strip();
        if (type.contains("[")) {
            return "P";
        }
        if (!type.contains("*")) {
            return type.startsWith("uint64_t") || type.startsWith("size_t") ? "L" : "I";
        }
        boolean isHandle = opaque.stream().anyMatch(one -> type.matches("struct " + one + " \\*\\w+"));
        return isHandle || type.equals("void *context") || type.equals("void *params") ? "L" : "P";
    }

    private static List<String> parameters(String list) {
        return list.equals("void") ? List.of() : List.of(list.split(","));
    }

    private static String field(String declaration) {
        Matcher function = FUNCTION_FIELD.matcher(declaration);
        if (function.matches()) {
            return function.group(2);
        }
        Matcher field = FIELD.matcher(declaration);
        if (!field.matches()) {
            throw new AssertionError("Not a field: " + declaration);
        }
        return field.group(1);
    }

    private static String print(String name, String expression) {
        return "printf(\"" + name + "=%lld\\n\", (long long)(" + expression + "));";
    }

    private static List<String> names(Pattern pattern, String code) {
        return all(pattern, code).stream().map(one -> one.group(1)).toList();
    }

    private static List<MatchResult> all(Pattern pattern, String code) {
        return pattern.matcher(code).results().toList();
    }
}
