package dev.nacre.corejava.rm;

import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.hw.rm.ParamLayout.KernelInterruptTable;
import dev.nacre.hw.rm.RmControl;
import java.util.HashMap;
import java.util.Map;

/** Which engine interrupts by which vectors. */
public final class InterruptVectors {
    /** There is none. */
    public static final int NONE = -1;

    private final Map<Integer, Integer> stall = new HashMap<>();
    private final Map<Integer, Integer> nonStall = new HashMap<>();

    private InterruptVectors() {}

    /**
     * Asks the firmware.
     *
     * @param end no vector of the tree is as large
     */
    public static InterruptVectors read(BoardControls controls, int end) {
        byte[] table = new byte[KernelInterruptTable.BYTES];
        controls.control(RmControl.NV2080_CTRL_CMD_INTERNAL_INTR_GET_KERNEL_TABLE.number(), table);
        return parse(new HostileBytes("interrupt table", table), end);
    }

    static InterruptVectors parse(HostileBytes table, int end) {
        long rows = table.uintAt(KernelInterruptTable.TABLE_LEN);
        table.require(rows <= KernelInterruptTable.MAX_ROWS, rows + " rows");
        InterruptVectors vectors = new InterruptVectors();
        for (int i = 0; i < rows; i++) {
            long row = KernelInterruptTable.TABLE + (long) i * KernelInterruptTable.ROW_BYTES;
            int engine = table.shortAt(row + KernelInterruptTable.ENGINE_IDX);
            vectors.put(vectors.stall, engine, table.intAt(row + KernelInterruptTable.VECTOR_STALL), end);
            vectors.put(vectors.nonStall, engine, table.intAt(row + KernelInterruptTable.VECTOR_NON_STALL), end);
        }
        return vectors;
    }

    private void put(Map<Integer, Integer> vectors, int engine, int vector, int end) {
        if (vector >= 0 && vector < end) {
            vectors.put(engine, vector);
        }
    }

    /** Vector of an engine's interrupt that it waits for, by MC_ENGINE_IDX; {@link #NONE} without. */
    public int stall(int engineIndex) {
        return stall.getOrDefault(engineIndex, NONE);
    }

    /** Vector of an engine's notification, by MC_ENGINE_IDX; {@link #NONE} without. */
    public int nonStall(int engineIndex) {
        return nonStall.getOrDefault(engineIndex, NONE);
    }
}
