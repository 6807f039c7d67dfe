package dev.nacre.hw.vgpu;

/** Payloads of the plugin's messages. Offsets are bytes; fields have 32 bits unless said otherwise. */
public final class PluginPayload {
    /** Payload at the most. */
    public static final int MAX_BYTES = SharedArea.REGION_BYTES;

    private PluginPayload() {}

    /** VERSION_NEGOTIATION. Hosts leave it zero, and plugins answer zero. */
    public static final class VersionNegotiation {
        /** The host's. */
        public static final int VERSION_CPU = 0;
        /** What both know. */
        public static final int VERSION_NEGOTIATED = 4;
        /** Size of it all. */
        public static final int BYTES = 8;

        private VersionNegotiation() {}
    }

    /** UPDATE_BME_STATE: two flags of 8 bits. */
    public static final class BusMaster {
        /** Whether it does. */
        public static final int ENABLE = 0;
        /** Whether it may. */
        public static final int ALLOWED = 1;
        /** Size of it all. */
        public static final int BYTES = 2;

        private BusMaster() {}
    }

    /** GET_GUEST_INFO: the answer. */
    // HW: layout not published; ours
    public static final class GuestInfo {
        /** Whether a driver runs the GPU: 0 or 1. */
        public static final int DRIVER_LOADED = 0x00;
        /** How often a driver has started it, 64 bits. */
        public static final int BOOT_COUNT = 0x08;
        /** The driver's version, ASCII, NUL-terminated; empty if it has told none. */
        public static final int DRIVER_VERSION = 0x10;
        /** Bytes of that. */
        public static final int DRIVER_VERSION_BYTES = 64;
        /** Size of it all. */
        public static final int BYTES = 0x50;

        private GuestInfo() {}
    }
}
