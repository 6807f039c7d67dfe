package dev.nacre.hw.fsp;

/** GSP_FMC_BOOT_PARAMS: what GSP-FMC is to start, in the driver's memory. */
// HW: open-gpu-kernel-modules src/nvidia/arch/nvalloc/common/inc/gsp/gspifpub.h
public final class FmcBootParams {
    /** initParams.regkeys, 32 bits. */
    public static final int INIT_REGKEYS = 0x00;

    /** bootGspRmParams.target: where the description lies, 32 bits, {@link #TARGET_COHERENT_SYSTEM}. */
    public static final int BOOT_TARGET = 0x08;

    /** bootGspRmParams.gspRmDescSize: bytes of the description, 32 bits. */
    public static final int GSP_RM_DESC_SIZE = 0x0c;

    /** bootGspRmParams.gspRmDescOffset: address of the description, 64 bits: GspFwWprMeta, or GspFwSRMeta to go on. */
    public static final int GSP_RM_DESC_OFFSET = 0x10;

    /** bootGspRmParams.wprCarveoutOffset, 64 bits; 0 lets the firmware choose. */
    public static final int WPR_CARVEOUT_OFFSET = 0x18;

    /** bootGspRmParams.wprCarveoutSize, 32 bits; 0 lets the firmware choose. */
    public static final int WPR_CARVEOUT_SIZE = 0x20;

    /** bootGspRmParams.bIsGspRmBoot: 1, 8 bits. */
    public static final int IS_GSP_RM_BOOT = 0x24;

    /** gspRmParams.target: where the arguments lie, 32 bits. */
    public static final int RM_TARGET = 0x28;

    /** gspRmParams.bootArgsOffset: address of the libos arguments, 64 bits. */
    public static final int RM_BOOT_ARGS_OFFSET = 0x30;

    /** gspSpdmParams.target, 32 bits; only for confidential computing. */
    public static final int SPDM_TARGET = 0x38;

    /** gspSpdmParams.payloadBufferOffset, 64 bits. */
    public static final int SPDM_PAYLOAD_BUFFER_OFFSET = 0x40;

    /** gspSpdmParams.payloadBufferSize, 32 bits. */
    public static final int SPDM_PAYLOAD_BUFFER_SIZE = 0x48;

    /** Bytes of it all. */
    public static final int BYTES = 0x50;

    /** GSP_DMA_TARGET_LOCAL_FB: video memory. */
    public static final int TARGET_LOCAL_FB = 0;

    /** GSP_DMA_TARGET_COHERENT_SYSTEM: system memory. */
    public static final int TARGET_COHERENT_SYSTEM = 1;

    /** GSP_DMA_TARGET_NONCOHERENT_SYSTEM: system memory. */
    public static final int TARGET_NONCOHERENT_SYSTEM = 2;

    private FmcBootParams() {}
}
