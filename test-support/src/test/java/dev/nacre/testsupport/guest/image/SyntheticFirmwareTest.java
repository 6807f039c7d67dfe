package dev.nacre.testsupport.guest.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.hw.fsp.FspCot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Reads the files as nouveau does. */
class SyntheticFirmwareTest {
    @Test
    void filesAreNamedAsNouveauAsksForThem() {
        assertThat(SyntheticFirmware.files(Chip.GA102, "535.113.01"))
                .containsOnlyKeys(
                        "nvidia/ga102/gsp/gsp-535.113.01.bin",
                        "nvidia/ga102/gsp/bootloader-535.113.01.bin",
                        "nvidia/ga102/gsp/booter_load-535.113.01.bin",
                        "nvidia/ga102/gsp/booter_unload-535.113.01.bin");
    }

    @Test
    void chipsWithAnFspHaveItsFirstFirmwareInsteadOfABooter() {
        assertThat(SyntheticFirmware.files(Chip.GB202, "570.144"))
                .containsOnlyKeys(
                        "nvidia/gb202/gsp/gsp-570.144.bin",
                        "nvidia/gb202/gsp/bootloader-570.144.bin",
                        "nvidia/gb202/gsp/fmc-570.144.bin");
    }

    @ParameterizedTest
    @EnumSource(value = Chip.class, mode = EnumSource.Mode.MATCH_ANY, names = "GB202|GH100")
    void firstFirmwareOfAnFspHasTheHeaderAndSectionsThatNouveauChecks(Chip chip) {
        FspCot cot = FspCot.of(chip).orElseThrow();

        byte[] bytes = Objects.requireNonNull(
                SyntheticFirmware.files(chip, "570.144").get("nvidia/" + chip.id() + "/gsp/fmc-570.144.bin"));
        ByteBuffer file = words(bytes);

        // HW: nouveau nvkm/subdev/gsp/gh100.c, elf_header: each byte counts
        assertThat(HexFormat.of().formatHex(bytes, 0, 52))
                .isEqualTo("7f454c46010101000000000000000000" + "0000000001000000" + "0000000000000000"
                        + "3400000000000000" + "34000000" + "00002800" + "06000100");
        assertThat(section(file, 1, "")).isNotEmpty();
        assertThat(section(file, 2, "hash")).hasSize(cot.hashBytes());
        assertThat(section(file, 3, "publickey")).hasSize(cot.publicKeyBytes());
        assertThat(section(file, 4, "signature")).hasSize(cot.signatureBytes());
        assertThat(section(file, 5, "image")).isNotEmpty();
    }

    /** A section's content, checked as nouveau does. */
    private static byte[] section(ByteBuffer file, int index, String name) {
        int at = 52 + 40 * index;
        boolean names = index == 1;
        byte[] content = new byte[file.getInt(at + 20)];
        file.get(file.getInt(at + 16), content);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        assertThat(file.getInt(at + 4)).as("type").isEqualTo(names ? 3 : 1);
        assertThat(file.getInt(at + 8)).as("flags").isEqualTo(names ? 0x20 : 0xfff00102);
        assertThat(file.getInt(at + 16)).as("offset").isGreaterThanOrEqualTo(52 + 6 * 40);
        assertThat(file.getInt(at + 28)).as("checksum").isEqualTo((int) checksum.getValue());
        if (!names) {
            int text = file.getInt(52 + 40 + 16) + file.getInt(at);
            byte[] bytes = new byte[name.length() + 1];
            file.get(text, bytes);
            assertThat(new String(bytes, StandardCharsets.US_ASCII)).isEqualTo(name + "\0");
        }
        return content;
    }

    @Test
    void gspImageHasItsVersionItsImageAndOneSignaturePerFamily() {
        ElfFile gsp = ElfFile.of("gsp", SyntheticFirmware.gsp("570.144"));

        assertThat(gsp.section(".fwversion"))
                .hasValueSatisfying(v ->
                        assertThat(new String(v, StandardCharsets.US_ASCII)).isEqualTo("570.144\0"));
        assertThat(gsp.section(".fwimage"))
                .hasValueSatisfying(i -> assertThat(i).hasSize(0x10000));
        for (String signature :
                List.of(".fwsignature_ad10x", ".fwsignature_ga10x", ".fwsignature_gh100", ".fwsignature_gb20x")) {
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
