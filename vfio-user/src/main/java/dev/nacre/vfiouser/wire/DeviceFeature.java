package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * Fixed part of DEVICE_FEATURE, in both directions: u32 argsz, u32 flags; then the feature's data.
 *
 * @param argsz bytes of this and the data that the sender takes or fills, unsigned
 * @param flags the feature's number and the operations
 */
public record DeviceFeature(long argsz, int flags) {
    /** Bytes of the fixed part. */
    public static final int SIZE = 8;

    // HW: VFIO_DEVICE_FEATURE_* of Linux include/uapi/linux/vfio.h
    /** Flags: which bits are the feature's number. */
    public static final int FEATURE_MASK = 0xffff;
    /** Flags: read the feature. */
    public static final int GET = 1 << 16;
    /** Flags: write the feature. */
    public static final int SET = 1 << 17;
    /** Flags: only say whether the other operations are there. */
    public static final int PROBE = 1 << 18;

    /** Feature: what migration the device is capable of. Data when read: u64 of the flags below. */
    public static final int MIGRATION = 1;
    /** Feature: the device's migration state. Data: {@link MigDeviceState}. */
    public static final int MIG_DEVICE_STATE = 2;
    /** Feature: begin to log what the device writes. Data: {@link DmaLoggingStart}. */
    public static final int DMA_LOGGING_START = 6;
    /** Feature: end the log. No data. */
    public static final int DMA_LOGGING_STOP = 7;
    /** Feature: read the log. Data: {@link DmaLoggingReport}, and when read, the bitmap. */
    public static final int DMA_LOGGING_REPORT = 8;

    /** Bytes of {@link #MIGRATION}'s data. */
    public static final int MIGRATION_SIZE = 8;
    /** Migration: the state of the stopped device can be read. */
    public static final long MIGRATION_STOP_COPY = 1;
    /** Migration: the state can be read while the device runs. */
    public static final long MIGRATION_PRE_COPY = 4;

    /** Decodes. */
    public static DeviceFeature read(MemorySegment s, long at) {
        return new DeviceFeature(Le.u32(s, at), Le.i32(s, at + 4));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        Le.putU32(s, at, argsz);
        Le.putU32(s, at + 4, flags);
    }
}
