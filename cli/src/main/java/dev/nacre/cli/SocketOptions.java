package dev.nacre.cli;

import dev.nacre.linux.SocketOwner;
import dev.nacre.linux.UnixSocket;
import dev.nacre.vfiouser.ReconnectPolicy;
import dev.nacre.vfiouser.VfioUserServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say how VMMs reach a board. */
final class SocketOptions {
    static final String DEFAULT_SOCKET = "nacre.sock";

    @Option(
            names = "--socket",
            paramLabel = "PATH",
            defaultValue = DEFAULT_SOCKET,
            description = "where to listen, 107 bytes at most; a socket that nobody listens on any more is replaced,"
                    + " anything else there is left alone (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path path;

    @Option(
            names = "--socket-mode",
            paramLabel = "OCTAL",
            defaultValue = "600",
            description = "who may connect: the socket's permission bits (default: ${DEFAULT-VALUE}, the owner)")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String mode;

    @Option(
            names = "--socket-owner",
            paramLabel = "USER:GROUP",
            description = "to whom the socket is to belong, by names or numbers; either may be left out")
    private Optional<String> owner = Optional.empty();

    @Option(
            names = "--fd",
            paramLabel = "N",
            description =
                    "use this inherited socket, which listens or is connected, instead of making one; --socket then"
                            + " only says where it is")
    private Optional<Integer> fd = Optional.empty();

    @Option(
            names = "--on-reconnect",
            paramLabel = "POLICY",
            defaultValue = "reset",
            description = "what a later VMM finds: the board reset, or kept as the one before left it: reset, keep"
                    + " (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private ReconnectPolicy onReconnect;

    @Option(
            names = "--spin-us",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "look for the VMM's next message for so many microseconds before waiting for it, which takes a"
                            + " processor of its own (default: ${DEFAULT-VALUE})")
    private int spinUs;

    /** Where the socket is. */
    Path path() {
        return path;
    }

    /** What a later VMM finds. */
    ReconnectPolicy onReconnect() {
        return onReconnect;
    }

    /**
     * Has a server be reached as asked.
     *
     * @throws CommandException if the options make no sense
     */
    void applyTo(VfioUserServer.Builder server) {
        server.onReconnect(onReconnect);
        try {
            server.spin(Duration.of(spinUs, ChronoUnit.MICROS));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--spin-us " + spinUs + " is not possible: 0 to 1000000");
        }
        if (fd.isPresent()) {
            server.fd(fd.get());
            return;
        }
        server.socketPath(path).socketMode(modeBits());
        owner.ifPresent(text -> server.socketOwner(socketOwner(text)));
    }

    /** Says that a server could not be reached as asked. */
    CommandException unusable(RuntimeException cause) {
        return fd.isPresent()
                ? new CommandException(
                        ExitCode.USAGE,
                        "--fd " + fd.get() + " is not a UNIX stream socket that was inherited: " + cause.getMessage())
                : new CommandException(
                        ExitCode.ENVIRONMENT,
                        "Cannot listen at " + path + ": " + cause.getMessage() + "; try --socket PATH");
    }

    private int modeBits() {
        try {
            return UnixSocket.parseMode(mode);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--socket-mode " + e.getMessage());
        }
    }

    private static SocketOwner socketOwner(String text) {
        try {
            return SocketOwner.parse(text);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--socket-owner " + text + ": " + e.getMessage());
        }
    }
}
