package dev.nacre.daemon.api;

import io.avaje.json.JsonReader;
import io.avaje.json.stream.JsonStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The members of a request's JSON object: text, numbers and truth values. Whoever takes them calls {@link #end} at last,
 * which refuses those that he has not taken.
 */
final class RequestBody {
    /** Largest body. */
    static final int MAX_BYTES = 64 << 10;

    /** Deepest nesting; the parser is recursive, and its input is the caller's. */
    private static final int MAX_DEPTH = 16;

    private static final Pattern UUIDS = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private static final JsonStream JSON = JsonStream.builder().build();

    /** A member's value. */
    private sealed interface Value {
        /** What it is, for people. */
        String kind();

        record Text(String text) implements Value {
            @Override
            public String kind() {
                return "text";
            }
        }

        record Numeral(BigDecimal number) implements Value {
            @Override
            public String kind() {
                return "a number";
            }
        }

        record Truth(boolean value) implements Value {
            @Override
            public String kind() {
                return "true or false";
            }
        }

        record Other(String kind) implements Value {}
    }

    private final Map<String, Value> members;
    private final Map<String, Value> taken = new LinkedHashMap<>();

    private RequestBody(Map<String, Value> members) {
        this.members = members;
    }

    /**
     * Reads a body.
     *
     * @throws ProblemException if it is not a JSON object, is nested too deep, or has a member twice
     */
    static RequestBody parse(byte[] body) {
        requireText(body);
        requireShallowObject(body);
        Map<String, Value> members = new LinkedHashMap<>();
        try (JsonReader reader = JSON.reader(body)) {
            reader.beginObject();
            while (reader.hasNextField()) {
                String name = reader.nextField();
                if (members.put(name, value(reader)) != null) {
                    throw ProblemException.invalid(name, "given twice", List.of());
                }
            }
            reader.endObject();
        } catch (ProblemException e) {
            throw e;
        } catch (RuntimeException e) {
            // GUEST: whatever the parser makes of hostile text, the text is at fault.
            throw malformed();
        }
        return new RequestBody(members);
    }

    private static Value value(JsonReader reader) {
        return switch (reader.currentToken()) {
            case STRING -> new Value.Text(reader.readString());
            case NUMBER -> new Value.Numeral(reader.readDecimal());
            case BOOLEAN -> new Value.Truth(reader.readBoolean());
            case NULL -> skipped(reader, "null");
            case BEGIN_ARRAY -> skipped(reader, "an array");
            case BEGIN_OBJECT -> skipped(reader, "an object");
            default -> throw malformed();
        };
    }

    private static Value skipped(JsonReader reader, String kind) {
        reader.skipValue();
        return new Value.Other(kind);
    }

    private static void requireText(byte[] body) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
        } catch (CharacterCodingException e) {
            throw ProblemException.of(ProblemCode.INVALID, "The body is not UTF-8");
        }
    }

    /** Brackets nest no deeper than allowed, and nothing is before or after the object but space. */
    private static void requireShallowObject(byte[] body) {
        int depth = 0;
        boolean inString = false;
        boolean ended = false;
        for (int i = 0; i < body.length; i++) {
            byte c = body[i];
            if (inString) {
                inString = c != '"';
                i += c == '\\' ? 1 : 0;
                continue;
            }
            boolean space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
            if (space) {
                continue;
            }
            if (ended || (depth == 0 && c != '{')) {
                throw malformed();
            }
            inString = c == '"';
            depth += c == '{' || c == '[' ? 1 : 0;
            depth -= c == '}' || c == ']' ? 1 : 0;
            ended = depth == 0;
            if (depth > MAX_DEPTH) {
                throw ProblemException.of(
                        ProblemCode.INVALID, "The body is nested deeper than " + MAX_DEPTH + " levels");
            }
        }
        if (!ended) {
            throw malformed();
        }
    }

    private static ProblemException malformed() {
        return ProblemException.of(ProblemCode.INVALID, "The body is not a JSON object");
    }

    /** A member that must be there. */
    String text(String name, int most) {
        return optionalText(name, most).orElseThrow(() -> missing(name, List.of()));
    }

    /**
     * A member of 1 character or more.
     *
     * @param most how many at the most
     */
    Optional<String> optionalText(String name, int most) {
        Optional<Value> value = take(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (!(value.get() instanceof Value.Text(String text))) {
            throw wrongKind(name, value.get(), "text");
        }
        if (text.isEmpty() || text.codePointCount(0, text.length()) > most) {
            throw ProblemException.invalid(name, "must have 1 to " + most + " characters", List.of());
        }
        return Optional.of(text);
    }

    /**
     * A member that has the form of a name.
     *
     * @param form in words
     */
    Optional<String> optionalText(String name, Pattern pattern, String form) {
        Optional<String> text = optionalText(name, 1024);
        if (text.isPresent() && !pattern.matcher(text.get()).matches()) {
            throw ProblemException.invalid(name, "not possible: " + form, List.of());
        }
        return text;
    }

    /** A UUID. */
    Optional<UUID> optionalUuid(String name) {
        return optionalText(name, UUIDS, "a UUID, such as 6b4a6c57-3c2b-4f6e-9f0e-0d8f5d1f7a11")
                .map(text -> UUID.fromString(text.toLowerCase(Locale.ROOT)));
    }

    /** A whole number of a range. */
    OptionalLong optionalNumber(String name, long least, long most) {
        Optional<Value> value = take(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!(value.get() instanceof Value.Numeral(BigDecimal number))) {
            throw wrongKind(name, value.get(), "a number");
        }
        try {
            // GUEST: an exponent of millions is refused before anything of that size is made.
            long exact = number.longValueExact();
            if (exact >= least && exact <= most) {
                return OptionalLong.of(exact);
            }
        } catch (ArithmeticException e) {
            // Said below, with what is allowed.
        }
        throw ProblemException.invalid(name, "must be a whole number from " + least + " to " + most, List.of());
    }

    /** True or false. */
    Optional<Boolean> optionalTruth(String name) {
        return take(name).map(value -> {
            if (value instanceof Value.Truth(boolean truth)) {
                return truth;
            }
            throw wrongKind(name, value, "true or false");
        });
    }

    /** One of some words that must be there. */
    String oneOf(String name, List<String> words) {
        Optional<Value> value = take(name);
        if (value.isEmpty()) {
            throw missing(name, words);
        }
        if (!(value.get() instanceof Value.Text(String text))) {
            throw ProblemException.invalid(
                    name, "must be text, not " + value.get().kind(), words);
        }
        if (!words.contains(text)) {
            throw ProblemException.invalid(name, "no such value: " + Quoted.of(text), words);
        }
        return text;
    }

    /**
     * Refuses what has not been taken.
     *
     * @throws ProblemException with the first such member
     */
    void end() {
        members.keySet().stream()
                .filter(name -> !taken.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw ProblemException.invalid(Quoted.of(name), "no such member here", List.copyOf(taken.keySet()));
                });
    }

    private Optional<Value> take(String name) {
        Value value = members.get(name);
        taken.put(name, value == null ? new Value.Other("nothing") : value);
        return Optional.ofNullable(value);
    }

    private static ProblemException missing(String name, List<String> allowed) {
        return ProblemException.invalid(name, "is missing", allowed);
    }

    private static ProblemException wrongKind(String name, Value value, String wanted) {
        return ProblemException.invalid(name, "must be " + wanted + ", not " + value.kind(), List.of());
    }
}
