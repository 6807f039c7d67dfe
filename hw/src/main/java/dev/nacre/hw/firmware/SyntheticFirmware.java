package dev.nacre.hw.firmware;

import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.fsp.FspCot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Stand-ins for NVIDIA's GSP firmware files: the headers that nouveau reads, and nothing to execute. nouveau hands the
 * files' addresses to the board, which plays the firmware itself.
 */
public final class SyntheticFirmware {
    private static final int PAGE_BYTES = 0x1000;

    // HW: bin header of all these files: nouveau include/nvfw/fw.h, struct nvfw_bin_hdr.
    private static final int VENDOR_NVIDIA = 0x10de;
    private static final int BIN_HEADER_VERSION = 1;
    private static final int BIN_HEADER_BYTES = 24;
    private static final int BIN_DATA_ALIGNMENT = 256;

    // HW: heavy-secured falcon image: nouveau include/nvfw/hs.h, struct nvfw_hs_header_v2 and nvfw_hs_load_header_v2.
    private static final int HS_HEADER_BYTES = 9 * Integer.BYTES;
    private static final int HS_META_BYTES = 3 * Integer.BYTES;
    private static final int HS_LOAD_HEADER_BYTES = 5 * Integer.BYTES;
    private static final int HS_APP_BYTES = 4 * Integer.BYTES;
    private static final int SIGNATURE_BYTES = 384;
    private static final int FUSE_VERSION = 1;
    private static final int ENGINE_ID_MASK_SEC2 = 1;
    private static final int UCODE_ID_BOOTER = 3;
    private static final int CODE_BYTES = 0x100;
    private static final int DATA_BYTES = 0x400;
    private static final int PATCH_LOCATION_IN_DATA = 0x10;

    // HW: descriptor before the RISC-V boot loader: OpenRM, RM_RISCV_UCODE_DESC (21 words, version 5).
    private static final int RISCV_DESCRIPTOR_WORDS = 21;
    private static final int RISCV_DESCRIPTOR_VERSION = 5;

    // HW: nouveau r535_gsp_load and its callers look for these sections by name.
    private static final int GSP_IMAGE_BYTES = 0x10000;
    private static final List<String> SIGNATURE_SECTIONS = List.of(
            ".fwsignature_ad10x",
            ".fwsignature_ga10x",
            ".fwsignature_tu10x",
            ".fwsignature_gh100",
            ".fwsignature_gb20x");

    // ELF-64 constants used in the GSP image.
    private static final int ELF_HEADER_BYTES = 64;
    private static final int ELF_SECTION_BYTES = 64;
    private static final int ELF_PROGRAM_BYTES = 56;
    private static final int ELF_PROGBITS = 1;
    private static final int ELF_STRTAB = 3;
    private static final int ELF_EXECUTABLE = 2;
    private static final int ELF_MACHINE_RISCV = 243;
    private static final int ELF_ALIGNMENT = 16;

    private SyntheticFirmware() {}

    /**
     * The files that nouveau asks for.
     *
     * @param chip the chip
     * @param version the firmware interface, such as {@code 570.144}; there may be none of it for the chip
     * @return content by path below {@code /lib/firmware}
     */
    public static Map<String, byte[]> files(Chip chip, String version) {
        String prefix = "nvidia/" + chip.id() + "/gsp/";
        String suffix = "-" + version + ".bin";
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(prefix + "gsp" + suffix, gsp(version));
        files.put(prefix + "bootloader" + suffix, bootloader());
        FspCot.of(chip).ifPresentOrElse(cot -> files.put(prefix + "fmc" + suffix, FmcFile.of(cot)), () -> {
            files.put(prefix + "booter_load" + suffix, booter());
            files.put(prefix + "booter_unload" + suffix, booter());
        });
        return files;
    }

    /** As the other, by a chip's folder name, such as {@code ad102}. */
    public static Map<String, byte[]> files(String chip, String version) {
        return files(Chip.valueOf(chip.toUpperCase(Locale.ROOT)), version);
    }

    /** The GSP image: an ELF file whose sections nouveau copies. */
    public static byte[] gsp(String version) {
        Map<String, byte[]> sections = new LinkedHashMap<>();
        sections.put(".fwimage", new byte[GSP_IMAGE_BYTES]);
        sections.put(".fwversion", (version + "\0").getBytes(StandardCharsets.US_ASCII));
        SIGNATURE_SECTIONS.forEach(s -> sections.put(s, new byte[PAGE_BYTES]));
        return elf(sections);
    }

    /** The RISC-V boot loader: a descriptor and a payload. */
    public static byte[] bootloader() {
        byte[] descriptor = new byte[RISCV_DESCRIPTOR_WORDS * Integer.BYTES];
        ByteBuffer.wrap(descriptor).order(ByteOrder.LITTLE_ENDIAN).putInt(RISCV_DESCRIPTOR_VERSION);
        return binFile(descriptor, new byte[PAGE_BYTES]);
    }

