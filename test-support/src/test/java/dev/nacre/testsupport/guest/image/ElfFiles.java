package dev.nacre.testsupport.guest.image;

import dev.nacre.hw.firmware.SyntheticFirmware;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small ELF files for tests. */
final class ElfFiles {
    private ElfFiles() {}

    /** A kernel module that depends on others. */
    static byte[] module(String name, String depends) {
        String information = "license=GPL\0depends=" + depends + "\0name=" + name + "\0";
        return SyntheticFirmware.elf(Map.of(".modinfo", information.getBytes(StandardCharsets.UTF_8)));
    }

    /** A program or library that needs libraries. */
    static byte[] needing(List<String> libraries) {
        StringBuilder strings = new StringBuilder("\0");
        ByteBuffer dynamic = ByteBuffer.allocate((libraries.size() + 3) * 16).order(ByteOrder.LITTLE_ENDIAN);
        dynamic.putLong(14).putLong(0); // DT_SONAME: to be skipped
        for (String library : libraries) {
            dynamic.putLong(1).putLong(strings.length());
            strings.append(library).append('\0');
        }
        dynamic.putLong(0).putLong(0);
        dynamic.putLong(1).putLong(0); // after the end: not to be read
        Map<String, byte[]> sections = new LinkedHashMap<>();
        sections.put(".dynstr", strings.toString().getBytes(StandardCharsets.UTF_8));
        sections.put(".dynamic", dynamic.array());
        return SyntheticFirmware.elf(sections);
    }
}
