package dev.nacre.board.rm;

import dev.nacre.hw.rm.ParamLayout.BarInfo;
import dev.nacre.hw.rm.RmControl;

/** Controls about the bus interface. */
final class BusControls {
    private static final long MIB = 1 << 20;

    // HW: the BARs of the PCI function: registers, framebuffer aperture, instance aperture.
    private static final long[] BAR_BYTES = {16 * MIB, 256 * MIB, 32 * MIB};

    private final long[] barAddresses = new long[BAR_BYTES.length];

    void register(ControlRegistry registry) {
        registry.reply(RmControl.NV2080_CTRL_CMD_BUS_GET_PCI_BAR_INFO, this::barInfo);
        registry.accept(RmControl.NV2080_CTRL_CMD_INTERNAL_BUS_FLUSH_WITH_SYSMEMBAR);
        registry.none(
                RmControl.NV2080_CTRL_CMD_INTERNAL_BIF_GET_STATIC_INFO,
                RmControl.NV2080_CTRL_CMD_INTERNAL_PERF_GPU_BOOST_SYNC_GET_INFO,
                RmControl.NV2080_CTRL_CMD_INTERNAL_CONF_COMPUTE_GET_STATIC_INFO);
    }

    /** Where the driver says that the BARs are. */
    void barAddresses(long[] addresses) {
        System.arraycopy(addresses, 0, barAddresses, 0, barAddresses.length);
    }

    long[] barAddresses() {
        return barAddresses.clone();
    }

    private void barInfo(ControlCall call) {
        WireStruct out = call.out();
        out.put32(BarInfo.COUNT, BAR_BYTES.length);
        for (int i = 0; i < BAR_BYTES.length; i++) {
            int entry = BarInfo.BARS + i * BarInfo.BAR_BYTES;
            out.put32(entry + BarInfo.SIZE_MIB, (int) (BAR_BYTES[i] / MIB));
            out.put64(entry + BarInfo.SIZE_BYTES, BAR_BYTES[i]);
            out.put64(entry + BarInfo.OFFSET, barAddresses[i]);
        }
    }
}
