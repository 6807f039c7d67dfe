package dev.nacre.daemon.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.NanoTime;
import org.jspecify.annotations.Nullable;

/** Reads a request's body, no further than allowed. */
final class BodyReader {
    // TIMEOUT: 64 KiB take no longer than this over any line that is worth having; an idle one ends sooner.
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private static final String JSON = "application/json";

    private BodyReader() {}

    /**
     * Reads a JSON object.
     *
     * @throws ProblemException if it is none, too large, or too slow
     */
    static RequestBody read(Request request) {
        String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
        if (!isJson(type)) {
            throw ProblemException.of(
                    ProblemCode.MEDIA_TYPE,
                    "The body must be " + JSON + (type == null ? "" : ", not " + Quoted.of(type)),
                    List.of(JSON));
        }
        return RequestBody.parse(bytes(request));
    }

    /**
     * Reads what should not be there.
     *
     * @throws ProblemException if there is more than an empty object
     */
    static void requireNone(Request request) {
        byte[] body = bytes(request);
        if (body.length > 0) {
            RequestBody.parse(body).end();
        }
    }

    private static boolean isJson(@Nullable String type) {
        if (type == null) {
            return false;
        }
        int parameters = type.indexOf(';');
        String bare = parameters < 0 ? type : type.substring(0, parameters);
        return bare.strip().toLowerCase(Locale.ROOT).equals(JSON);
    }

    private static byte[] bytes(Request request) {
        if (request.getLength() > RequestBody.MAX_BYTES) {
            throw tooLarge();
        }
        long beginNs = NanoTime.now();
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        try {
            InputStream in = Content.Source.asInputStream(request);
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                body.write(piece, 0, n);
                if (body.size() > RequestBody.MAX_BYTES) {
                    throw tooLarge();
                }
                if (NanoTime.since(beginNs) > PATIENCE_NS) {
                    throw slow();
                }
            }
        } catch (IOException e) {
            throw slow();
        }
        return body.toByteArray();
    }

    private static ProblemException tooLarge() {
        return ProblemException.of(
                ProblemCode.TOO_LARGE,
                "The body is larger than " + RequestBody.MAX_BYTES + " bytes",
                "Connection",
                "close");
    }

    private static ProblemException slow() {
        return ProblemException.of(ProblemCode.SLOW, "The body did not come", "Connection", "close");
    }
}
