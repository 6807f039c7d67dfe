package dev.nacre.hw.host;

import dev.nacre.hw.reg.EntryField;

/** An entry of a GPFIFO: a segment of a push buffer, or a control entry. */
// HW: open-gpu-doc manuals/volta/gv100/dev_pbdma.ref.txt "GP-Entry Memory Format"; class/clc56f.h NVC56F_GP_ENTRY_*
public final class GpEntry {
    /** Bytes of an entry. */
    public static final int SIZE = 8;

    /** The segment is fetched only while the subdevice is active. */
    public static final EntryField FETCH_CONDITIONAL = new EntryField("NVC56F_GP_ENTRY0_FETCH", 0, 0);

    /** Address of the segment, in 4 bytes. */
    public static final EntryField GET = new EntryField("NVC56F_GP_ENTRY0_GET", 39, 2);

    /** What a control entry does. */
    public static final EntryField OPCODE = new EntryField("NVC56F_GP_ENTRY1_OPCODE", 39, 32);

    /** The segment is a subroutine: the top level's progress is not reported for it. */
    public static final EntryField LEVEL_SUBROUTINE = new EntryField("NVC56F_GP_ENTRY1_LEVEL", 41, 41);

    /** Length of the segment, in 4 bytes; 0 for a control entry. */
    public static final EntryField LENGTH = new EntryField("NVC56F_GP_ENTRY1_LENGTH", 62, 42);

    /** The segment is not fetched before those ahead of it were processed. */
    public static final EntryField SYNC_WAIT = new EntryField("NVC56F_GP_ENTRY1_SYNC", 63, 63);

    /** Nothing. */
    public static final int OPCODE_NOP = 0;

    /** Compares a checksum over entries. */
    public static final int OPCODE_GP_CRC = 2;

    /** Compares a checksum over the last segment. */
    public static final int OPCODE_PB_CRC = 3;

    /** First address that no segment may reach. */
    public static final long ADDRESS_END = 1L << 40;

    private GpEntry() {}
}
