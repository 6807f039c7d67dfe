package dev.nacre.board.rm;

import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.EngineInfo;
import dev.nacre.board.hal.GpuModel;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspAbi.InterruptIndexes;
import dev.nacre.hw.rm.ParamLayout.KernelInterruptTable;
import dev.nacre.hw.rm.RmControl;

/** The control that tells the interrupt vectors. */
final class InterruptControls {
    private static final int NO_VECTOR = -1;

    // HW: MC_ENGINE_IDX_TMR, MC_ENGINE_IDX_DISP: the same in all versions.
    private static final int INDEX_TIMER = 1;
    private static final int INDEX_DISPLAY = 2;

    // HW: free choice of the firmware, but a vector's subtree (64 vectors) must be of its category: access counters lie
    // in that of UVM, faults in the one shared with it. A driver triggers the doorbell vectors to test its interrupts.
    private static final int VECTOR_ACCESS_COUNTER = 126;
    private static final int VECTOR_CPU_DOORBELL = 129;
    private static final int VECTOR_PRIVILEGED_DOORBELL = 130;
    private static final int VECTOR_FIRST_FAULT = 132;
    private static final int VECTOR_TIMER = 140;

    // HW: first and last subtree of: default, engines, notifications of engines, runlists, notifications of runlists,
    // UVM's own, shared with UVM; open-gpu-kernel-modules, dev_vm_addendum.h of GA100. 0xff: there is none.
    private static final int[] SUBTREES = {0xff, 3, 0, 0xff, 0xff, 1, 2};

    private final ChipHal hal;
    private final int heads;

    InterruptControls(GpuModel model) {
        this.hal = model.hal();
        this.heads = model.heads();
    }

    void register(ControlRegistry registry) {
        registry.reply(RmControl.NV2080_CTRL_CMD_INTERNAL_INTR_GET_KERNEL_TABLE, this::kernelTable);
    }

    private void kernelTable(ControlCall call) {
        Rows rows = new Rows(call.out());
        GspAbi abi = call.abi();
        InterruptIndexes index = abi.interruptIndexes();
        rows.add(index.gsp(), hal.gspStallVector(), NO_VECTOR);
        if (heads > 0) {
            rows.add(INDEX_DISPLAY, hal.displayStallVector(), NO_VECTOR);
            if (index.displayLowLatency() >= 0) {
                hal.displayLowLatencyVector()
                        .ifPresent(vector -> rows.add(index.displayLowLatency(), vector, NO_VECTOR));
            }
        }
        for (EngineInfo engine : hal.engines()) {
            rows.add(FifoControls.interruptIndex(engine, abi), engine.stallVector(), engine.nonStallVector());
        }
        rows.add(INDEX_TIMER, VECTOR_TIMER, NO_VECTOR);
        int fault = index.replayableFault();
        rows.add(fault, VECTOR_FIRST_FAULT, NO_VECTOR);
        rows.add(fault + 1, VECTOR_ACCESS_COUNTER, NO_VECTOR);
        for (int i = 2; i < 6; i++) {
            rows.add(fault + i, VECTOR_FIRST_FAULT + i, NO_VECTOR);
        }
        rows.add(index.cpuDoorbell(), VECTOR_CPU_DOORBELL, NO_VECTOR);
        rows.add(index.cpuDoorbell() + 1, VECTOR_PRIVILEGED_DOORBELL, NO_VECTOR);
        call.out().put32(KernelInterruptTable.TABLE_LEN, rows.count);
        for (int i = 0; i < SUBTREES.length; i++) {
            call.out().put8(KernelInterruptTable.SUBTREE_MAP + 2 * i, SUBTREES[i]);
            call.out().put8(KernelInterruptTable.SUBTREE_MAP + 2 * i + 1, SUBTREES[i]);
        }
    }

    private static final class Rows {
        private final WireStruct out;
        private int count;

        Rows(WireStruct out) {
            this.out = out;
        }

        void add(int engineIndex, int stall, int nonStall) {
            int row = KernelInterruptTable.TABLE + count++ * KernelInterruptTable.ROW_BYTES;
            out.put16(row + KernelInterruptTable.ENGINE_IDX, engineIndex);
            out.put32(row + KernelInterruptTable.VECTOR_STALL, stall);
            out.put32(row + KernelInterruptTable.VECTOR_NON_STALL, nonStall);
        }
    }
}
