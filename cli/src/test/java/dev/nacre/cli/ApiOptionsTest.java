package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.cli.client.ApiTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ApiOptionsTest {
    @TempDir
    private Path folder;

    @Test
    void systemsSocketIsMeantWhenNothingIsSaid() {
        assertThat(target(Map.of())).isEqualTo(new ApiTarget.Unix(Path.of("/run/nacre/nacred.sock")));
        assertThat(target(Map.of("XDG_RUNTIME_DIR", folder.toString())))
                .isEqualTo(new ApiTarget.Unix(Path.of("/run/nacre/nacred.sock")));
    }

    @Test
    void usersOwnDaemonComesFirst() throws IOException {
        Path socket = folder.resolve("nacre/nacred.sock");
        Files.createDirectory(socket.getParent());
        Files.createFile(socket);

        assertThat(target(Map.of("XDG_RUNTIME_DIR", folder.toString()))).isEqualTo(new ApiTarget.Unix(socket));
    }

    @Test
    void environmentNamesADaemonAndOptionsAnother() {
        Map<String, String> environment = Map.of("NACRE_HOST", "https://far:7", "NACRE_TOKEN_FILE", "t");

        assertThat(target(environment))
                .isEqualTo(new ApiTarget.Https("far", 7, Optional.of(Path.of("t")), Optional.empty()));
        assertThat(target(environment, "--host", "unix:x")).isEqualTo(new ApiTarget.Unix(Path.of("x")));
        assertThat(target(environment, "--token-file", "u", "--ca-file", "c"))
                .isEqualTo(new ApiTarget.Https("far", 7, Optional.of(Path.of("u")), Optional.of(Path.of("c"))));
    }

    @Test
    void whatStandsBehindTheCommandWins() {
        ApiOptions before = parse("--host", "unix:before", "--token-file", "t");

        assertThat(parse("--host", "unix:behind").target(before, Map.of())).hasToString("unix:behind");
        assertThat(parse().target(before, Map.of("NACRE_HOST", "unix:variable")))
                .hasToString("unix:before");
    }

    @Test
    void portMayBeLeftOutAndAnAddressMayBeLong() {
        assertThat(target(Map.of(), "--host", "https://far")).hasToString("https://far:8443");
        assertThat(target(Map.of(), "--host", "https://[::1]:9"))
                .isEqualTo(new ApiTarget.Https("::1", 9, Optional.empty(), Optional.empty()))
                .hasToString("https://[::1]:9");
    }

    private static ApiTarget target(Map<String, String> environment, String... args) {
        return parse(args).target(new ApiOptions(), environment);
    }

    private static ApiOptions parse(String... args) {
        ApiOptions options = new ApiOptions();
        new CommandLine(options).parseArgs(args);
        return options;
    }
}
