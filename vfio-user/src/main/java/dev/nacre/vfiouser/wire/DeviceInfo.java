package dev.nacre.vfiouser.wire;

import java.lang.foreign.MemorySegment;

/**
 * DEVICE_GET_INFO in both directions: u32 argsz, u32 flags, u32 num_regions, u32 num_irqs.
 *
 * @param argsz size of the struct that the sender takes or fills, unsigned
 * @param flags {@link #RESET} and {@link #PCI}
 * @param regions number of regions
 * @param irqs number of interrupt kinds
 */
public record DeviceInfo(long argsz, int flags, int regions, int irqs) {
    /** Bytes on the wire. */
    public static final int SIZE = 16;

    // HW: VFIO_DEVICE_FLAGS_* of Linux include/uapi/linux/vfio.h
    /** The device takes DEVICE_RESET. */
    public static final int RESET = 1;
    /** The device is a PCI function. */
    public static final int PCI = 2;

    /** Decodes. */
    public static DeviceInfo read(MemorySegment s, long at) {
        return new DeviceInfo(Le.u32(s, at), Le.i32(s, at + 4), Le.i32(s, at + 8), Le.i32(s, at + 12));
    }

    /** Encodes. */
    public void write(MemorySegment s, long at) {
        Le.putU32(s, at, argsz);
        Le.putU32(s, at + 4, flags);
        Le.putU32(s, at + 8, regions);
        Le.putU32(s, at + 12, irqs);
    }
}
