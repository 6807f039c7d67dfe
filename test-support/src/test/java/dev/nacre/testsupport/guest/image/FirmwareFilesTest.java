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

class FirmwareFilesTest {
    private final Decompressor decompressor = new Decompressor(Path.of("busybox"));

    @TempDir
    private Path folder;

    @Test
    void syntheticSetHasAllChipsInTheChosenVersions() {
        var files = FirmwareFiles.of(new GuestFirmware.Synthetic(List.of("570.144")), decompressor);

        assertThat(files)
                .hasSize(14)
                .containsKeys(
                        "nvidia/ad102/gsp/gsp-570.144.bin",
                        "nvidia/ga102/gsp/gsp-570.144.bin",
                        "nvidia/gh100/gsp/gsp-570.144.bin",
                        "nvidia/gb202/gsp/gsp-570.144.bin");
    }

    @Test
    void installedFilesOfTheChipAreTakenAndLinksFollowed() throws IOException {
        Path gsp = Files.createDirectories(folder.resolve("nvidia/ad102/gsp"));
        Path other = Files.createDirectories(folder.resolve("nvidia/ga102/gsp"));
        Files.write(other.resolve("gsp-570.144.bin"), new byte[] {1, 2});
        Files.createSymbolicLink(gsp.resolve("gsp-570.144.bin"), Path.of("../../ga102/gsp/gsp-570.144.bin"));
        Files.write(gsp.resolve("bootloader-570.144.bin"), new byte[] {3});
        Files.write(gsp.resolve("README"), new byte[] {4});

        var files = FirmwareFiles.of(new GuestFirmware.Installed(folder, "ad102"), decompressor);

        assertThat(files)
                .containsOnlyKeys("nvidia/ad102/gsp/gsp-570.144.bin", "nvidia/ad102/gsp/bootloader-570.144.bin");
        assertThat(files.get("nvidia/ad102/gsp/gsp-570.144.bin")).containsExactly(1, 2);
    }

    @Test
    void keyChangesWithTheInstalledFiles() throws IOException {
        Path gsp = Files.createDirectories(folder.resolve("nvidia/ad102/gsp"));
        Files.write(gsp.resolve("gsp-570.144.bin"), new byte[] {1, 2});
        GuestFirmware firmware = new GuestFirmware.Installed(folder, "ad102");
        String before = FirmwareFiles.key(firmware);
        Files.write(gsp.resolve("gsp-570.144.bin"), new byte[] {1, 2, 3});

        assertThat(FirmwareFiles.key(firmware)).isNotEqualTo(before);
    }

    @Test
    void missingChipIsNamed() {
        assertThatThrownBy(() -> FirmwareFiles.of(new GuestFirmware.Installed(folder, "ad102"), decompressor))
                .isInstanceOf(KitException.class)
                .hasMessageContaining("ad102");
    }
}
