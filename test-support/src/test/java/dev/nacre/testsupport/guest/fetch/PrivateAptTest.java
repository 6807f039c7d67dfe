package dev.nacre.testsupport.guest.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.testsupport.guest.fetch.PackageSet.Closure;
import dev.nacre.testsupport.guest.fetch.PackageSet.Component;
import dev.nacre.testsupport.guest.fetch.PackageSet.Suite;
import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a stand-in for apt-get that notes its arguments; {@code $SOURCES} is the file of our suites. */
class PrivateAptTest {
    private static final PackageSet KERNEL = new PackageSet(
            "kernel",
            Suite.BACKPORTS,
            List.of("linux-image-amd64"),
            new Closure.Matching(Pattern.compile("linux-.*")),
            Component.MAIN);

    @TempDir
    private Path folder;

    @Test
    void updateReadsOurSuitesAndAreasWithOurKeyringOnly() throws IOException {
        apt("").update(EnumSet.of(Component.MAIN, Component.NON_FREE_FIRMWARE));

        assertThat(folder.resolve("apt/sources/debian.sources")).hasContent("""
                Types: deb
                URIs: http://mirror.example/debian
                Suites: trixie trixie-updates trixie-backports
                Components: main non-free-firmware
                Architectures: amd64
                Signed-By: /keys.gpg
                """);
        assertThat(folder.resolve("apt/apt.conf"))
                .content()
                .contains("Dir::State \"" + folder + "/apt/state\"")
                .contains("Dir::Etc::sourcelist \"/dev/null\"")
                .contains("#clear APT::Update;");
    }

    @Test
    void mirrorWithoutTheUpdatesSuiteIsUsedWithoutIt() throws IOException {
        apt("""
                if grep -q trixie-updates "$SOURCES"; then
                    echo "E: The repository 'http://mirror.example/debian trixie-updates Release' is absent." >&2
                    exit 100
                fi
                """).update(Set.of(Component.MAIN));

        assertThat(folder.resolve("apt/sources/debian.sources")).content().contains("Suites: trixie trixie-backports");
    }

    @Test
    void failureSaysWhatFromWhereAndAptsOwnWords() throws IOException {
        PrivateApt apt = apt("""
                echo "W: some warning" >&2
                echo "E: Failed to fetch InRelease  Could not connect" >&2
                exit 100
                """);

        assertThatThrownBy(() -> apt.update(Set.of(Component.MAIN)))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("http://mirror.example/debian")
                .hasMessageContaining("Could not connect")
                .hasMessageContaining("--mirror")
                .hasMessageNotContaining("some warning")
                .hasMessageNotContaining("\n");
    }

    @Test
    void closureIsWhatAptWouldInstallAsFarAsTheNamesMatch() throws IOException {
        PrivateApt apt = apt("""
                echo "'http://m/linux-image.deb' linux-image-7.3.4_7.3.4-1_amd64.deb 100 SHA256:00"
                echo "'http://m/dracut.deb' dracut_106-6_all.deb 200 SHA256:00"
                """);

        assertThat(apt.resolve(KERNEL)).extracting(ArchivePackage::name).containsExactly("linux-image-7.3.4");
        assertThat(arguments())
                .endsWith("-t trixie-backports --print-uris -y --no-install-recommends install linux-image-amd64");
    }

    @Test
    void packageThatTheArchiveLacksIsNamed() throws IOException {
        PrivateApt apt = apt("echo 'E: Unable to locate package linux-image-amd64' >&2; exit 100\n");

        assertThatThrownBy(() -> apt.resolve(KERNEL))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("linux-image-amd64");
    }

    @Test
    void downloadAsksForExactVersionsInTheTargetFolder() throws IOException {
        Path target = Files.createDirectory(folder.resolve("target"));

        apt("pwd -P > where\n")
                .download(
                        KERNEL, List.of(new ArchivePackage("a", "1:2-3", "a_1%3a2-3_amd64.deb", 10)), target, () -> {});

        assertThat(arguments()).endsWith("download a=1:2-3");
        assertThat(target.resolve("where")).hasContent(target.toString());
    }

    private PrivateApt apt(String body) throws IOException {
        Path apt = folder.resolve("apt");
        Path program = Files.writeString(folder.resolve("apt-get"), """
                #!/bin/sh
                SOURCES=%s/sources/debian.sources
                echo "$*" > %s/arguments
                %s""".formatted(apt, folder, body));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        DebianSource source = new DebianSource("http://mirror.example/debian", Optional.empty());
        return new PrivateApt(program.toString(), apt, source, Path.of("/keys.gpg"));
    }

    private String arguments() throws IOException {
        return Files.readString(folder.resolve("arguments")).strip();
    }
}
