package dev.nacre.board.vgpu;

import dev.nacre.hw.rm.RmStatus;
import dev.nacre.hw.vgpu.SharedArea;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Whether a plugin can be started as a host wants it. All of the request is the host's, and may be anything. */
final class PluginChecks {
    private static final int PAGE_BYTES = 0x1000;

    // HW: channel ids of an engine from Ampere on
    private static final int MAX_CHANNELS = 2048;

    private PluginChecks() {}

    /**
     * What is wrong with a request.
     *
     * @param status answer to the host
     * @param text what is wrong, for the log
     */
    record Refusal(RmStatus status, String text) {}

    /**
     * Checks a request by itself and against the plugins that there are.
     *
     * @param sriov what the driver has told
     * @param segmentBytes granularity of guests' memory
     * @param others requests of the plugins that there are
     */
    static Optional<Refusal> check(
            PluginRequest request, Sriov sriov, long segmentBytes, Collection<PluginRequest> others) {
        if (!sriov.isAt(request.gfid(), request.dbdf())
                || others.stream().anyMatch(other -> other.dbdf() == request.dbdf())) {
            return refuse(
                    RmStatus.NV_ERR_INVALID_ARGUMENT,
                    "dbdf=0x" + Integer.toHexString(request.dbdf()) + " is not that of gfid=" + request.gfid());
        }
        return channels(request, others)
                .or(() -> memory(request, sriov, segmentBytes))
                .or(() -> heap(request, sriov))
                .or(() -> overlap(request, others));
    }

    private static Optional<Refusal> refuse(RmStatus status, String text) {
        return Optional.of(new Refusal(status, text));
    }

    private static Optional<Refusal> channels(PluginRequest request, Collection<PluginRequest> others) {
        int count = request.channels();
        if (count < 1 || count > MAX_CHANNELS || request.pluginChannels() < 0 || request.pluginChannels() > count) {
            return refuse(
                    RmStatus.NV_ERR_INVALID_ARGUMENT,
                    "numChannels=" + count + " numPluginChannels=" + request.pluginChannels());
        }
        for (int engine = 0; engine < request.chidOffsets().size(); engine++) {
            int offset = request.chidOffsets().get(engine);
            if (offset < 0 || offset > MAX_CHANNELS - count) {
                return refuse(RmStatus.NV_ERR_INVALID_ARGUMENT, "chidOffset=" + offset + " engine=" + engine);
            }
            for (PluginRequest other : others) {
                if (channelsMeet(request, other, engine)) {
                    return refuse(
                            RmStatus.NV_ERR_STATE_IN_USE,
                            "chidOffset=" + offset + " engine=" + engine + " meets that of gfid=" + other.gfid());
                }
            }
        }
        return Optional.empty();
    }

    private static boolean channelsMeet(PluginRequest request, PluginRequest other, int engine) {
        if (engine >= other.chidOffsets().size()) {
            return false;
        }
        int mine = request.chidOffsets().get(engine);
        int theirs = other.chidOffsets().get(engine);
        // Drivers leave engines that the board does not have at 0.
        return (mine | theirs) != 0 && mine < theirs + other.channels() && theirs < mine + request.channels();
    }

    private static Optional<Refusal> memory(PluginRequest request, Sriov sriov, long segmentBytes) {
        FbRange memory = request.guestMemory();
        if (memory == null || !memory.liesBelow(sriov.usableEnd())) {
            return refuse(RmStatus.NV_ERR_INVALID_ADDRESS, "guestFb=" + request.memory());
        }
        if (segmentBytes <= 0 || memory.offset() % segmentBytes != 0 || memory.bytes() % segmentBytes != 0) {
            return refuse(RmStatus.NV_ERR_INVALID_ADDRESS, "guestFb=" + memory + " segment=" + segmentBytes);
        }
        return Optional.empty();
    }

    private static Optional<Refusal> heap(PluginRequest request, Sriov sriov) {
        FbRange heap = request.heap();
        if (!heap.liesBelow(sriov.usableEnd())
                || heap.offset() % PAGE_BYTES != 0
                || heap.bytes() < SharedArea.BYTES
                || request.sharedOffset() != 0) {
            return refuse(
                    RmStatus.NV_ERR_INVALID_ADDRESS,
                    "pluginHeap=" + heap + " ctrlBuffOffset=" + request.sharedOffset());
        }
        FbRange shared = new FbRange(heap.offset(), SharedArea.INIT_TASK_LOG);
        List<FbRange> logs = request.logs();
        for (int i = 0; i < logs.size(); i++) {
            FbRange place = logs.get(i);
            boolean good = place.liesBelow(sriov.usableEnd())
                    && place.liesIn(heap)
                    && place.bytes() >= PluginLog.MIN_BYTES
                    && !place.overlaps(shared)
                    && logs.subList(0, i).stream().noneMatch(place::overlaps);
            if (!good) {
                return refuse(RmStatus.NV_ERR_INVALID_ADDRESS, "log=" + i + " place=" + place);
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> overlap(PluginRequest request, Collection<PluginRequest> others) {
        FbRange memory = request.guestMemory();
        if (memory != null && memory.overlaps(request.heap())) {
            return refuse(RmStatus.NV_ERR_INVALID_ADDRESS, "guestFb=" + memory + " pluginHeap=" + request.heap());
        }
        for (PluginRequest other : others) {
            FbRange theirs = other.guestMemory();
            boolean meets = memory == null
                    || theirs == null
                    || memory.overlaps(theirs)
                    || memory.overlaps(other.heap())
                    || request.heap().overlaps(theirs)
                    || request.heap().overlaps(other.heap());
            if (meets) {
                return refuse(
                        RmStatus.NV_ERR_STATE_IN_USE,
                        "guestFb=" + memory + " pluginHeap=" + request.heap() + " meets that of gfid=" + other.gfid());
            }
        }
        return Optional.empty();
    }
}
