package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SeedsTest {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final Path WRITTEN = Path.of("target/seeds");

    @Test
    void committedSeedsAreThoseOfTheGenerator() throws IOException {
        boolean same = true;
        for (Map.Entry<String, byte[]> seed : Seeds.all().entrySet()) {
            Path written = WRITTEN.resolve(seed.getKey());
            Files.createDirectories(written.getParent());
            Files.write(written, seed.getValue());
            Path committed = RESOURCES.resolve(seed.getKey());
            same &= Files.exists(committed) && Arrays.equals(Files.readAllBytes(committed), seed.getValue());
        }

        assertThat(same)
                .as("the seeds in " + RESOURCES + "; if Seeds was changed on purpose, copy " + WRITTEN + " over it")
                .isTrue();
    }
}
