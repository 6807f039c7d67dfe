package dev.nacre.daemon.api;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Guards a TCP listener. A browser that another site has led here names that site as {@code Origin}, or, by a name of that
 * site that leads to this address, as {@code Host}.
 */
final class TcpGuard implements Guard {
    private static final String BEARER = "bearer ";
    private static final String BEARER_PROTOCOL = "bearer.";

    private final Set<String> hosts;
    private final BearerToken token;

    /**
     * Makes it.
     *
     * @param hosts names and addresses of this listener, lower case
     */
    TcpGuard(Set<String> hosts, BearerToken token) {
        this.hosts = Set.copyOf(hosts);
        this.token = token;
    }

    @Override
    public void requireSite(Request request) {
        String host = request.getHttpURI().getHost();
        if (host == null || !isOurs(bare(host))) {
            throw ProblemException.of(
                    ProblemCode.FORBIDDEN,
                    "The certificate does not name this host: " + Quoted.of(String.valueOf(host)));
        }
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && !origin.toLowerCase(Locale.ROOT).equals("https://" + authority(request))) {
            throw ProblemException.of(
                    ProblemCode.FORBIDDEN, "Requests of other sites are refused: " + Quoted.of(origin));
        }
    }

    private boolean isOurs(String host) {
        int dot = host.indexOf('.');
        return hosts.contains(host) || (dot > 0 && hosts.contains("*" + host.substring(dot)));
    }

    private static String authority(Request request) {
        String host = request.getHttpURI().getHost().toLowerCase(Locale.ROOT);
        int port = request.getHttpURI().getPort();
        return port <= 0 || port == 443 ? host : host + ":" + port;
    }

    private static String bare(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        try {
            return lower.startsWith("[") ? InetAddress.ofLiteral(lower).getHostAddress() : lower;
        } catch (IllegalArgumentException e) {
            return lower;
        }
    }

    @Override
    public void requireToken(Request request) {
        Optional<String> given = authorization(request.getHeaders().get(HttpHeader.AUTHORIZATION));
        if (given.isEmpty() && request.getHeaders().contains(HttpHeader.SEC_WEBSOCKET_KEY)) {
            given = request.getHeaders().getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, false).stream()
                    .filter(protocol -> protocol.startsWith(BEARER_PROTOCOL))
                    .findFirst()
                    .flatMap(TcpGuard::decoded);
        }
        if (given.isEmpty() || !token.is(given.get())) {
            throw ProblemException.of(
                    ProblemCode.UNAUTHORIZED,
                    given.isEmpty() ? "A bearer token is needed" : "The bearer token is wrong",
                    "WWW-Authenticate",
                    "Bearer");
        }
    }

    private static Optional<String> authorization(@Nullable String header) {
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(header.substring(BEARER.length()).strip())
                : Optional.empty();
    }

    private static Optional<String> decoded(String protocol) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(protocol.substring(BEARER_PROTOCOL.length()));
            return Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
