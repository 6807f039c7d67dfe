package dev.nacre.daemon.api;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An answer as it came over the line.
 *
 * @param headers names in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record HttpAnswer(int status, Map<String, String> headers, byte[] body) {
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The type of the body, without parameters. */
    String type() {
        return headers.getOrDefault("content-type", "").replaceAll(";.*", "").strip();
    }

    /** The members of the body. */
    public Map<?, ?> json() {
        return (Map<?, ?>) Yaml.parse(text());
    }

    /**
     * Reads one.
     *
     * @param bodyless whether the request's method has no body in answers
     */
    static HttpAnswer read(InputStream in, boolean bodyless) throws IOException {
        HttpAnswer head = readHead(in);
        if (bodyless || head.status < 200 || head.status == 204 || head.status == 304) {
            return head;
        }
        if (head.header("transfer-encoding").isPresent()) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (byte[] chunk = readChunk(in); chunk.length > 0; chunk = readChunk(in)) {
                body.write(chunk);
            }
            return new HttpAnswer(head.status, head.headers, body.toByteArray());
        }
        int length = head.header("content-length").map(Integer::parseInt).orElse(-1);
        return new HttpAnswer(head.status, head.headers, length < 0 ? in.readAllBytes() : in.readNBytes(length));
    }

    /** Reads the part before the body. */
    static HttpAnswer readHead(InputStream in) throws IOException {
        String status = line(in);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new HttpAnswer(Integer.parseInt(status.split(" ")[1]), headers, new byte[0]);
    }

    /** Reads a chunk of a body; an empty one is the last. The end of its line may come only with the next one. */
    static byte[] readChunk(InputStream in) throws IOException {
        String size = line(in);
        byte[] chunk = in.readNBytes(Integer.parseInt((size.isEmpty() ? line(in) : size).strip(), 16));
        if (chunk.length == 0) {
            line(in);
        }
        return chunk;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The connection ended after: " + line);
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
