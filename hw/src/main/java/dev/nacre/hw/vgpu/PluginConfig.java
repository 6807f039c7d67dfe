package dev.nacre.hw.vgpu;

/**
 * Payload of {@link PluginMessage#SETUP_CONFIG_PARAMS_AND_INIT}, as far as it is the same in every firmware version.
 * Offsets are bytes; fields have 32 bits unless said otherwise.
 */
// HW: nvidia-vgpu drivers as proposed for Linux, the plugin's configuration parameters
public final class PluginConfig {
    /** Id of the virtual GPU, 16 bytes in the order in which they are printed. */
    public static final int UUID = 0x00;
    /** Where the virtual function is, as {@link Bootload#DBDF}. */
    public static final int DBDF = 0x10;
    /** Where a driver VM sees it, or 0. */
    public static final int DRIVER_VM_VF_DBDF = 0x14;
    /** Handle of the virtual GPU's client. */
    public static final int VGPU_DEVICE_INSTANCE_ID = 0x18;
    /** Type. */
    public static final int VGPU_TYPE = 0x1c;
    /** The process that the guest runs in. */
    public static final int VM_PID = 0x20;
    /** GPU instance, as {@link Bootload#SWIZZ_ID}. */
    public static final int SWIZZ_ID = 0x24;
    /** Channels that the guest has. */
    public static final int NUM_CHANNELS = 0x28;
    /** How many of them are the plugin's own. */
    public static final int NUM_PLUGIN_CHANNELS = 0x2c;
    /** What the hypervisor can do. */
    public static final int VMM_CAP = 0x30;
    /** How it migrates. */
    public static final int MIGRATION_FEATURE = 0x34;
    /** Which one it is: {@link #HYPERVISOR_UNKNOWN}. */
    public static final int HYPERVISOR_TYPE = 0x38;
    /** The host's processor: {@link #CPU_X86_64} or {@link #CPU_AARCH64}. */
    public static final int HOST_CPU_ARCH = 0x3c;
    /** Bytes of the host's pages, 64 bits. */
    public static final int HOST_PAGE_SIZE = 0x40;

    /** HYPERVISOR_TYPE: none that the firmware knows. */
    public static final int HYPERVISOR_UNKNOWN = 4;
    /** HOST_CPU_ARCH. */
    public static final int CPU_AARCH64 = 1;
    /** HOST_CPU_ARCH. */
    public static final int CPU_X86_64 = 2;
    /** MIGRATION_FEATURE: context buffers are kept. */
    public static final int MIGRATION_PRESERVE_CONTEXT_BUFFERS = 0x4000;
    /** Placement: anywhere. */
    public static final int PLACEMENT_ANYWHERE = 0xffff;

    private PluginConfig() {}
}
