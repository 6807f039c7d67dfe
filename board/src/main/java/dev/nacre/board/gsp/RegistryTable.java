package dev.nacre.board.gsp;

import dev.nacre.board.rm.WireStruct;
import java.util.StringJoiner;

/** The settings that a driver sends along; none of them means anything to this board. */
final class RegistryTable {
    private static final int MAX_LOGGED_ENTRIES = 64;
    private static final int MAX_NAME_BYTES = 64;

    // HW: open-gpu-kernel-modules, nv-firmware-registry.h: {size, numEntries}, entries {nameOffset, type, data,
    // length}.
    private static final int NUM_ENTRIES = 4;
    private static final int ENTRIES = 8;
    private static final int ENTRY_BYTES = 16;
    private static final int ENTRY_DATA = 8;

    private RegistryTable() {}

    /** One line for the log. */
    static String describe(RpcMessage message) {
        WireStruct table = message.body();
        int entries = Math.clamp(table.get32(NUM_ENTRIES), 0, MAX_LOGGED_ENTRIES);
        StringJoiner line = new StringJoiner(" ", "Registry: ", "");
        for (int i = 0; i < entries; i++) {
            WireStruct entry = table.part(ENTRIES + i * ENTRY_BYTES, ENTRY_BYTES);
            line.add(name(table, entry.get32(0)) + "=0x" + Integer.toHexString(entry.get32(ENTRY_DATA)));
        }
        return line.toString();
    }

    private static String name(WireStruct table, int offset) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < MAX_NAME_BYTES; i++) {
            int character = table.get8(offset + i);
            if (character <= ' ' || character > '~') {
                break;
            }
            name.append((char) character);
        }
        return name.toString();
    }
}
