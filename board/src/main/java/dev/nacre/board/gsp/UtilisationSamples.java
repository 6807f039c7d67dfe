package dev.nacre.board.gsp;

import dev.nacre.board.engine.EngineThread;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.vgpu.GuestUsage;
import dev.nacre.board.vgpu.PluginView;
import dev.nacre.board.vgpu.VgpuPlugins;
import dev.nacre.hw.gsp.RpcLayout.PerfmonSamples;
import dev.nacre.hw.rm.RpcFunction;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tells the driver once a second how much virtual GPUs use the engines, while there are any. GSP's engine thread. */
final class UtilisationSamples {
    // HW: open-gpu-kernel-modules, kernel_gsp.c: the firmware samples each second
    private static final long PERIOD_NS = TimeUnit.SECONDS.toNanos(1);

    private boolean counting;
    private long dueAtNs;

    /**
     * Tells, if it is time.
     *
     * @return nanoseconds until the next time, {@link EngineThread.Pass#IDLE} while nothing runs
     */
    long take(VgpuPlugins plugins, Outbox outbox) {
        List<PluginView> running = plugins.running();
        if (running.isEmpty()) {
            counting = false;
            return EngineThread.Pass.IDLE;
        }
        long now = System.nanoTime();
        if (!counting) {
            counting = true;
            dueAtNs = now + PERIOD_NS;
        }
        if (now - dueAtNs >= 0) {
            // A driver that does not read gets no more of what is soon old.
            if (outbox.isEmpty()) {
                outbox.event(RpcFunction.GPUACCT_PERFMON_UTIL_SAMPLES, encode(running, now));
            }
            dueAtNs = now + PERIOD_NS;
        }
        return dueAtNs - now;
    }

    /** The samples of virtual GPUs at a time in nanoseconds. */
    static byte[] encode(List<PluginView> running, long timeNs) {
        WireStruct out = WireStruct.ofSize(PerfmonSamples.BYTES);
        int count = Math.min(running.size(), PerfmonSamples.MAX_SAMPLES);
        out.put8(PerfmonSamples.TYPE, PerfmonSamples.TYPE_PERFMON_UTIL);
        out.put32(PerfmonSamples.BUF_SIZE, count * PerfmonSamples.SAMPLE_BYTES);
        out.put32(PerfmonSamples.COUNT, count);
        for (int i = 0; i < count; i++) {
            PluginView vgpu = running.get(i);
            GuestUsage usage = vgpu.guest().usage();
            WireStruct sample =
                    out.part(PerfmonSamples.SAMPLES + i * PerfmonSamples.SAMPLE_BYTES, PerfmonSamples.SAMPLE_BYTES);
            sample.put64(PerfmonSamples.TIME_STAMP, timeNs / 1000);
            engine(sample, PerfmonSamples.FB, usage.copy(), vgpu);
            engine(sample, PerfmonSamples.GR, usage.graphics(), vgpu);
            engine(sample, PerfmonSamples.NVENC, usage.encoder(), vgpu);
            engine(sample, PerfmonSamples.NVDEC, usage.decoder(), vgpu);
        }
        return out.toByteArray();
    }

    private static void engine(WireStruct sample, int at, int hundredths, PluginView vgpu) {
        sample.put32(at + PerfmonSamples.UTIL, hundredths);
        sample.put32(at + PerfmonSamples.PROC_ID, vgpu.vmPid());
        sample.put32(at + PerfmonSamples.SUB_PROCESS_ID, vgpu.gfid());
    }
}
