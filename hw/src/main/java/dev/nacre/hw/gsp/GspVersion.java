package dev.nacre.hw.gsp;

import org.jspecify.annotations.Nullable;

/** The firmware versions whose interface is modelled. */
public enum GspVersion {
    /** What nouveau asks for first from Linux 6.16 on, and nova-core. */
    R570_144("570.144", 928),
    /** What nouveau asks for from Linux 6.7 on. */
    R535_113_01("535.113.01", 664);

    private final String id;
    private final int systemInfoBytes;

    GspVersion(String id, int systemInfoBytes) {
        this.id = id;
        this.systemInfoBytes = systemInfoBytes;
    }

    /** As in the names of firmware files. */
    public String id() {
        return id;
    }

    /** Bytes of GspSystemInfo, the first record of a driver: it betrays for which version the driver was built. */
    // HW: sizeof(GspSystemInfo), open-gpu-kernel-modules, src/nvidia/inc/kernel/gpu/gsp/gsp_static_config.h
    public int systemInfoBytes() {
        return systemInfoBytes;
    }

    /** The version whose GspSystemInfo has a size, or null. */
    public static @Nullable GspVersion ofSystemInfoBytes(int bytes) {
        for (GspVersion version : values()) {
            if (version.systemInfoBytes == bytes) {
                return version;
            }
        }
        return null;
    }
}
