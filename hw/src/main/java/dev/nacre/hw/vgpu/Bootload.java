package dev.nacre.hw.vgpu;

/** The parameters that start a plugin, as far as they are the same in every firmware version. Offsets are bytes. */
// HW: open-gpu-kernel-modules, src/common/sdk/nvidia/inc/ctrl/ctrl2080/ctrl2080vgpumgrinternal.h
public final class Bootload {
    /** Where the virtual function is: domain, bus, device and function in 16, 8, 5 and 3 bits from the top. */
    public static final int DBDF = 0x00;
    /** Number of the function, from 1. */
    public static final int GFID = 0x04;
    /** Type, or 0 if the plugin is told later. */
    public static final int VGPU_TYPE = 0x08;
    /** The process that the guest runs in. */
    public static final int VM_PID = 0x0c;
    /** GPU instance; 0 or all ones for a GPU that is not partitioned. */
    public static final int SWIZZ_ID = 0x10;
    /** Channels that the guest has. */
    public static final int NUM_CHANNELS = 0x14;
    /** How many of them are the plugin's own. */
    public static final int NUM_PLUGIN_CHANNELS = 0x18;
    /** The guest's first channel on each engine, by NV2080_ENGINE_TYPE. */
    public static final int CHID_OFFSET = 0x1c;
    /** Pieces of memory that a guest can be given. */
    public static final int MAX_SEGMENTS = 384;
    /** SWIZZ_ID: the whole GPU. */
    public static final int WHOLE_GPU = -1;

    private Bootload() {}
}
