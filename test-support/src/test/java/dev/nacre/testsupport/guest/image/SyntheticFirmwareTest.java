package dev.nacre.testsupport.guest.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.firmware.SyntheticFirmware;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads the files as nouveau does. */
class SyntheticFirmwareTest {
    @Test
    void filesAreNamedAsNouveauAsksForThem() {
        assertThat(SyntheticFirmware.files("ga102", "535.113.01"))
                .containsOnlyKeys(
                        "nvidia/ga102/gsp/gsp-535.113.01.bin",
                        "nvidia/ga102/gsp/bootloader-535.113.01.bin",
                        "nvidia/ga102/gsp/booter_load-535.113.01.bin",
                        "nvidia/ga102/gsp/booter_unload-535.113.01.bin");
    }

    @Test
    void gspImageHasItsVersionItsImageAndOneSignaturePerFamily() {
        ElfFile gsp = ElfFile.of("gsp", SyntheticFirmware.gsp("570.144"));

        assertThat(gsp.section(".fwversion"))
                .hasValueSatisfying(v ->
                        assertThat(new String(v, StandardCharsets.US_ASCII)).isEqualTo("570.144\0"));
        assertThat(gsp.section(".fwimage"))
                .hasValueSatisfying(i -> assertThat(i).hasSize(0x10000));
        for (String signature : List.of(".fwsignature_ad10x", ".fwsignature_ga10x")) {
            assertThat(gsp.section(signature))
                    .hasValueSatisfying(s -> assertThat(s).hasSize(0x1000));
        }
    }

    @Test
    void bootloaderDescribesItsPayload() {
        ByteBuffer file = words(SyntheticFirmware.bootloader());
        int dataOffset = file.getInt(16);

        assertThat(file.getInt(0)).isEqualTo(0x10de);
        assertThat(file.getInt(8)).as("size").isEqualTo(file.capacity());
        assertThat(file.getInt(12)).as("descriptor").isEqualTo(24);
        assertThat(dataOffset).isGreaterThanOrEqualTo(24 + 0x54);
        assertThat(dataOffset + file.getInt(20)).isEqualTo(file.capacity());
    }

    @Test
    void booterHeadersLeadToSignatureMetaAndApplication() {
        ByteBuffer file = words(SyntheticFirmware.booter());
        int header = file.getInt(12);
        int dataOffset = file.getInt(16);
        int dataBytes = file.getInt(20);
        int signatureOffset = file.getInt(header);
        int signatureBytes = file.getInt(header + 4);
        int patchLocation = file.getInt(file.getInt(header + 8));
        int patchSignature = file.getInt(file.getInt(header + 12));
        int meta = file.getInt(header + 16);
        int signatureCount = file.getInt(file.getInt(header + 24));
        int loadHeader = file.getInt(header + 28);
        int applicationOffset = file.getInt(loadHeader + 20);

        assertThat(dataOffset + dataBytes).isEqualTo(file.capacity());
        assertThat(signatureBytes).isEqualTo(384);
        assertThat(signatureCount).isEqualTo(1);
        assertThat(signatureOffset + patchSignature + signatureBytes)
                .as("the signature lies before the data")
                .isLessThanOrEqualTo(dataOffset);
        assertThat(patchLocation + signatureBytes)
                .as("the patched place lies in the data")
                .isLessThanOrEqualTo(dataBytes);
        assertThat(List.of(file.getInt(meta), file.getInt(meta + 4), file.getInt(meta + 8)))
                .as("fuse version, engines, ucode")
                .containsExactly(1, 1, 3);
        assertThat(file.getInt(loadHeader + 16)).as("applications").isEqualTo(1);
        assertThat(applicationOffset + file.getInt(loadHeader + 24)).isLessThanOrEqualTo(dataBytes);
        assertThat(file.getInt(loadHeader + 8) + file.getInt(loadHeader + 12))
                .as("data segment")
                .isLessThanOrEqualTo(dataBytes);
    }

    private static ByteBuffer words(byte[] file) {
        return ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    }
}
