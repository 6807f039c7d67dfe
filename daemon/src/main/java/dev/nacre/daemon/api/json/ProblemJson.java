package dev.nacre.daemon.api.json;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong: RFC 9457.
 *
 * @param type {@value #TYPE}
 * @param title the status in words
 * @param status the status
 * @param detail a sentence for people
 * @param code a word for programs
 * @param requestId as in the log
 * @param field the member or parameter that is wrong; null if it is none
 * @param allowed what it can be; null if that is not a few
 */
@Json
public record ProblemJson(
        String type,
        String title,
        int status,
        String detail,
        String code,
        String requestId,
        @Nullable String field,
        @Nullable List<String> allowed) {
    /** The type of all of them: {@code code} says more. */
    public static final String TYPE = "about:blank";
}
