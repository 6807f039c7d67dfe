package dev.nacre.corejava.intr;

import dev.nacre.corejava.gpu.VgpuShares;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.hw.gsp.RpcLayout.PerfmonSamples;
import java.util.HashMap;
import java.util.Map;

/** The event by which the firmware tells how busy virtual GPUs keep the engines. */
final class VgpuSamples {
    private static final int WHOLE = 10_000;

    // HW: the field of a doorbell that names a function has 6 bits
    private static final int LAST_GFID = 63;

    private VgpuSamples() {}

    /** What each virtual GPU used, by the number of its function; of several samples the last. */
    static Map<Integer, VgpuShares> shares(HostileBytes event) {
        event.require(
                event.byteAt(PerfmonSamples.TYPE) == PerfmonSamples.TYPE_PERFMON_UTIL,
                "samples of kind " + event.byteAt(PerfmonSamples.TYPE));
        long count = event.uintAt(PerfmonSamples.COUNT);
        event.require(count <= PerfmonSamples.MAX_SAMPLES, count + " samples");
        Map<Integer, VgpuShares> shares = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int at = PerfmonSamples.SAMPLES + i * PerfmonSamples.SAMPLE_BYTES;
            put(shares, event, at + PerfmonSamples.GR, 0);
            put(shares, event, at + PerfmonSamples.FB, 1);
            put(shares, event, at + PerfmonSamples.NVENC, 2);
            put(shares, event, at + PerfmonSamples.NVDEC, 3);
        }
        return Map.copyOf(shares);
    }

    private static void put(Map<Integer, VgpuShares> shares, HostileBytes event, int at, int engine) {
        int gfid = event.intAt(at + PerfmonSamples.SUB_PROCESS_ID);
        long share = event.uintAt(at + PerfmonSamples.UTIL);
        if (gfid < 1 || gfid > LAST_GFID) {
            // The host's own.
            return;
        }
        event.require(share <= WHOLE, "share of " + share);
        // CAST: at most 10,000.
        int used = (int) share;
        shares.merge(gfid, with(VgpuShares.NONE, engine, used), (old, next) -> with(old, engine, used));
    }

    private static VgpuShares with(VgpuShares old, int engine, int share) {
        return switch (engine) {
            case 0 -> new VgpuShares(share, old.copy(), old.encoder(), old.decoder());
            case 1 -> new VgpuShares(old.graphics(), share, old.encoder(), old.decoder());
            case 2 -> new VgpuShares(old.graphics(), old.copy(), share, old.decoder());
            default -> new VgpuShares(old.graphics(), old.copy(), old.encoder(), share);
        };
    }
}
