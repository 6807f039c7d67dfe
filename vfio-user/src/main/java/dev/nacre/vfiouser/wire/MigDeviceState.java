package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * Data of the feature MIG_DEVICE_STATE: u32 device_state, u32 data_fd. There is no descriptor over a socket, so the
 * second is not used.
 *
 * @param state the state's number
 */
public record MigDeviceState(int state) {
    /** Bytes on the wire. */
    public static final int SIZE = 8;

    /** Decodes. */
    public static MigDeviceState read(MemorySegment s, long at) {
        return new MigDeviceState(Le.i32(s, at));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        Le.putU32(s, at, state);
        Le.putU32(s, at + 4, 0);
    }
}
