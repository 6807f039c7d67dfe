package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The extension cannot be registered for all classes of a named module at once, so that none may forget it. */
@ExtendWith(LeavesNothing.class)
class LeavesNothingTest {
    @Test
    void everyTestClassIsChecked() throws IOException, URISyntaxException {
        Path folder = Path.of(Objects.requireNonNull(LeavesNothingTest.class.getResource("LeavesNothingTest.class"))
                        .toURI())
                .getParent();
        List<String> unchecked;
        try (Stream<Path> files = Files.list(folder)) {
            unchecked = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Test.class") && !name.contains("$"))
                    .map(name -> name.replace(".class", ""))
                    .filter(name -> !isChecked(name))
                    .toList();
        }

        assertThat(unchecked)
                .as("test classes without @ExtendWith(LeavesNothing.class)")
                .isEmpty();
    }

    private static boolean isChecked(String name) {
        try {
            ExtendWith extensions = Class.forName("dev.nacre.vfiouser." + name).getAnnotation(ExtendWith.class);
            return extensions != null && Arrays.asList(extensions.value()).contains(LeavesNothing.class);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
