package dev.nacre.daemon.api;

import dev.nacre.daemon.api.json.ProblemJson;
import dev.nacre.daemon.host.ServiceException;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request cannot be answered as asked. The message is a sentence for the caller. */
final class ProblemException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final ProblemCode code;
    private final @Nullable String field;
    private final transient List<String> allowed;
    private final transient Map<String, String> headers;

    private ProblemException(
            ProblemCode code,
            String detail,
            @Nullable String field,
            List<String> allowed,
            Map<String, String> headers,
            @Nullable Throwable cause) {
        super(detail, cause, false, false);
        this.code = code;
        this.field = field;
        this.allowed = allowed;
        this.headers = headers;
    }

    /** One that needs no more than a sentence. */
    static ProblemException of(ProblemCode code, String detail) {
        return new ProblemException(code, detail, null, List.of(), Map.of(), null);
    }

    /** One that comes with a header. */
    static ProblemException of(ProblemCode code, String detail, String header, String value) {
        return new ProblemException(code, detail, null, List.of(), Map.of(header, value), null);
    }

    /** One that comes with what would be right. */
    static ProblemException of(ProblemCode code, String detail, List<String> allowed) {
        return new ProblemException(code, detail, null, allowed, Map.of(), null);
    }

    /**
     * A member or parameter is wrong.
     *
     * @param field its path
     * @param what is wrong with it
     * @param allowed what it can be, if that is few
     */
    static ProblemException invalid(String field, String what, List<String> allowed) {
        return new ProblemException(ProblemCode.INVALID, field + ": " + what, field, allowed, Map.of(), null);
    }

    /** The service refused it. */
    static ProblemException of(ServiceException refused) {
        ProblemCode code = switch (refused.error()) {
            case NOT_FOUND -> ProblemCode.NOT_FOUND;
            case INVALID -> ProblemCode.INVALID;
            case BUSY -> ProblemCode.BUSY;
            case EXHAUSTED -> ProblemCode.EXHAUSTED;
            case UNSUPPORTED -> ProblemCode.UNSUPPORTED;
            case FAILED -> ProblemCode.FAILED;
        };
        return new ProblemException(code, String.valueOf(refused.getMessage()), null, List.of(), Map.of(), refused);
    }

    ProblemCode code() {
        return code;
    }

    /** Headers that the answer has besides. */
    Map<String, String> headers() {
        return headers;
    }

    /** As the answer's body. */
    ProblemJson json(String requestId) {
        return new ProblemJson(
                ProblemJson.TYPE,
                code.title(),
                code.status(),
                String.valueOf(getMessage()),
                code.label(),
                requestId,
                field,
                allowed.isEmpty() ? null : allowed);
    }
}
