package dev.nacre.daemon.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Writes answers, with the headers that all of them have. */
final class AnswerWriter {
    /** The type of a problem. */
    static final String PROBLEM = "application/problem+json";

    /** For what is not a page: nothing may be done with it but read it. */
    private static final String NO_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";

    private static final HttpField[] ALWAYS = {
        new HttpField("X-Content-Type-Options", "nosniff"),
        new HttpField("X-Frame-Options", "DENY"),
        new HttpField("Referrer-Policy", "no-referrer"),
        new HttpField("Cross-Origin-Resource-Policy", "same-origin"),
        new HttpField("Cross-Origin-Opener-Policy", "same-origin"),
        new HttpField(HttpHeader.CACHE_CONTROL, "no-store"),
        new HttpField("Content-Security-Policy", NO_CONTENT_POLICY),
    };

    private AnswerWriter() {}

    /** Sets the headers that all answers have; an answer's own replace them. */
    static void prepare(Request request, Response response) {
        HttpFields.Mutable headers = response.getHeaders();
        for (HttpField field : ALWAYS) {
            headers.put(field);
        }
        headers.put(RequestId.HEADER, RequestId.of(request));
    }

    /** Writes an answer and completes the request. */
    static void write(Request request, Response response, Callback callback, Answer answer)
            throws InterruptedException {
        switch (answer) {
            case Answer.Whole(int status, String type, byte[] body, Map<String, String> headers) -> {
                response.setStatus(status);
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
                headers.forEach(response.getHeaders()::put);
                response.write(true, ByteBuffer.wrap(body), callback);
            }
            case Answer.Empty(int status, Map<String, String> headers) -> {
                response.setStatus(status);
                headers.forEach(response.getHeaders()::put);
                response.write(true, null, callback);
            }
            case Answer.Stream(String type, Answer.Body body) -> {
                try (body) {
                    response.setStatus(200);
                    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
                    stream(request, response, callback, body);
                }
            }
            case Answer.Upgraded() -> {}
        }
    }

    private static void stream(Request request, Response response, Callback callback, Answer.Body body)
            throws InterruptedException {
        if (request.getMethod().equals("HEAD")) {
            response.write(true, null, callback);
            return;
        }
        try {
            body.write(Content.Sink.asOutputStream(response));
            response.write(true, null, callback);
        } catch (IOException e) {
            callback.failed(e);
        }
    }

    /** Writes a problem and completes the request. */
    static void write(Request request, Response response, Callback callback, ProblemException problem) {
        if (response.isCommitted()) {
            callback.failed(problem);
            return;
        }
        prepare(request, response);
        response.setStatus(problem.code().status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, PROBLEM);
        problem.headers().forEach(response.getHeaders()::put);
        byte[] body = Json.bytes(problem.json(RequestId.of(request)));
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
