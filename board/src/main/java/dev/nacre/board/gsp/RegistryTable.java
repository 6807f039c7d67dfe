package dev.nacre.board.gsp;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.gsp.RpcLayout.Registry;
import java.util.OptionalInt;
import java.util.StringJoiner;

/** The settings that a driver sends along, few of which mean anything to this board. */
final class RegistryTable {
    private static final int MAX_LOGGED_ENTRIES = 64;
    private static final int MAX_NAME_BYTES = 64;

    // Drivers send some ten.
    private static final int MAX_ENTRIES = 256;

    private RegistryTable() {}

    /** One line for the log. */
    static String describe(RpcMessage message) {
        WireStruct table = message.body();
        int entries = Math.clamp(table.get32(Registry.NUM_ENTRIES), 0, MAX_LOGGED_ENTRIES);
        StringJoiner line = new StringJoiner(" ", "Registry: ", "");
        for (int i = 0; i < entries; i++) {
            WireStruct entry = entry(table, i);
            line.add(name(table, entry.get32(Registry.NAME_OFFSET)) + "=0x"
                    + Integer.toHexString(entry.get32(Registry.DATA)));
        }
        return line.toString();
    }

    /** The number that a driver has set, empty if it has not. */
    static OptionalInt number(RpcMessage message, String wanted) {
        WireStruct table = message.body();
        int entries = Math.clamp(table.get32(Registry.NUM_ENTRIES), 0, MAX_ENTRIES);
        for (int i = 0; i < entries; i++) {
            WireStruct entry = entry(table, i);
            if (entry.get8(Registry.TYPE) == Registry.TYPE_DWORD
                    && name(table, entry.get32(Registry.NAME_OFFSET)).equals(wanted)) {
                return OptionalInt.of(entry.get32(Registry.DATA));
            }
        }
        return OptionalInt.empty();
    }

    private static WireStruct entry(WireStruct table, int index) {
        return table.part(Registry.ENTRIES + index * Registry.ENTRY_BYTES, Registry.ENTRY_BYTES);
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
