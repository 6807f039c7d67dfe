package dev.nacre.cli;

import dev.nacre.cli.client.ApiTarget;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which daemon is meant. They stand before the command or behind it; the latter win. */
final class ApiOptions {
    static final String HOST_VARIABLE = "NACRE_HOST";
    static final String TOKEN_VARIABLE = "NACRE_TOKEN_FILE";

    @Option(
            names = "--host",
            paramLabel = "WHERE",
            description = "the daemon: unix:PATH or https://HOST:PORT (default: " + HOST_VARIABLE
                    + ", else your own daemon's socket, else the system's, unix:/run/nacre/nacred.sock)")
    private Optional<String> host = Optional.empty();

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "a file with the token that https wants (default: " + TOKEN_VARIABLE + ")")
    private Optional<Path> tokenFile = Optional.empty();

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "certificates in PEM that https is to trust, instead of the JDK's")
    private Optional<Path> caFile = Optional.empty();

    /**
     * The daemon.
     *
     * @param before what stood before the command
     * @param environment what it says where the options say nothing
     * @throws CommandException if that is none
     */
    ApiTarget target(ApiOptions before, Map<String, String> environment) {
        Optional<Path> token = tokenFile
                .or(() -> before.tokenFile)
                .or(() -> variable(environment, TOKEN_VARIABLE).map(Path::of));
        Optional<String> where = where(before, environment);
        try {
            return where.map(text -> ApiTarget.parse(text, token, caFile.or(() -> before.caFile)))
                    .orElseGet(() -> new ApiTarget.Unix(ApiTarget.defaultSocket(environment)));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--host " + e.getMessage());
        }
    }

    /** Whether a daemon is named at all. */
    boolean isNamed(ApiOptions before, Map<String, String> environment) {
        return where(before, environment).isPresent();
    }

    private Optional<String> where(ApiOptions before, Map<String, String> environment) {
        return host.or(() -> before.host).or(() -> variable(environment, HOST_VARIABLE));
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(text -> !text.isEmpty());
    }
}
