package dev.nacre.cli.client;

import dev.nacre.daemon.api.json.ProblemJson;
import java.io.IOException;
import java.util.List;

/** A daemon refused a request, and said why. */
public final class ProblemException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final int status;
    private final String[] allowed;

    ProblemException(ProblemJson problem) {
        super(problem.detail());
        this.code = problem.code();
        this.status = problem.status();
        this.allowed =
                problem.allowed() == null ? new String[0] : problem.allowed().toArray(String[]::new);
    }

    /** Its code, such as {@code not-found}. */
    public String code() {
        return code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Values that would have been right, if they are few. */
    public List<String> allowed() {
        return List.of(allowed);
    }
}
