package dev.nacre.hw.vgpu;

/**
 * The memory by which host and plugin speak: it lies at the start of the plugin's heap. Offsets are bytes; fields have 32
 * bits unless said otherwise.
 *
 * <p>The host starts the plugin, waits until {@link #MESSAGE_SEQ_NUM} is {@link #PLUGIN_BOOTLOADED}, and sets the version
 * and the offsets of the regions. A call: the payload into the message region, {@link #MESSAGE_TYPE}, then the next
 * {@link #MESSAGE_SEQ_NUM}, then the doorbell; the response region tells when the plugin has processed it. One call at a
 * time.
 */
// HW: nvidia-vgpu drivers as proposed for Linux, drivers/vfio/pci/nvidia-vgpu/include/nvrm, gsp plugin communication
public final class SharedArea {
    /** Control region: the host writes, the plugin only the marker. */
    public static final int CONTROL = 0x0000;
    /** Response region: the plugin writes, see {@link VgpuAbi.ResponseLayout}. */
    public static final int RESPONSE = 0x1000;
    /** Message region: payloads, both ways. */
    public static final int MESSAGE = 0x2000;
    /** Bytes of each of the three. */
    public static final int REGION_BYTES = 0x1000;
    /** Migration region. */
    public static final int MIGRATION = 0x3000;
    /** Bytes of that. */
    public static final int MIGRATION_BYTES = 0x20_0000;
    /** Error region, of {@link #REGION_BYTES}. */
    public static final int ERROR = 0x20_3000;
    /** Where hosts put the first log, of the plugin's start. */
    public static final int INIT_TASK_LOG = 0x20_4000;
    /** Bytes of that. */
    public static final int INIT_TASK_LOG_BYTES = 0x2_0000;
    /** Where hosts put the second log, of the virtual GPU. */
    public static final int VGPU_TASK_LOG = 0x22_4000;
    /** Bytes of that. */
    public static final int VGPU_TASK_LOG_BYTES = 0x4_0000;
    /** Where hosts put the third log, of the kernel that plugins run on. */
    public static final int KERNEL_LOG = 0x26_4000;
    /** Bytes of that. */
    public static final int KERNEL_LOG_BYTES = 0x1_0000;
    /** Bytes of it all; the rest of the heap is the plugin's own. */
    public static final int BYTES = 0x27_4000;

    /** Control region: {@link #VERSION_1}. */
    public static final int VERSION = 0x00;
    /** Control region: {@link PluginMessage}. */
    public static final int MESSAGE_TYPE = 0x04;
    /** Control region: number of the message, never 0; before the first, {@link #PLUGIN_BOOTLOADED} from the plugin. */
    public static final int MESSAGE_SEQ_NUM = 0x08;
    /** Control region: where the response region is, 64 bits. */
    public static final int RESPONSE_BUFF_OFFSET = 0x10;
    /** Control region: where the message region is, 64 bits. */
    public static final int MESSAGE_BUFF_OFFSET = 0x18;
    /** Control region: where the migration region is, 64 bits. */
    public static final int MIGRATION_BUFF_OFFSET = 0x20;
    /** Control region: where the error region is, 64 bits. */
    public static final int ERROR_BUFF_OFFSET = 0x28;
    /** Control region: how far the host has read errors. */
    public static final int ERROR_BUFF_CPU_GET_IDX = 0x38;
    /** Control region: virtual GPUs that the guest has. */
    public static final int ATTACHED_VGPU_COUNT = 0x3c;

    /** The version of this. */
    public static final int VERSION_1 = 1;
    /** GSP_PLUGIN_BOOTLOADED: the plugin is ready. */
    public static final int PLUGIN_BOOTLOADED = 0x4e65_4a6f;
    /** Surfaces in the response region: as many heads as a virtual GPU can have. */
    public static final int SURFACES = 4;

    /** Vectors of a function in the doorbell register. */
    public static final int VECTORS_PER_GFID = 32;
    /** Among them the one for a plugin. */
    public static final int CPU_PLUGIN_VECTOR = 17;

    private SharedArea() {}

    /** What the host writes to {@link dev.nacre.hw.regs.VirtualFunction#PRIV_DOORBELL} to call a plugin. */
    public static int doorbell(int gfid) {
        return gfid * VECTORS_PER_GFID + CPU_PLUGIN_VECTOR;
    }
}
