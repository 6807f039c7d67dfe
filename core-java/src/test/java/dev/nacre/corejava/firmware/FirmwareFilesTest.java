package dev.nacre.corejava.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.falcon.FalconUcode;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Hostility;
import dev.nacre.hw.firmware.SyntheticFirmware;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirmwareFilesTest {
    private static HostileBytes file(byte[] bytes) {
        return new HostileBytes("file", bytes);
    }

    @Test
    void booterIsLoadedWithItsSignature() {
        Booter booter = Booter.parse(file(SyntheticFirmware.booter()));

        FalconUcode ucode = booter.ucode(0);

        assertThat(ucode.engineIdMask()).isEqualTo(1);
        assertThat(ucode.ucodeId()).isEqualTo(3);
        assertThat(ucode.signatureOffset()).isEqualTo(0x10);
        assertThat(ucode.dmem().copy(0x10, 384))
                .isEqualTo(booter.signatures().getFirst().copy());
    }

    @Test
    void booterThatIsTooOldForTheBoardIsRefused() {
        Booter booter = Booter.parse(file(SyntheticFirmware.booter()));

        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> booter.ucode(3))
                .extracting(CoreException::error)
                .isEqualTo(CoreError.IO);
    }

    @Test
    void gspImageHasItsSections() {
        ElfSections sections = new ElfSections(file(SyntheticFirmware.gsp("570.144")));

        assertThat(sections.section(".fwimage").size()).isEqualTo(0x10000);
        assertThat(sections.section(".fwsignature_ad10x").size()).isEqualTo(4096);
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> sections.section(".fwsignature_none"))
                .withMessageContaining(".fwsignature_none");
    }

    @Test
    void anyBooterIsTakenOrRefused() {
        Hostility.assertTakenOrRefused(
                SyntheticFirmware.booter(),
                bytes -> assertThat(Booter.parse(file(bytes)).ucode(0)).isNotNull());
    }

    @Test
    void anyBootloaderIsTakenOrRefused() {
        Hostility.assertTakenOrRefused(
                SyntheticFirmware.bootloader(),
                bytes -> assertThat(Bootloader.parse(file(bytes))).isNotNull());
    }

    @Test
    void anyGspImageIsTakenOrRefused() {
        byte[] image = SyntheticFirmware.elf(Map.of(".fwimage", new byte[64], ".fwsignature_ad10x", new byte[8]));

        Hostility.assertTakenOrRefused(
                image,
                bytes -> assertThat(new ElfSections(file(bytes)).section(".fwimage"))
                        .isNotNull());
    }
}
