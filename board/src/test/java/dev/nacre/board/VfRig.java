package dev.nacre.board;

import dev.nacre.board.vgpu.GuestGpuSpec;
import dev.nacre.board.vgpu.GuestGpuType;
import dev.nacre.board.vgpu.GuestGpus;
import dev.nacre.hw.chip.Chip;
import java.util.List;
import java.util.UUID;

/** A board with virtual functions. */
final class VfRig implements AutoCloseable {
    static final int SRIOV = 0xbcc;
    static final long GIB = 1L << 30;

    final BoardRig host;
    final GuestGpus guests;

    VfRig() {
        this(new BoardConfig(Chip.AD102, 8 * GIB, 0, 32));
    }

    VfRig(BoardConfig config) {
        host = new BoardRig(config);
        guests = host.board.guests();
    }

    /** Has the board show so many. */
    void show(int count) {
        host.configWrite(SRIOV + 0x10, count);
        host.configWrite(SRIOV + 8, count == 0 ? 0 : 9);
    }

    /** A way to one of them, from 0. */
    FunctionRig function(int index) {
        return new FunctionRig(host.board.virtualFunctions().get(index));
    }

    /** Starts a guest's GPU and gives a way to it. */
    FunctionRig started(GuestGpuSpec spec) {
        if (!guests.start(spec)) {
            throw new IllegalStateException("Does not start: " + spec);
        }
        return function(spec.gfid() - 1);
    }

    static GuestGpuSpec spec(int gfid, long fbOffset, long fbBytes) {
        return new GuestGpuSpec(gfid, new UUID(0x1234, gfid), fbOffset, fbBytes, 64, type());
    }

    static GuestGpuType type() {
        return new GuestGpuType("NVIDIA L40-1Q", 0x26b5, 0x176d, 1, 0, 0, 60, 64 << 20, 32);
    }

    /** All that is told of heads and faults. */
    List<Long> defects() {
        return List.of(host.board.faults().getOrDefault("defects", 0L));
    }

    @Override
    public void close() {
        host.close();
    }
}
