package dev.nacre.testsupport.guest.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whole folders. */
public final class FileTree {
    private FileTree() {}

    /**
     * Deletes a folder and everything below it; one that is not there is deleted already. Links are not followed.
     *
     * @param tree the folder
     * @throws IOException if something in it cannot be deleted
     */
    public static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(tree)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path p : paths) {
            Files.delete(p);
        }
    }

    /**
     * Deletes all but the newest entries of a folder.
     *
     * @param folder the folder
     * @param kept how many stay
     * @throws IOException if something cannot be deleted
     */
    public static void keepNewest(Path folder, int kept) throws IOException {
        List<Path> entries;
        try (Stream<Path> list = Files.list(folder)) {
            entries = list.sorted(
                            Comparator.comparingLong((Path p) -> p.toFile().lastModified())
                                    .reversed())
                    .toList();
        }
        for (Path old : entries.stream().skip(kept).toList()) {
            delete(old);
        }
    }
}