    /** A booter for SEC2: heavy-secured header, version 2, with one signature and one application. */
    public static byte[] booter() {
        int patchLocation = BIN_HEADER_BYTES + HS_HEADER_BYTES;
        int patchSignature = patchLocation + Integer.BYTES;
        int signatureCount = patchSignature + Integer.BYTES;
        int meta = signatureCount + Integer.BYTES;
        int loadHeader = meta + HS_META_BYTES;
        int loadHeaderBytes = HS_LOAD_HEADER_BYTES + HS_APP_BYTES;
        int signature = loadHeader + loadHeaderBytes;
        ByteBuffer header = ByteBuffer.allocate(signature + SIGNATURE_BYTES - BIN_HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        // Patch location, patch signature and signature count are named by the place of the word, not by value.
        putAll(header, signature, SIGNATURE_BYTES, patchLocation, patchSignature, meta, HS_META_BYTES);
        putAll(header, signatureCount, loadHeader, loadHeaderBytes);
        putAll(header, CODE_BYTES + PATCH_LOCATION_IN_DATA, 0, 1);
        putAll(header, FUSE_VERSION, ENGINE_ID_MASK_SEC2, UCODE_ID_BOOTER);
        putAll(header, 0, 0, CODE_BYTES, DATA_BYTES, 1);
        putAll(header, 0, CODE_BYTES, 0, 0);
        return binFile(header.array(), new byte[CODE_BYTES + DATA_BYTES]);
    }

    private static byte[] binFile(byte[] header, byte[] data) {
        int dataOffset = roundUp(BIN_HEADER_BYTES + header.length, BIN_DATA_ALIGNMENT);
        ByteBuffer file = ByteBuffer.allocate(dataOffset + data.length).order(ByteOrder.LITTLE_ENDIAN);
        putAll(file, VENDOR_NVIDIA, BIN_HEADER_VERSION, file.capacity(), BIN_HEADER_BYTES, dataOffset, data.length);
        file.put(header).put(dataOffset, data);
        return file.array();
    }

    /** An ELF file with nothing but sections. */
    public static byte[] elf(Map<String, byte[]> sections) {
        Map<String, byte[]> all = new LinkedHashMap<>(sections);
        StringBuilder names = new StringBuilder("\0");
        List<Integer> nameOffsets = new ArrayList<>();
        List<String> allNames = new ArrayList<>(sections.keySet());
        allNames.add(".shstrtab");
        for (String name : allNames) {
            nameOffsets.add(names.length());
            names.append(name).append('\0');
        }
        all.put(".shstrtab", names.toString().getBytes(StandardCharsets.US_ASCII));

        List<Integer> offsets = new ArrayList<>();
        int at = ELF_HEADER_BYTES;
        for (byte[] content : all.values()) {
            at = roundUp(at, ELF_ALIGNMENT);
            offsets.add(at);
            at += content.length;
        }
        int table = roundUp(at, ELF_ALIGNMENT);
        ByteBuffer file = ByteBuffer.allocate(table + (all.size() + 1) * ELF_SECTION_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        putElfHeader(file, table, all.size() + 1);
        int index = 0;
        for (byte[] content : all.values()) {
            boolean isNames = index == all.size() - 1;
            file.put(offsets.get(index), content);
            putElfSection(
                    file,
                    table + (index + 1) * ELF_SECTION_BYTES,
                    nameOffsets.get(index),
                    isNames ? ELF_STRTAB : ELF_PROGBITS,
                    offsets.get(index),
                    content.length);
            index++;
        }
        return file.array();
    }

    private static void putElfHeader(ByteBuffer file, int sectionTable, int sectionCount) {
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        file.putShort((short) ELF_EXECUTABLE)
                .putShort((short) ELF_MACHINE_RISCV)
                .putInt(1);
        file.putLong(0).putLong(0).putLong(sectionTable); // entry, program table, section table
        file.putInt(0).putShort((short) ELF_HEADER_BYTES);
        file.putShort((short) ELF_PROGRAM_BYTES).putShort((short) 0);
        file.putShort((short) ELF_SECTION_BYTES).putShort((short) sectionCount).putShort((short) (sectionCount - 1));
    }

    private static void putElfSection(ByteBuffer file, int at, int nameOffset, int type, int offset, int length) {
        // Fields in order: name, type, flags, address, offset, size, link, info, alignment, entry size.
        file.position(at);
        file.putInt(nameOffset).putInt(type).putLong(0).putLong(0);
        file.putLong(offset)
                .putLong(length)
                .putInt(0)
                .putInt(0)
                .putLong(ELF_ALIGNMENT)
                .putLong(0);
    }

    private static void putAll(ByteBuffer buffer, int... words) {
        for (int word : words) {
            buffer.putInt(word);
        }
    }

    private static int roundUp(int value, int alignment) {
        return (value + alignment - 1) / alignment * alignment;
    }
}
