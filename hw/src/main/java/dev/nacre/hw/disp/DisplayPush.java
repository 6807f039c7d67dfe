package dev.nacre.hw.disp;

/** A header word of a display channel's push buffer. */
// HW: nouveau include/nvif/push507c.h, pushc37b.h; open-gpu-doc clc37d.h (DMA)
public final class DisplayPush {
    /** Methods at increasing addresses. */
    public static final int OPCODE_METHOD = 0;

    /** Go on at another offset. */
    public static final int OPCODE_JUMP = 1;

    /** One method, several times. */
    public static final int OPCODE_NONINC_METHOD = 2;

    /** Which subdevices listen; there is one. */
    public static final int OPCODE_SET_SUBDEVICE_MASK = 3;

    /** Most data words after a header. */
    public static final int MAX_COUNT = 0x3ff;

    /** Bits of PUT, GET and a jump's target that count (11:2): a push buffer has 4 KiB. */
    public static final int POINTER_MASK = 0xffc;

    private DisplayPush() {}

    /** The header of a method with one data word. */
    public static int header(int method) {
        return OPCODE_METHOD | 1 << 18 | method;
    }

    /** A jump to the beginning of the push buffer. */
    public static int jumpToStart() {
        return OPCODE_JUMP << 29;
    }

    /** What the word asks for. */
    public static int opcode(int header) {
        return header >>> 29;
    }

    /** How many data words follow. */
    public static int count(int header) {
        return header >>> 18 & MAX_COUNT;
    }

    /** Address of the method in bytes. */
    public static int method(int header, DisplayGeneration generation) {
        return header & generation.methodMask();
    }

    /** Target of a jump, in bytes from the push buffer's start. */
    public static int jumpOffset(int header) {
        return header & POINTER_MASK;
    }
}
