package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * The header before every message.
 *
 * <pre>
 *  0  u16 message id     the sender's own; the reply echoes it
 *  2  u16 command        the same in the reply
 *  4  u32 size           of the whole message, header included
 *  8  u32 flags          bits 3:0 type, bit 4 No_reply, bit 5 Error
 * 12  u32 error          errno of a reply with the Error bit
 * </pre>
 */
public final class Header {
    /** Bytes of a header. */
    public static final int SIZE = 16;

    // HW: the vfio-user specification, "Header"
    /** Flags: which bits are the type. */
    public static final int TYPE_MASK = 0xf;
    /** Flags: type of a command. */
    public static final int TYPE_COMMAND = 0;
    /** Flags: type of a reply. */
    public static final int TYPE_REPLY = 1;
    /** Flags: the sender wants no reply, not even an error. */
    public static final int NO_REPLY = 0x10;
    /** Flags: the command failed; nothing but the header follows. */
    public static final int ERROR = 0x20;

    private Header() {}

    /** The message id. */
    public static int id(MemorySegment s, long at) {
        return Le.u16(s, at);
    }

    /** The command's number. */
    public static int command(MemorySegment s, long at) {
        return Le.u16(s, at + 2);
    }

    /** The size of the message, header included, as sent: 0 to 4294967295. */
    public static long size(MemorySegment s, long at) {
        return Le.u32(s, at + 4);
    }

    /** The flags. */
    public static int flags(MemorySegment s, long at) {
        return Le.i32(s, at + 8);
    }

    /** The error number. */
    public static int error(MemorySegment s, long at) {
        return Le.i32(s, at + 12);
    }

    /** Writes a header at the start of a segment. */
    public static void put(MemorySegment s, int id, int command, int size, int flags, int error) {
        Le.putU16(s, 0, id);
        Le.putU16(s, 2, command);
        Le.putU32(s, 4, size);
        Le.putU32(s, 8, flags);
        Le.putU32(s, 12, error);
    }
}
