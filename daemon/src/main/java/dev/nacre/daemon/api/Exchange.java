package dev.nacre.daemon.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** One request, with what its path and query say. */
final class Exchange {
    /** The form of names of boards and virtual GPUs. */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");

    /** The form of names in words. */
    static final String NAME_FORM = "up to 32 letters, digits, '.', '_' and '-', the first a letter or a digit";

    private final Request request;
    private final Response response;
    private final Callback callback;
    private final Map<String, String> path;
    private final Map<String, String> query;

    /**
     * Makes it.
     *
     * @param path parameters of the path
     * @throws ProblemException if the query has a parameter twice, or cannot be read
     */
    Exchange(Request request, Response response, Callback callback, Map<String, String> path) {
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.path = path;
        this.query = query(request);
    }

    private static Map<String, String> query(Request request) {
        Fields fields;
        try {
            fields = Request.extractQueryParameters(request);
        } catch (RuntimeException e) {
            // GUEST: whatever the parser makes of a hostile query, the query is at fault.
            throw ProblemException.of(ProblemCode.INVALID, "The query cannot be read");
        }
        Map<String, String> query = new HashMap<>();
        for (Fields.Field field : fields) {
            if (field.getValues().size() != 1) {
                throw ProblemException.invalid(Quoted.of(field.getName()), "given twice", List.of());
            }
            query.put(field.getName(), field.getValue());
        }
        return query;
    }

    Request request() {
        return request;
    }

    Response response() {
        return response;
    }

    /** Completes the request; only for who takes the connection over. */
    Callback callback() {
        return callback;
    }

    /** A parameter of the path. */
    String path(String name) {
        return path.getOrDefault(name, "");
    }

    /**
     * A head's number in the path.
     *
     * @throws ProblemException if it is none
     */
    int head() {
        String text = path("head");
        if (!text.matches("[0-3]")) {
            throw ProblemException.of(ProblemCode.NOT_FOUND, "No such head: " + Quoted.of(text));
        }
        return Integer.parseInt(text);
    }

    /** Refuses parameters of the query that are not among these. */
    void allowQuery(String... names) {
        List<String> allowed = List.of(names);
        for (String name : new ArrayList<>(query.keySet())) {
            if (!allowed.contains(name)) {
                throw ProblemException.invalid(Quoted.of(name), "no such parameter here", allowed);
            }
        }
    }

    /** A name in the query. */
    Optional<String> queryName(String name) {
        String text = query.get(name);
        if (text != null && !NAME.matcher(text).matches()) {
            throw ProblemException.invalid(name, "not possible: " + NAME_FORM, List.of());
        }
        return Optional.ofNullable(text);
    }

    /** One of some words in the query. */
    String queryWord(String name, List<String> words, String unless) {
        String text = query.getOrDefault(name, unless);
        if (!words.contains(text)) {
            throw ProblemException.invalid(name, "no such value: " + Quoted.of(text), words);
        }
        return text;
    }

    /** A truth value in the query. */
    boolean queryTruth(String name) {
        return queryWord(name, List.of("true", "false"), "false").equals("true");
    }

    /** A number in the query. */
    OptionalInt queryNumber(String name, int least, int most) {
        String text = query.get(name);
        if (text == null) {
            return OptionalInt.empty();
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return OptionalInt.of(number);
            }
        } catch (NumberFormatException e) {
            // Said below, with what is allowed.
        }
        throw ProblemException.invalid(name, "must be a whole number from " + least + " to " + most, List.of());
    }

    /** A header. */
    Optional<String> header(HttpHeader header) {
        return Optional.ofNullable(request.getHeaders().get(header));
    }
}
