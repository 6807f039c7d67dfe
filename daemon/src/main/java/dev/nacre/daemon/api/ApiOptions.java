package dev.nacre.daemon.api;

import dev.nacre.linux.SocketOwner;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the API listens.
 *
 * @param unix its UNIX socket
 * @param tcp its TCP listener; empty for none
 */
public record ApiOptions(Unix unix, Optional<Tcp> tcp) {
    /**
     * A UNIX socket.
     *
     * @param path where; what nobody listens on any more is replaced
     * @param mode permission bits, 0 to 0777
     * @param owner to whom it belongs
     */
    public record Unix(Path path, int mode, SocketOwner owner) {}

    /**
     * A TCP listener with TLS and a token.
     *
     * @param address where; port 0 for any
     * @param certificate a file with its certificate and those that it was signed by, in PEM
     * @param key a file with its key, in PEM (PKCS#8), that others cannot read
     * @param tokenFile a file with the token, that others cannot read
     */
    public record Tcp(InetSocketAddress address, Path certificate, Path key, Path tokenFile) {}
}
