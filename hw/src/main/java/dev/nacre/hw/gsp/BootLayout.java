package dev.nacre.hw.gsp;

/**
 * What a driver hands to the GSP at its start: the description of the firmware's memory, the table of libos arguments
 * and RM's own arguments. Offsets are bytes.
 */
// HW: open-gpu-kernel-modules, src/nvidia/arch/nvalloc/common/inc/gsp/gsp_fw_wpr_meta.h, gsp_fw_sr_meta.h,
// src/common/uproc/os/common/include/libos_init_args.h, src/nvidia/inc/kernel/gpu/gsp/gsp_init_args.h
public final class BootLayout {
    /** Bytes of GspFwWprMeta. */
    public static final int WPR_META_BYTES = 256;
    /** Its first field. */
    public static final long WPR_META_MAGIC = 0xdc3aae21371a60b3L;
    /** Its second field. */
    public static final long WPR_META_REVISION = 1;
    /** GspFwWprMeta: revision. */
    public static final int WPR_REVISION = 0x08;
    /** GspFwWprMeta: bus address of the first of three levels of page lists over the firmware's image. */
    public static final int SYSMEM_ADDR_OF_RADIX3_ELF = 0x10;
    /** GspFwWprMeta: bytes of the firmware's image. */
    public static final int SIZE_OF_RADIX3_ELF = 0x18;
    /** GspFwWprMeta: bus address of the boot loader. */
    public static final int SYSMEM_ADDR_OF_BOOTLOADER = 0x20;
    /** GspFwWprMeta: bytes of the boot loader. */
    public static final int SIZE_OF_BOOTLOADER = 0x28;
    /** GspFwWprMeta: the boot loader's code, from its start. */
    public static final int BOOTLOADER_CODE_OFFSET = 0x30;
    /** GspFwWprMeta: its data. */
    public static final int BOOTLOADER_DATA_OFFSET = 0x38;
    /** GspFwWprMeta: its manifest. */
    public static final int BOOTLOADER_MANIFEST_OFFSET = 0x40;
    /** GspFwWprMeta: bus address of the image's signature. */
    public static final int SYSMEM_ADDR_OF_SIGNATURE = 0x48;
    /** GspFwWprMeta: its bytes. */
    public static final int SIZE_OF_SIGNATURE = 0x50;
    /** GspFwWprMeta: start of all that is the firmware's. */
    public static final int GSP_FW_RSVD_START = 0x58;
    /** GspFwWprMeta: where the firmware may keep what needs no protection; everything below is the driver's. */
    public static final int NON_WPR_HEAP_OFFSET = 0x60;
    /** GspFwWprMeta: bytes of that. */
    public static final int NON_WPR_HEAP_SIZE = 0x68;
    /** GspFwWprMeta: start of the protected region. */
    public static final int GSP_FW_WPR_START = 0x70;
    /** GspFwWprMeta: start of the firmware's protected heap. */
    public static final int GSP_FW_HEAP_OFFSET = 0x78;
    /** GspFwWprMeta: bytes of the firmware's protected heap. */
    public static final int GSP_FW_HEAP_SIZE = 0x80;
    /** GspFwWprMeta: where the image goes. */
    public static final int GSP_FW_OFFSET = 0x88;
    /** GspFwWprMeta: where the boot loader goes. */
    public static final int BOOT_BIN_OFFSET = 0x90;
    /** GspFwWprMeta: start of FRTS. */
    public static final int FRTS_OFFSET = 0x98;
    /** GspFwWprMeta: bytes of FRTS. */
    public static final int FRTS_SIZE = 0xa0;
    /** GspFwWprMeta: end of the protected region. */
    public static final int GSP_FW_WPR_END = 0xa8;
    /** GspFwWprMeta: bytes of VRAM as the driver knows it. */
    public static final int FB_SIZE = 0xb0;
    /** GspFwWprMeta: start of VGA's memory. */
    public static final int VGA_WORKSPACE_OFFSET = 0xb8;
    /** GspFwWprMeta: its bytes. */
    public static final int VGA_WORKSPACE_SIZE = 0xc0;
    /** GspFwWprMeta: how many virtual functions have a part of the heap, 8 bits. */
    public static final int GSP_FW_HEAP_VF_PARTITION_COUNT = 0xf0;
    /** GspFwWprMeta: bytes behind FRTS that the PMU keeps, 32 bits; FSP chips. */
    public static final int PMU_RESERVED_SIZE = 0xf4;

    /** First field of GspFwSRMeta. */
    public static final long SR_META_MAGIC = 0x8a3bb9e6c6c39d93L;
    /** Its second field. */
    public static final long SR_META_REVISION = 2;
    /** Bytes of GspFwSRMeta. */
    public static final int SR_META_BYTES = 256;
    /** GspFwSRMeta: bus address of page lists, as for the image, over the memory that takes what is saved. */
    public static final int SYSMEM_ADDR_OF_SUSPEND_RESUME_DATA = 0x10;
    /** GspFwSRMeta: bytes of that memory: those of the protected region. */
    public static final int SIZE_OF_SUSPEND_RESUME_DATA = 0x18;
    /** NV2080_CTRL_GPU_SET_POWER_STATE_GPU_POWER_LEVEL_3: the level from which a GSP comes back after a suspend. */
    public static final int POWER_LEVEL_3 = 3;

    /** Bytes of one libos argument. */
    public static final int LIBOS_ARGUMENT_BYTES = 32;
    /** Most of them: one page. */
    public static final int LIBOS_ARGUMENTS_MAX = 128;
    /** Libos argument: bus address. */
    public static final int LIBOS_ADDRESS = 0x08;
    /** Libos argument: bytes. */
    public static final int LIBOS_SIZE = 0x10;
    /** Libos argument: kind, 8 bits. */
    public static final int LIBOS_KIND = 0x18;
    /** One piece. */
    public static final int LIBOS_KIND_CONTIGUOUS = 1;
    /** Libos argument: where it lies, {@link #LIBOS_LOCATION_SYSMEM}. */
    public static final int LIBOS_LOCATION = 0x19;
    /** System memory. */
    public static final int LIBOS_LOCATION_SYSMEM = 1;
    /** Name of RM's arguments, packed big-endian into 64 bits. */
    public static final long LIBOS_RMARGS = 0x524d41524753L;

    /** RM's arguments: bus address of the shared memory. */
    public static final int SHARED_MEM_PHYS_ADDR = 0x00;
    /** RM's arguments: pages of the shared memory. */
    public static final int PAGE_TABLE_ENTRY_COUNT = 0x08;
    /** RM's arguments: offset of the command queue in the shared memory. */
    public static final int CMD_QUEUE_OFFSET = 0x10;
    /** RM's arguments: offset of the status queue in the shared memory. */
    public static final int STAT_QUEUE_OFFSET = 0x18;
    /** Bytes of RM's arguments that are read at a start. */
    public static final int RM_ARGUMENTS_BYTES = 0x20;

    private BootLayout() {}
}
