package dev.nacre.hw.host;

import dev.nacre.hw.reg.Reg;

/** A word of a push buffer that is not method data. */
// HW: open-gpu-doc manuals/ampere/ga100/dev_ram.ref.txt "Host Pushbuffer Format (FIFO_DMA)"
public final class PushHeader {
    private static final Reg WORD = Reg.ro("NV_FIFO_DMA", 0);

    /** What the word is: {@code OPCODE_*}. */
    public static final Reg.Bits SEC_OP = WORD.bits(31, 29);

    /** Subdevice masks. */
    public static final int SEC_OP_GRP0_USE_TERT = 0;

    /** Data goes to addresses that follow each other. */
    public static final int SEC_OP_INC_METHOD = 1;

    /** All data goes to one address. */
    public static final int SEC_OP_NON_INC_METHOD = 3;

    /** Data is in the header. */
    public static final int SEC_OP_IMMD_DATA_METHOD = 4;

    /** The first data goes to one address and all other to the next. */
    public static final int SEC_OP_ONE_INC = 5;

    /** The segment ends here. */
    public static final int SEC_OP_END_PB_SEGMENT = 7;

    /** What a word with {@link #SEC_OP_GRP0_USE_TERT} is. */
    public static final Reg.Bits TERT_OP = WORD.bits(17, 16);

    /** Sets the subdevice mask. */
    public static final int TERT_OP_GRP0_SET_SUB_DEV_MASK = 1;

    /** Stores a subdevice mask. */
    public static final int TERT_OP_GRP0_STORE_SUB_DEV_MASK = 2;

    /** Sets the subdevice mask that was stored. */
    public static final int TERT_OP_GRP0_USE_SUB_DEV_MASK = 3;

    /** Subdevices that execute what follows; we are the first. */
    public static final Reg.Bits SUBDEVICE_MASK = WORD.bits(15, 4);

    /** Number of words of data. */
    public static final Reg.Bits METHOD_COUNT = WORD.bits(28, 16);

    /** Data of {@link #SEC_OP_IMMD_DATA_METHOD}. */
    public static final Reg.Bits IMMD_DATA = WORD.bits(28, 16);

    /** Subchannel. */
    public static final Reg.Bits METHOD_SUBCHANNEL = WORD.bits(15, 13);

    /** Method address, in 4 bytes. */
    public static final Reg.Bits METHOD_ADDRESS = WORD.bits(11, 0);

    /** A word that does nothing. */
    public static final int NOP = 0;

    private PushHeader() {}

    /** The header of data that goes to addresses that follow each other. */
    public static int incrementing(int subchannel, int methodAddress, int count) {
        int word = SEC_OP.set(0, SEC_OP_INC_METHOD);
        word = METHOD_SUBCHANNEL.set(word, subchannel);
        word = METHOD_ADDRESS.set(word, methodAddress >>> 2);
        return METHOD_COUNT.set(word, count);
    }
}
