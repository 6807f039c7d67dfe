package dev.nacre.testsupport.driver;

import dev.nacre.hw.rm.ParamLayout.KernelInterruptTable;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;
import java.util.HashMap;
import java.util.Map;

/** Controls of the board: the interrupt table, and how the firmware treats what it does not know. */
final class ControlProbe {
    private static final int UNKNOWN_COMMAND = 0x2080_1eed;

    /** A bit that asks RM to hand the command through untouched. */
    private static final int LEGACY_COMMAND = 0x2080_a637;

    private static final int NO_VECTOR = 0xff;

    private final Device device;
    private final Check check;
    private final RmClient internal;
    private final int subdevice;

    ControlProbe(Device device, RmClient internal, int subdevice) {
        this.device = device;
        this.check = device.check;
        this.internal = internal;
        this.subdevice = subdevice;
    }

    /**
     * Vectors by MC_ENGINE_IDX.
     *
     * @param stall of interrupts that stop the engine
     * @param nonStall of those that do not
     */
    record Vectors(Map<Integer, Integer> stall, Map<Integer, Integer> nonStall) {}

    /** Asks for the interrupt table. */
    Vectors vectors() {
        Words table = new Words(KernelInterruptTable.SUBTREE_MAP + 16);
        Words reply = internal.control(subdevice, RmControl.NV2080_CTRL_CMD_INTERNAL_INTR_GET_KERNEL_TABLE, table);
        int count = reply.intAt(KernelInterruptTable.TABLE_LEN);
        check.that(
                "rows of the interrupt table",
                count > 0 && count <= KernelInterruptTable.MAX_ROWS,
                "1 to " + KernelInterruptTable.MAX_ROWS,
                "" + count);
        Vectors vectors = new Vectors(new HashMap<>(), new HashMap<>());
        for (int i = 0; i < count; i++) {
            int row = KernelInterruptTable.TABLE + i * KernelInterruptTable.ROW_BYTES;
            int engine = reply.shortAt(row + KernelInterruptTable.ENGINE_IDX);
            put(vectors.stall(), engine, reply.intAt(row + KernelInterruptTable.VECTOR_STALL));
            put(vectors.nonStall(), engine, reply.intAt(row + KernelInterruptTable.VECTOR_NON_STALL));
        }
        return vectors;
    }

    private void put(Map<Integer, Integer> vectors, int engine, int vector) {
        if (vector != -1) {
            check.that("vector of engine index " + engine, vector >= 0 && vector <= NO_VECTOR, "0 to 255", "" + vector);
            vectors.put(engine, vector);
        }
    }

    /** An unknown control is answered with zeros, never with an echo; a legacy one is refused. */
    void unknown() {
        for (int size : new int[] {4, 88, 4096, 23_072}) {
            Words reply = internal.control(subdevice, UNKNOWN_COMMAND, new Words(device.noise(size)), 0);
            check.equal("parameters of an unknown control, " + size + " bytes", new byte[size], reply.bytes());
        }
        internal.control(
                subdevice, LEGACY_COMMAND, new Words(device.noise(3608)), RmStatus.NV_ERR_NOT_SUPPORTED.code());
    }

    /** A control too long for one record goes and comes back in several. */
    void continued() {
        int size = 205_112;
        Words reply = internal.control(subdevice, UNKNOWN_COMMAND, new Words(device.noise(size)), 0);
        check.equal("parameters of a long unknown control", new byte[size], reply.bytes());
    }

    /** Goes round both queues several times, with records that wrap. */
    void wrap() {
        for (int i = 0; i < 40; i++) {
            internal.control(subdevice, UNKNOWN_COMMAND, new Words(device.noise(4 * (1 + 511 * i))), 0);
        }
    }
}
