package dev.nacre.hw.host;

/** USERD, the part of a channel's state that user programs see: offsets in bytes. */
// HW: open-gpu-kernel-modules class/clc56f.h Nvc56fControl; open-gpu-doc manuals/ampere/ga100/dev_ram.ref.txt
// NV_RAMUSERD
public final class Userd {
    /** Bytes of it. */
    public static final int SIZE = 0x200;

    /** Next word of the push buffer, low. */
    public static final int GET = 0x44;

    /** Reference count. */
    public static final int REFERENCE = 0x48;

    /** Next word of the push buffer's top level, low. */
    public static final int TOP_LEVEL_GET = 0x58;

    /** Next word of the push buffer's top level, high. */
    public static final int TOP_LEVEL_GET_HI = 0x5c;

    /** Next word of the push buffer, high. */
    public static final int GET_HI = 0x60;

    /** Next entry of the GPFIFO to be processed. */
    public static final int GP_GET = 0x88;

    /** Next entry of the GPFIFO to be written. */
    public static final int GP_PUT = 0x8c;

    private Userd() {}
}
