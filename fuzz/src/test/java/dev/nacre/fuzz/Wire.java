package dev.nacre.fuzz;

/** Numbers of the protocol, stated independently of the code under test. HW: the vfio-user specification. */
final class Wire {
    static final int VERSION = 1;
    static final int DMA_MAP = 2;
    static final int DMA_UNMAP = 3;
    static final int GET_INFO = 4;
    static final int GET_REGION_INFO = 5;
    static final int GET_REGION_IO_FDS = 6;
    static final int GET_IRQ_INFO = 7;
    static final int SET_IRQS = 8;
    static final int REGION_READ = 9;
    static final int REGION_WRITE = 10;
    static final int RESET = 13;
    static final int WRITE_MULTI = 15;
    static final int FEATURE = 16;
    static final int MIG_READ = 17;
    static final int MIG_WRITE = 18;

    // Features.
    static final int MIGRATION = 1;
    static final int STATE = 2;
    static final int LOG_START = 6;
    static final int LOG_STOP = 7;
    static final int LOG_REPORT = 8;

    // What is done with a feature.
    static final int GET = 1 << 16;
    static final int SET = 1 << 17;
    static final int PROBE = 1 << 18;

    static final int HEADER = 16;
    static final int NO_REPLY = 0x10;
    static final int ERROR = 0x20;
    static final int ENOENT = 2;
    static final int EIO = 5;
    static final int E2BIG = 7;
    static final int EEXIST = 17;
    static final int EINVAL = 22;

    static final int MAX_DATA = 1 << 20;
    static final int MAX_MESSAGE = HEADER + 32 + MAX_DATA;
    static final int MAX_VERSION = HEADER + 4 + (64 << 10);

    static final String QEMU = "{\"capabilities\":{\"pgsizes\":4096,\"max_msg_fds\":16,\"max_dma_maps\":65535,"
            + "\"max_data_xfer_size\":1048576,\"migration\":{\"max_bitmap_size\":268435456,\"pgsize\":4096},"
            + "\"write_multiple\":true}}\0";
    static final String RUST_VMM = "{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576,"
            + "\"migration\":{\"pgsize\":4096}}}\0";

    private Wire() {}

    /** The body of VERSION. */
    static byte[] version(int minor, String json) {
        return Bytes.of().u16(0).u16(minor).text(json).get();
    }

    /** The body of GET_INFO. */
    static byte[] info() {
        return Bytes.of().u32(16, 0, 0, 0).get();
    }
}
