package dev.nacre.testsupport.guest.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedLibrariesTest {
    @TempDir
    private Path folder;

    @Test
    void librariesOfLibrariesAreFoundOnceWithoutTheLoader() throws IOException {
        Path program = file("program", "liba.so", "libb.so");
        file("liba.so", "libc.so.6");
        file("libb.so", "libc.so.6", "liba.so");
        file("libc.so.6", "ld-linux-x86-64.so.2");

        assertThat(new SharedLibraries(List.of(folder)).closure(List.of(program)))
                .containsOnlyKeys("liba.so", "libb.so", "libc.so.6");
    }

    @Test
    void missingLibrariesAreNamed() throws IOException {
        Path program = file("program", "libx.so", "liby.so");

        assertThatThrownBy(() -> new SharedLibraries(List.of(folder)).closure(List.of(program)))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("libx.so, liby.so");
    }

    private Path file(String name, String... needed) throws IOException {
        return Files.write(folder.resolve(name), ElfFiles.needing(List.of(needed)));
    }
}
