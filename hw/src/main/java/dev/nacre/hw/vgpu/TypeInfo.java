package dev.nacre.hw.vgpu;

/**
 * NVA081_CTRL_VGPU_INFO, a type of virtual GPU, as far as it is the same in every firmware version; and the control that
 * brings types. Offsets are bytes; fields have 32 bits, identifiers of devices and sizes 64.
 */
// HW: open-gpu-kernel-modules, src/common/sdk/nvidia/inc/ctrl/ctrla081.h, ctrl2080/ctrl2080vgpumgrinternal.h
public final class TypeInfo {
    /** Number, from 1. */
    public static final int VGPU_TYPE = 0x000;
    /** Name, NUL-terminated. */
    public static final int VGPU_NAME = 0x004;
    /** What it is for, NUL-terminated. */
    public static final int VGPU_CLASS = 0x024;
    /** Bytes of either. */
    public static final int STRING_BYTES = 32;
    /** Licenses, NUL-terminated, divided by semicolons. */
    public static final int LICENSE = 0x0c4;
    /** Bytes of them. */
    public static final int LICENSE_BYTES = 128;
    /** How many one GPU can have. */
    public static final int MAX_INSTANCE = 0x144;
    /** Display heads. */
    public static final int NUM_HEADS = 0x148;
    /** Pixels of the largest picture. */
    public static final int MAX_RESOLUTION_X = 0x14c;
    /** Lines of the largest picture. */
    public static final int MAX_RESOLUTION_Y = 0x150;
    /** Pixels of all heads together. */
    public static final int MAX_PIXELS = 0x154;
    /** Frames in a second. */
    public static final int FRL_CONFIG = 0x158;
    /** Whether it computes. */
    public static final int CUDA_ENABLED = 0x15c;
    /** Whether it works with memory that corrects errors. */
    public static final int ECC_SUPPORTED = 0x160;
    /** Slices of a partitioned GPU. */
    public static final int GPU_INSTANCE_SIZE = 0x164;
    /** Whether a guest may have several. */
    public static final int MULTI_VGPU_SUPPORTED = 0x168;
    /** What the guest sees: device in bits 31:16, subsystem in bits 15:0. */
    public static final int VDEV_ID = 0x170;
    /** PCI device of the GPU that it is for. */
    public static final int PDEV_ID = 0x178;
    /** Nominal size of the memory. */
    public static final int PROFILE_SIZE = 0x180;
    /** The guest's memory. */
    public static final int FB_LENGTH = 0x188;
    /** The plugin's memory. */
    public static final int GSP_HEAP_SIZE = 0x190;
    /** Memory that is set aside besides. */
    public static final int FB_RESERVATION = 0x198;
    /** How much of the memory a processor can reach at a time for video. */
    public static final int MAPPABLE_VIDEO_SIZE = 0x1a0;
    /** Share of the encoder in percent. */
    public static final int ENCODER_CAPACITY = 0x1a8;
    /** Size of BAR1 in MiB. */
    public static final int BAR1_LENGTH = 0x1b0;
    /** Whether FRL_CONFIG holds. */
    public static final int FRL_ENABLE = 0x1b8;

    /** NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_PGPU_ADD_VGPU_TYPE: whether these replace all others, 8 bits. */
    public static final int ADD_DISCARD_VGPU_TYPES = 0x0;
    /** Of that control: how many there are. */
    public static final int ADD_VGPU_INFO_COUNT = 0x4;
    /** Of that control: the types. */
    public static final int ADD_VGPU_INFO = 0x8;
    /** How many types a GPU can have. */
    public static final int MAX_TYPES = 64;

    private TypeInfo() {}
}
