package dev.nacre.daemon.api;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Has what the HTTP server itself refuses be a problem like any other. */
final class ProblemErrorHandler extends ErrorHandler {
    @Override
    public boolean errorPageForMethod(@Nullable String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        ProblemCode problem = ProblemCode.of(code);
        String detail = message == null || message.isEmpty() ? problem.title() : Quoted.of(message);
        AnswerWriter.write(request, response, callback, ProblemException.of(problem, detail));
    }
}
