package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * DEVICE_SET_IRQS' request: u32 argsz, u32 flags, u32 index, u32 start, u32 count; then one byte per vector if the data
 * are bools. Eventfds come beside it.
 *
 * @param argsz what the sender thinks the size of this struct and its data is, unsigned
 * @param flags one kind of data and one action
 * @param index which interrupt kind
 * @param start first vector, unsigned
 * @param count number of vectors, unsigned
 */
public record IrqSet(long argsz, int flags, int index, long start, long count) {
    /** Bytes of the fixed part. */
    public static final int SIZE = 20;

    // HW: VFIO_IRQ_SET_* of Linux include/uapi/linux/vfio.h
    /** Data: none. */
    public static final int DATA_NONE = 1;
    /** Data: a byte per vector, zero to leave it out. */
    public static final int DATA_BOOL = 2;
    /** Data: an eventfd per vector. */
    public static final int DATA_EVENTFD = 4;
    /** Action: mask. */
    public static final int ACTION_MASK = 8;
    /** Action: unmask. */
    public static final int ACTION_UNMASK = 16;
    /** Action: bind, unbind or fire. */
    public static final int ACTION_TRIGGER = 32;
    /** All kinds of data. */
    public static final int DATA = DATA_NONE | DATA_BOOL | DATA_EVENTFD;
    /** All actions. */
    public static final int ACTION = ACTION_MASK | ACTION_UNMASK | ACTION_TRIGGER;

    /** Decodes. */
    public static IrqSet read(MemorySegment s, long at) {
        return new IrqSet(Le.u32(s, at), Le.i32(s, at + 4), Le.i32(s, at + 8), Le.u32(s, at + 12), Le.u32(s, at + 16));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        Le.putU32(s, at, argsz);
        Le.putU32(s, at + 4, flags);
        Le.putU32(s, at + 8, index);
        Le.putU32(s, at + 12, start);
        Le.putU32(s, at + 16, count);
    }
}
