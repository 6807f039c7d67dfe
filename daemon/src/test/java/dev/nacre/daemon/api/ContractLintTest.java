package dev.nacre.daemon.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code openapi.yaml} passes the linter, where there is Node.js and a registry or cache that npm gets it from. */
class ContractLintTest {
    private static final String LINTER = "@redocly/cli@2.77.0";

    // TIMEOUT: the first time, npm fetches some hundred packages.
    private static final int SECONDS = 240;

    @TempDir
    private Path folder;

    @Test
    void contract_linted_hasNothingToSayAgainst() throws Exception {
        boolean npm =
                Arrays.stream(System.getenv("PATH").split(":")).anyMatch(it -> Files.isExecutable(Path.of(it, "npx")));
        assumeTrue(npm, "No npx on the PATH: openapi.yaml is linted where there is Node.js");
        Path contract = folder.resolve("openapi.yaml");
        try (InputStream in = Objects.requireNonNull(Contract.class.getResourceAsStream("openapi.yaml"))) {
            Files.copy(in, contract);
        }
        Path output = folder.resolve("output");

        ProcessBuilder builder = new ProcessBuilder(
                        "npx", "--yes", LINTER, "lint", "--format=stylish", contract.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("REDOCLY_TELEMETRY", "off");
        Process linter = builder.start();
        boolean ended = linter.waitFor(SECONDS, TimeUnit.SECONDS);
        linter.destroyForcibly();

        String said = Files.readString(output, StandardCharsets.UTF_8);
        assumeTrue(ended && said.contains("validating "), () -> "npx could not fetch " + LINTER + ": " + said);
        assertThat(said).contains("Your API description is valid").doesNotContain("You have ");
    }
}
