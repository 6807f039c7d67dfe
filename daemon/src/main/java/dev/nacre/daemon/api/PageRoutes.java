package dev.nacre.daemon.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;

/** The page for browsers: files among this module's resources. They are public; what the page shows is not. */
final class PageRoutes implements Route.Resource {
    /** Where they are. */
    private static final String FOLDER = "/dev/nacre/daemon/web/";

    private static final String INDEX = "index.html";
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}");

    /** The types of files by the end of their names; a file of another type is not served. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("woff2", "font/woff2"),
            Map.entry("txt", "text/plain; charset=utf-8"));

    /** Scripts, styles and connections of this server only; noVNC draws pointers as data and thumbnails are blobs. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' blob: data:; font-src 'self'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'";

    /**
     * A file.
     *
     * @param etag tells its contents from others
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Served(String type, byte[] bytes, String etag) {}

    private final Map<String, Served> files = new ConcurrentHashMap<>();

    @Override
    public List<Route> routes() {
        return List.of(
                Route.getOpen("page", "/", Route.ANY, exchange -> file(exchange, INDEX)),
                Route.getOpen(
                        "pageFile", "/web/{file...}", Route.ANY, exchange -> file(exchange, exchange.path("file"))));
    }

    private Answer file(Exchange exchange, String name) {
        Served file = find(name)
                .orElseThrow(() -> ProblemException.of(ProblemCode.NOT_FOUND, "No such file: " + Quoted.of(name)));
        Map<String, String> headers =
                Map.of("ETag", file.etag, "Cache-Control", "no-cache", "Content-Security-Policy", POLICY);
        boolean known = exchange.header(HttpHeader.IF_NONE_MATCH)
                .filter(tags -> Arrays.asList(tags.split("\\s*,\\s*")).contains(file.etag))
                .isPresent();
        return known ? new Answer.Empty(304, headers) : new Answer.Whole(200, file.type, file.bytes, headers);
    }

    private Optional<Served> find(String name) {
        Served known = files.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null || !FORM.matcher(name).matches() || name.contains("..") || name.contains("//")) {
            return Optional.empty();
        }
        try (InputStream in = PageRoutes.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            Served file = new Served(type, bytes, etag(bytes));
            files.put(name, file);
            return Optional.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
