package dev.nacre.hw.fsp;

/** NVDM_PAYLOAD_COMMAND_RESPONSE: what the FSP says to a command. Offsets are from the payload's start. */
// HW: open-gpu-kernel-modules src/nvidia/inc/kernel/gpu/fsp/kern_fsp_cot_payload.h; nouveau nvkm/subdev/fsp/gh100.c
public final class FspResponse {
    /** Task of the FSP that answers, 32 bits. */
    public static final int TASK_ID = 0;

    /** NVDM type of the command, 32 bits. */
    public static final int COMMAND_NVDM_TYPE = 4;

    /** 0 = done, 32 bits. */
    public static final int ERROR_CODE = 8;

    /** Bytes of the payload. */
    public static final int BYTES = 12;

    private FspResponse() {}
}
