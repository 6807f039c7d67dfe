package dev.nacre.testsupport.guest.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpioWriterTest {
    @Test
    void fileHasHeaderNameAndContentAtFourByteBoundaries() throws IOException {
        byte[] archive = archive(a -> a.file("init", "12345".getBytes(StandardCharsets.UTF_8), CpioWriter.EXECUTABLE));

        // 110 bytes of header and 5 of the name make 115, padded to 116; 5 of content, padded to 8.
        assertThat(text(archive, 0, 6)).isEqualTo("070701");
        assertThat(field(archive, 0, 1)).as("mode").isEqualTo(0100755);
        assertThat(field(archive, 0, 6)).as("content length").isEqualTo(5);
        assertThat(field(archive, 0, 11)).as("name length with its NUL").isEqualTo(5);
        assertThat(text(archive, 110, 5)).isEqualTo("init\0");
        assertThat(text(archive, 116, 5)).isEqualTo("12345");
        assertThat(text(archive, 124, 6)).isEqualTo("070701");
    }

    @Test
    void archiveEndsWithTrailer() throws IOException {
        byte[] archive = archive(a -> {});

        assertThat(text(archive, 110, 11)).isEqualTo("TRAILER!!!\0");
        assertThat(archive).hasSize(124);
    }

    @Test
    void foldersAboveAnEntryAppearOnceAndBeforeIt() throws IOException {
        byte[] archive = archive(a -> {
            a.file("lib/modules/a.ko", new byte[1], CpioWriter.PLAIN);
            a.file("lib/modules/b.ko", new byte[1], CpioWriter.PLAIN);
            a.folder("lib");
        });

        assertThat(names(archive))
                .containsExactly("lib", "lib/modules", "lib/modules/a.ko", "lib/modules/b.ko", "TRAILER!!!");
        assertThat(field(archive, 0, 1)).as("mode of a folder").isEqualTo(0040755);
    }

    @Test
    void linkHoldsItsTarget() throws IOException {
        byte[] archive = archive(a -> a.link("sh", "busybox"));

        assertThat(field(archive, 0, 1)).isEqualTo(0120777);
        assertThat(text(archive, 116, 7)).isEqualTo("busybox");
    }

    @Test
    void deviceHasItsNumbers() throws IOException {
        byte[] archive = archive(a -> a.characterDevice("console", 5, 1));

        assertThat(field(archive, 0, 1)).isEqualTo(0020600);
        assertThat(field(archive, 0, 9)).as("major").isEqualTo(5);
        assertThat(field(archive, 0, 10)).as("minor").isEqualTo(1);
    }

    @Test
    void inodesDiffer() throws IOException {
        byte[] archive = archive(a -> {
            a.file("a", new byte[0], CpioWriter.PLAIN);
            a.file("b", new byte[0], CpioWriter.PLAIN);
        });

        assertThat(field(archive, 0, 0)).isNotEqualTo(field(archive, 112, 0));
    }

    @Test
    void secondEntryOfTheSamePathIsRefused() {
        assertThatThrownBy(() -> archive(a -> {
                    a.link("x", "y");
                    a.file("x", new byte[0], CpioWriter.PLAIN);
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'x'");
    }

    @Test
    void absolutePathIsRefused() {
        assertThatThrownBy(() -> archive(a -> a.link("/x", "y"))).isInstanceOf(IllegalArgumentException.class);
    }

    private interface Filler {
        void fill(CpioWriter archive) throws IOException;
    }

    private static byte[] archive(Filler filler) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CpioWriter archive = new CpioWriter(bytes)) {
            filler.fill(archive);
        }
        return bytes.toByteArray();
    }

    /** The paths of an archive in order, its trailer included. */
    static List<String> names(byte[] archive) {
        List<String> names = new ArrayList<>();
        int at = 0;
        while (at < archive.length) {
            int nameLength = field(archive, at, 11);
            names.add(text(archive, at + 110, nameLength - 1));
            int content = (at + 110 + nameLength + 3) & ~3;
            at = (content + field(archive, at, 6) + 3) & ~3;
        }
        return names;
    }

    private static int field(byte[] archive, int at, int index) {
        return Integer.parseInt(text(archive, at + 6 + 8 * index, 8), 16);
    }

    private static String text(byte[] archive, int at, int length) {
        return new String(Arrays.copyOfRange(archive, at, at + length), StandardCharsets.UTF_8);
    }
}
