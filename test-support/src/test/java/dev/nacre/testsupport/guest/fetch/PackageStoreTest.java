package dev.nacre.testsupport.guest.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.testsupport.guest.fetch.PackageSet.Closure;
import dev.nacre.testsupport.guest.fetch.PackageSet.Component;
import dev.nacre.testsupport.guest.fetch.PackageSet.Suite;
import dev.nacre.testsupport.guest.host.HostPrograms;
import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageStoreTest {
    private static final PackageSet SET =
            new PackageSet("tools", Suite.STABLE, List.of("tcc"), new Closure.None(), Component.MAIN);

    @TempDir
    private Path folder;

    @Test
    void rootOfTheCurrentVersionIsFoundWithItsPackages() throws IOException {
        Path version = folder.resolve("tools/versions/0123");
        Files.createDirectories(version.resolve("root"));
        Files.writeString(version.resolve("packages"), "tcc 0.9\n");
        Files.writeString(folder.resolve("tools/current"), "0123\n");
        PackageStore store = new PackageStore(folder, HostPrograms.INSTALLED);

        assertThat(store.root(SET)).contains(version.resolve("root"));
        assertThat(store.packagesOf(version.resolve("root"))).containsExactly("tcc 0.9");
    }

    @Test
    void setThatWasNeverFetchedHasNoRoot() {
        assertThat(new PackageStore(folder, HostPrograms.INSTALLED).root(SET)).isEmpty();
    }

    @Test
    void versionThatIsGoneHasNoRoot() throws IOException {
        Files.createDirectories(folder.resolve("tools"));
        Files.writeString(folder.resolve("tools/current"), "0123\n");

        assertThat(new PackageStore(folder, HostPrograms.INSTALLED).root(SET)).isEmpty();
    }

    @Test
    void setThatIsThereIsNotFetchedAgain() throws IOException {
        Files.createDirectories(folder.resolve("tools/versions/0123/root"));
        Files.writeString(folder.resolve("tools/current"), "0123\n");
        DebianSource nowhere = new DebianSource("file:/nonexistent", Optional.empty());

        new PackageStore(folder, HostPrograms.INSTALLED)
                .fetch(List.of(SET), false, nowhere, Path.of("/nonexistent.gpg"), (what, done, total) -> {
                    throw new AssertionError("Nothing to do, but: " + what);
                });

        assertThat(folder.resolve("apt")).doesNotExist();
    }

    @Test
    void folderThatCannotBeWrittenIsNamed() {
        Path file = Path.of("/dev/null/cache");
        DebianSource nowhere = new DebianSource("file:/nonexistent", Optional.empty());

        assertThatThrownBy(() -> new PackageStore(file, HostPrograms.INSTALLED)
                        .fetch(List.of(SET), false, nowhere, Path.of("/nonexistent.gpg"), Progress.SILENT))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("/dev/null/cache");
    }
}
