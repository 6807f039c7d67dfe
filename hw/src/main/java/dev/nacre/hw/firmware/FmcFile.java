package dev.nacre.hw.firmware;

import dev.nacre.hw.fsp.FspCot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A stand-in for GSP-FMC, the firmware that an FSP starts: an ELF-32 file of five sections, which nouveau checks to the
 * byte and then hands over.
 */
final class FmcFile {
    private static final int IMAGE_BYTES = 0x1000;

    // HW: nouveau nvkm/subdev/gsp/gh100.c: nothing but these may stand in the header, and these section flags.
    private static final int HEADER_BYTES = 52;
    private static final int SECTION_BYTES = 40;
    private static final int SECTIONS = 6;
    private static final int NAMES_SECTION = 1;
    private static final int TYPE_PROGBITS = 1;
    private static final int TYPE_STRTAB = 3;
    private static final int FLAGS_STRINGS = 0x20;
    private static final int FLAGS_CONTENT = 0xfff0_0102;

    private FmcFile() {}

    /** The file for chips with one kind of FSP, whose keys and signatures have their sizes. */
    static byte[] of(FspCot cot) {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        contents.put("hash", new byte[cot.hashBytes()]);
        contents.put("publickey", new byte[cot.publicKeyBytes()]);
        contents.put("signature", new byte[cot.signatureBytes()]);
        contents.put("image", new byte[IMAGE_BYTES]);
        byte[] names =
                ("\0.shstrtab\0" + String.join("\0", contents.keySet()) + "\0").getBytes(StandardCharsets.US_ASCII);
        int start = HEADER_BYTES + SECTIONS * SECTION_BYTES;
        int size = start
                + names.length
                + contents.values().stream().mapToInt(c -> c.length).sum();
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        putHeader(file);
        int section = NAMES_SECTION;
        int at = start;
        putSection(file, section++, 1, TYPE_STRTAB, FLAGS_STRINGS, at, names);
        at += names.length;
        int name = 1 + ".shstrtab".length() + 1;
        for (Map.Entry<String, byte[]> content : contents.entrySet()) {
            putSection(file, section++, name, TYPE_PROGBITS, FLAGS_CONTENT, at, content.getValue());
            at += content.getValue().length;
            name += content.getKey().length() + 1;
        }
        return file.array();
    }

    private static void putHeader(ByteBuffer file) {
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1}).position(16);
        // Type, machine, version; entry, program table, section table; flags.
        file.putShort((short) 0).putShort((short) 0).putInt(1);
        file.putInt(0).putInt(0).putInt(HEADER_BYTES).putInt(0);
        file.putShort((short) HEADER_BYTES).putShort((short) 0).putShort((short) 0);
        file.putShort((short) SECTION_BYTES).putShort((short) SECTIONS).putShort((short) NAMES_SECTION);
    }

    private static void putSection(
            ByteBuffer file, int index, int name, int type, int flags, int offset, byte[] content) {
        file.put(offset, content);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        file.position(HEADER_BYTES + index * SECTION_BYTES);
        // Name, type, flags, address, offset, size, link, info (a checksum), alignment, entry size.
        file.putInt(name).putInt(type).putInt(flags).putInt(0).putInt(offset).putInt(content.length);
        file.putInt(0).putInt((int) checksum.getValue()).putInt(1).putInt(0);
    }
}
