package dev.nacre.hw.host;

import dev.nacre.hw.reg.EntryField;

/** The instance block of a channel: where its page directory is. */
// HW: open-gpu-doc manuals/ampere/ga100/dev_ram.ref.txt NV_RAMIN
public final class InstanceBlock {
    /** Bytes that drivers give it. */
    public static final int SIZE = 0x1000;

    /** Bytes of RAMFC, the host's part, at its start. */
    public static final int RAMFC_SIZE = 0x200;

    /** Offset in bytes of the 64 bits that hold the page directory's fields. */
    public static final int PAGE_DIR_BASE = 0x200;

    /** Where the page directory lies. */
    public static final EntryField PAGE_DIR_BASE_TARGET = new EntryField("NV_RAMIN_PAGE_DIR_BASE_TARGET", 1, 0);

    /** In video memory. */
    public static final int PAGE_DIR_BASE_TARGET_VID_MEM = 0;

    /** Nowhere. */
    public static final int PAGE_DIR_BASE_TARGET_INVALID = 1;

    /** The page tables have version 2 or later; without it there are none. */
    public static final EntryField USE_VER2_PT_FORMAT = new EntryField("NV_RAMIN_USE_VER2_PT_FORMAT", 10, 10);

    /** Address in 4 KiB. */
    public static final EntryField PAGE_DIR_BASE_ADDRESS = new EntryField("NV_RAMIN_PAGE_DIR_BASE_LO/HI", 63, 12);

    private InstanceBlock() {}
}
