package dev.nacre.testsupport.guest.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.testsupport.guest.fetch.DebianSource.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianSourceTest {
    private static final String KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg";

    @TempDir
    private Path apt;

    @Test
    void oneLineEntryIsReadWithAndWithoutOptions() {
        List<Entry> entries = DebianSource.oneLineEntries("""
                # a comment
                deb http://one.example/debian/ trixie main contrib   # trailing comment
                deb-src http://one.example/debian trixie main
                deb [arch=amd64 signed-by=%s] http://two.example/d bookworm main
                """.formatted(KEYRING));

        assertThat(entries)
                .containsExactly(
                        new Entry("http://one.example/debian/", "trixie", List.of("main", "contrib"), Optional.empty()),
                        new Entry("http://two.example/d", "bookworm", List.of("main"), Optional.of(KEYRING)));
    }

    @Test
    void stanzaGivesAnEntryForEachAddressAndSuite() {
        List<Entry> entries = DebianSource.stanzaEntries("""
                # a comment
                Types: deb deb-src
                URIs: http://one.example/debian
                Suites: trixie
                 trixie-updates
                Components: main
                Signed-By: %s

                Types: deb-src
                URIs: http://sources.example/debian
                Suites: trixie
                Components: main

                Enabled: no
                Types: deb
                URIs: http://off.example/debian
                Suites: trixie
                Components: main
                """.formatted(KEYRING));

        assertThat(entries)
                .containsExactly(
                        new Entry("http://one.example/debian", "trixie", List.of("main"), Optional.of(KEYRING)),
                        new Entry(
                                "http://one.example/debian", "trixie-updates", List.of("main"), Optional.of(KEYRING)));
    }

    @Test
    void archiveIsFoundAmongSecurityUpdatesAndOthersRepositories() throws IOException {
        list("sources.list.d/a.list", "deb https://other.example/linux/debian bookworm stable");
        list("sources.list.d/b.list", "deb https://other.example/tools tools-bookworm main");
        list("sources.list.d/c.list", "deb http://mirror.example/debian-security bookworm-security main");
        list("sources.list.d/d.list", "deb http://mirror.example/debian/ bookworm-updates main");

        assertThat(DebianSource.find(apt)).contains(new DebianSource("http://mirror.example/debian", Optional.empty()));
    }

    @Test
    void archiveOfAnotherNameIsKnownByItsKeyring() throws IOException {
        list("sources.list.d/debian.sources", """
                Types: deb
                URIs: mirror+file:/etc/apt/mirrors/debian.list
                Suites: trixie
                Components: main
                Signed-By: %s
                """.formatted(KEYRING));

        assertThat(DebianSource.find(apt))
                .contains(new DebianSource("mirror+file:/etc/apt/mirrors/debian.list", Optional.of(Path.of(KEYRING))));
    }

    @Test
    void keyGivenInlineIsNotTakenForAPath() {
        List<Entry> entries = DebianSource.stanzaEntries("""
                Types: deb
                URIs: http://one.example/debian
                Suites: trixie
                Components: main
                Signed-By:
                 -----BEGIN PGP PUBLIC KEY BLOCK-----
                 .
                 mDMEY865UxYJKwYBBAHaRw8BAQdAd7Z0srwuhlB6JKFkcf4HU4SSS/xcRfwEQWzr
                """);

        assertThat(entries.getFirst().source().signedBy()).isEmpty();
    }

    @Test
    void hostWithoutDebianArchiveHasNone() throws IOException {
        list("sources.list", "deb http://archive.example/ubuntu noble main universe");

        assertThat(DebianSource.find(apt)).isEmpty();
        assertThat(DebianSource.find(apt.resolve("absent"))).isEmpty();
    }

    private void list(String name, String content) throws IOException {
        Path file = apt.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
