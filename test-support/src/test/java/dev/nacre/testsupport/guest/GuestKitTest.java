package dev.nacre.testsupport.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.testsupport.guest.fetch.Progress;
import dev.nacre.testsupport.guest.host.HostPrograms;
import dev.nacre.testsupport.guest.host.KitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With stand-ins for the host's programs, of which the one for apt-get notes the packages that it is asked for. */
class GuestKitTest {
    private static final Set<KitPart> VULKAN = EnumSet.of(KitPart.VULKAN);

    @TempDir
    private Path folder;

    private Path cache;
    private HostPrograms programs;
    private KitOptions options;

    @BeforeEach
    void emptyCache() throws IOException {
        cache = folder.resolve("cache");
        programs = HostPrograms.in(Files.createDirectory(folder.resolve("bin")));
        Path keyring = Files.createFile(folder.resolve("keyring.gpg"));
        options = new KitOptions(cache, Optional.of("file:/mirror"), Optional.of(keyring), Optional.empty(), false);
    }

    @Test
    void onePartIsFetchedIntoAnEmptyCacheWithoutTheOthers() throws IOException {
        debianTools();

        GuestKit kit = GuestKit.fetch(options, VULKAN, Progress.SILENT, programs);

        assertThat(kit.root(KitPart.VULKAN).resolve("vulkan-tools")).exists();
        assertThat(kit.packages(KitPart.VULKAN)).containsExactly("libdrm2 2.4-1", "vulkan-tools 1.4-1");
        assertThat(asked())
                .contains("install mesa-vulkan-drivers vulkan-tools")
                .doesNotContain("qemu")
                .doesNotContain("busybox");
        assertThat(cache.resolve("guest-kit")).isDirectoryNotContaining("glob:**/{qemu,tools,kernel-*}");
    }

    @Test
    void partThatIsThereAloneIsFoundWithoutTheOthers() throws IOException {
        unpacked("vulkan");

        assertThat(GuestKit.locate(options, VULKAN, programs)).hasValueSatisfying(kit -> {
            assertThat(kit.root(KitPart.VULKAN)).isDirectory();
            assertThatThrownBy(kit::qemu)
                    .isInstanceOf(KitException.class)
                    .hasMessageContaining("has no qemu")
                    .hasMessageContaining("./dev guest-kit");
            assertThatThrownBy(() -> kit.root(KitPart.TOOLS))
                    .isInstanceOf(KitException.class)
                    .hasMessageContaining("has no tools");
        });
    }

    @Test
    void kitOfWhichAPartIsMissingIsNotFound() throws IOException {
        unpacked("vulkan");

        assertThat(GuestKit.locate(options, EnumSet.of(KitPart.VULKAN, KitPart.QEMU), programs))
                .isEmpty();
        assertThat(GuestKit.locate(options, EnumSet.of(KitPart.VULKAN, KitPart.TOOLS), programs))
                .isEmpty();
    }

    @Test
    void hostsQemuStandsForThePart() throws IOException {
        debianTools();
        program(programs.qemu(), "echo 'QEMU emulator version 11.1.3'\n");

        GuestKit kit = GuestKit.fetch(options, EnumSet.of(KitPart.VULKAN, KitPart.QEMU), Progress.SILENT, programs);

        assertThat(kit.qemu().command()).containsExactly(programs.qemu());
        assertThat(asked()).contains("vulkan-tools").doesNotContain("qemu");
    }

    @Test
    void partThatIsThereNeedsNoDebianTools() throws IOException {
        unpacked("vulkan");

        assertThat(GuestKit.fetch(options, VULKAN, Progress.SILENT, programs).root(KitPart.VULKAN))
                .isDirectory();
    }

    @Test
    void hostWithoutAptIsToldWhatItLacks() {
        assertThatThrownBy(() -> GuestKit.fetch(options, VULKAN, Progress.SILENT, programs))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("no " + programs.aptGet())
                .hasMessageContaining("NACRE_CACHE");
    }

    @Test
    void hostOfAnotherArchitectureIsRefused() throws IOException {
        debianTools();
        program(programs.dpkg(), "echo arm64\n");

        assertThatThrownBy(() -> GuestKit.fetch(options, VULKAN, Progress.SILENT, programs))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("arm64");
    }

    private void debianTools() throws IOException {
        program(programs.dpkg(), "echo amd64\n");
        program(programs.aptGet(), """
                echo "$*" >> %s
                case "$*" in
                *--print-uris*)
                    echo "'file:/mirror/a.deb' libdrm2_2.4-1_amd64.deb 1 SHA256:00"
                    echo "'file:/mirror/b.deb' vulkan-tools_1.4-1_amd64.deb 1 SHA256:00" ;;
                *download*)
                    echo > libdrm2_2.4-1_amd64.deb
                    echo > vulkan-tools_1.4-1_amd64.deb ;;
                esac
                """.formatted(folder.resolve("asked")));
        program(programs.dpkgDeb(), """
                [ "$1" = -x ] || exit 0
                name=${2##*/}
                cp "$2" "$3/${name%%_*}"
                """);
    }

    private String asked() throws IOException {
        return Files.readString(folder.resolve("asked"));
    }

    private void unpacked(String set) throws IOException {
        Path at = cache.resolve("guest-kit").resolve(set);
        Files.createDirectories(at.resolve("versions/0123/root"));
        Files.writeString(at.resolve("current"), "0123\n");
    }

    private static void program(String path, String body) throws IOException {
        Path file = Files.writeString(Path.of(path), "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }
}
