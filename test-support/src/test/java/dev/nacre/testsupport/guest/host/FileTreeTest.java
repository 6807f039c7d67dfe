package dev.nacre.testsupport.guest.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTreeTest {
    @TempDir
    private Path folder;

    @Test
    void deletingATreeLeavesWhatItsLinksPointTo() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Path file = Files.write(outside.resolve("file"), new byte[1]);
        Path tree = Files.createDirectories(folder.resolve("tree/below"));
        Files.createSymbolicLink(tree.resolve("link"), outside);

        FileTree.delete(folder.resolve("tree"));

        assertThat(folder.resolve("tree")).doesNotExist();
        assertThat(file).exists();
    }

    @Test
    void deletingWhatIsNotThereDoesNothing() throws IOException {
        FileTree.delete(folder.resolve("nothing"));

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void newestEntriesStay() throws IOException {
        entry("old", 1_000);
        entry("new", 3_000);
        entry("middle", 2_000);

        FileTree.keepNewest(folder, 2);

        assertThat(folder.resolve("old")).doesNotExist();
        assertThat(folder.resolve("middle")).exists();
        assertThat(folder.resolve("new")).exists();
    }

    private void entry(String name, long modifiedMs) throws IOException {
        Path entry = Files.createDirectory(folder.resolve(name));
        Files.write(entry.resolve("content"), new byte[1]);
        Files.setLastModifiedTime(entry, FileTime.fromMillis(modifiedMs));
    }
}
