package dev.nacre.board.rom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What the board's FWSEC firmware looks like: where in its data memory drivers and firmware find each other. The
 * firmware itself is {@link dev.nacre.board.falcon.FwsecProgram}; the image holds no code.
 *
 * <pre>
 * data memory   0x000  (unused)
 *               0x100  interface table: header, two entries
 *               0x140  DMEMMAPPER
 *               0x200  command buffer, in
 *               0x300  command buffer, out
 *               0x400  signature, patched in by the driver
 *               0x800  end
 * </pre>
 */
// HW: nouveau nvkm/subdev/gsp/fwsec.c; nova-core firmware/fwsec.rs; open-gpu-kernel-modules
// src/nvidia/src/kernel/gpu/gsp/arch/turing/kernel_gsp_frts_tu102.c
public final class FwsecImage {
    /** Bytes of instruction memory: any multiple of 256. */
    static final int IMEM_BYTES = 0x200;

    /** Bytes of data memory. */
    static final int DMEM_BYTES = 0x800;

    /** Where the interface table is. */
    public static final int INTERFACE_OFFSET = 0x100;

    /** Interface that takes commands through data memory. */
    public static final int INTERFACE_DMEMMAPPER = 4;

    /** "DMAP". */
    public static final int DMEMMAPPER_SIGNATURE = 0x50414d44;

    /** In the DMEMMAPPER: offset of the command buffer. */
    public static final int DMEMMAPPER_CMD_IN_BUFFER_OFFSET = 0x08;

    /** In the DMEMMAPPER: the command. */
    public static final int DMEMMAPPER_INIT_CMD = 0x2c;

    /** Command: put up the write-protected region for the firmware's run-time security. */
    public static final int CMD_FRTS = 0x15;

    /** Command: secure boot of what remains, when the driver unloads. */
    public static final int CMD_SB = 0x19;

    /** In the command buffer: region descriptor behind the descriptor of the VBIOS. */
    public static final int FRTS_REGION_OFFSET = 24;

    /** In the region descriptor: {@code address >> 12}. */
    public static final int FRTS_REGION_ADDRESS = 8;

    /** In the region descriptor: {@code size >> 12}. */
    public static final int FRTS_REGION_SIZE = 12;

    /** In the region descriptor: kind of memory. */
    public static final int FRTS_REGION_TYPE = 16;

    /** Kind of memory: the board's own. */
    public static final int FRTS_REGION_TYPE_FB = 2;

    /** Where the driver patches in the signature. */
    static final int PKC_DATA_OFFSET = 0x400;

    /** Bytes of a signature (RSA-3072). */
    static final int SIGNATURE_BYTES = 384;

    /** Engines that it runs on: GSP. */
    static final int ENGINE_ID_MASK = 0x400;

    /** Its id for the boot ROM. */
    static final int UCODE_ID = 9;

    private static final int DMEMMAPPER_OFFSET = 0x140;
    private static final int DMEMMAPPER_BYTES = 0x40;
    private static final int CMD_IN_OFFSET = 0x200;
    private static final int CMD_OUT_OFFSET = 0x300;
    private static final int CMD_BUFFER_BYTES = 0x100;

    private FwsecImage() {}

    /** Its data memory, before a driver patches it. */
    static byte[] dataMemory() {
        ByteBuffer dmem = ByteBuffer.allocate(DMEM_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        dmem.position(INTERFACE_OFFSET);
        // HW: header {version 1, header size, entry size, entries}. NVIDIA's driver refuses less than two entries, and
        // checks its buffer against the last one.
        dmem.put((byte) 1).put((byte) 4).put((byte) 8).put((byte) 2);
        dmem.putInt(1).putInt(CMD_OUT_OFFSET);
        dmem.putInt(INTERFACE_DMEMMAPPER).putInt(DMEMMAPPER_OFFSET);
        dmem.position(DMEMMAPPER_OFFSET);
        dmem.putInt(DMEMMAPPER_SIGNATURE).putShort((short) 3).putShort((short) DMEMMAPPER_BYTES);
        dmem.putInt(CMD_IN_OFFSET).putInt(CMD_BUFFER_BYTES);
        dmem.putInt(CMD_OUT_OFFSET).putInt(CMD_BUFFER_BYTES);
        return dmem.array();
    }
}
