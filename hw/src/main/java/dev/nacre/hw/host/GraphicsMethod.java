package dev.nacre.hw.host;

import dev.nacre.hw.reg.Reg;

/** Methods of the graphics classes: the semaphores, which those of 3D and compute of Ampere and Ada have in common. */
// HW: open-gpu-doc classes/3d/clc997.h, classes/compute/clc9c0.h (SET_REPORT_SEMAPHORE_*, REPORT_SEMAPHORE_EXECUTE)
public final class GraphicsMethod {
    /** FERMI_TWOD_A, the class for rectangles on every chip. */
    public static final int CLASS_FERMI_TWOD_A = 0x902d;

    /** Payload, low. */
    public static final int SET_REPORT_SEMAPHORE_PAYLOAD_LOWER = 0x0158;

    /** Payload, high. */
    public static final int SET_REPORT_SEMAPHORE_PAYLOAD_UPPER = 0x015c;

    /** Address, low. */
    public static final int SET_REPORT_SEMAPHORE_ADDRESS_LOWER = 0x0160;

    /** Address, high. */
    public static final int SET_REPORT_SEMAPHORE_ADDRESS_UPPER = 0x0164;

    /** Executes with the operands above. */
    public static final int REPORT_SEMAPHORE_EXECUTE = 0x0168;

    /** Address, high. */
    public static final int SET_REPORT_SEMAPHORE_A = 0x1b00;

    /** Address, low. */
    public static final int SET_REPORT_SEMAPHORE_B = 0x1b04;

    /** Payload. */
    public static final int SET_REPORT_SEMAPHORE_C = 0x1b08;

    /** Executes with the three operands above. */
    public static final int SET_REPORT_SEMAPHORE_D = 0x1b0c;

    private static final Reg D = Reg.wo("SET_REPORT_SEMAPHORE_D", SET_REPORT_SEMAPHORE_D);
    private static final Reg EXECUTE = Reg.wo("REPORT_SEMAPHORE_EXECUTE", REPORT_SEMAPHORE_EXECUTE);

    /** Operation of both ways; see {@code OPERATION_*}. */
    public static final Reg.Bits OPERATION = D.bits(1, 0);

    /** Writes the payload. */
    public static final int OPERATION_RELEASE = 0;

    /** Writes a report of the pipeline. */
    public static final int OPERATION_REPORT_ONLY = 2;

    /** Writes one word; without it four, with a timestamp. */
    public static final Reg.Flag D_STRUCTURE_SIZE_ONE_WORD = D.flag(28);

    /** Raises the non-stall interrupt. */
    public static final Reg.Flag D_AWAKEN_ENABLE = D.flag(20);

    /** Size of the 3D class: 0 four words, 1 one word, 2 two words. */
    public static final Reg.Bits EXECUTE_3D_STRUCTURE_SIZE = EXECUTE.bits(14, 13);

    /** The 3D class raises the non-stall interrupt. */
    public static final Reg.Flag EXECUTE_3D_AWAKEN_ENABLE = EXECUTE.flag(6);

    /** The 3D class's payload has 64 bits. */
    public static final Reg.Flag EXECUTE_3D_PAYLOAD_SIZE64 = EXECUTE.flag(27);

    /** Size of the compute class: as above. */
    public static final Reg.Bits EXECUTE_COMPUTE_STRUCTURE_SIZE = EXECUTE.bits(4, 3);

    /** The compute class raises the non-stall interrupt. */
    public static final Reg.Flag EXECUTE_COMPUTE_AWAKEN_ENABLE = EXECUTE.flag(2);

    /** The compute class's payload has 64 bits. */
    public static final Reg.Flag EXECUTE_COMPUTE_PAYLOAD_SIZE64 = EXECUTE.flag(12);

    private GraphicsMethod() {}
}
