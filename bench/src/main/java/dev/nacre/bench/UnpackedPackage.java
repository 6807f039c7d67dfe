package dev.nacre.bench;

import dev.nacre.testsupport.guest.host.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A package, unpacked into a folder that goes when it is closed. */
final class UnpackedPackage implements AutoCloseable {
    // TIMEOUT: some seconds on a busy machine.
    private static final int UNPACK_SECONDS = 60;

    private final Path folder;

    private UnpackedPackage(Path folder) {
        this.folder = folder;
    }

    /** Unpacks a tar.gz. */
    static UnpackedPackage of(Path archive) throws IOException, InterruptedException {
        UnpackedPackage unpacked = new UnpackedPackage(Files.createTempDirectory("nacre-bench"));
        Process tar = new ProcessBuilder(
                        "tar",
                        "--extract",
                        "--strip-components=1",
                        "--file",
                        archive.toString(),
                        "--directory",
                        unpacked.folder.toString())
                .inheritIO()
                .start();
        if (!tar.waitFor(UNPACK_SECONDS, TimeUnit.SECONDS) || tar.exitValue() != 0) {
            tar.destroyForcibly();
            unpacked.close();
            throw new IOException("Not unpacked: " + archive);
        }
        return unpacked;
    }

    /** Where {@code nacre} and {@code nacred} are. */
    Path bin() {
        return folder.resolve("bin");
    }

    @Override
    public void close() {
        try {
            FileTree.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
