package dev.nacre.corejava;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.channel.ChannelTable;
import dev.nacre.corejava.channel.Engines;
import dev.nacre.corejava.channel.Scrubber;
import dev.nacre.corejava.gpu.GpuDescription;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.memory.ChannelIdPool;
import dev.nacre.corejava.memory.VideoMemory;
import dev.nacre.corejava.mmu.Bar1Window;
import dev.nacre.hw.rm.ParamLayout.MethodBufferSize;
import dev.nacre.hw.rm.RmControl;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a core shares out.
 *
 * @param live the GPU
 * @param memory its memory
 * @param ids its channels' ids
 * @param channels its channels
 * @param engines its engines
 * @param bar1 its window
 * @param scrubber clears its memory
 * @param methodBytes what a channel needs for a faulted engine's methods
 */
record GpuParts(
        WatchedGpu live,
        VideoMemory memory,
        ChannelIdPool ids,
        ChannelTable channels,
        Engines engines,
        Bar1Window bar1,
        Scrubber scrubber,
        long methodBytes) {
    private static final int MOST_METHOD_BYTES = 1 << 20;

    static GpuParts of(WatchedGpu live, int vgpuChannels) {
        GpuDescription gpu = live.gpu().description();
        VideoMemory memory = new VideoMemory(gpu.fbRegions());
        ChannelIdPool ids = new ChannelIdPool(gpu.channels(), vgpuChannels);
        ChannelTable channels = new ChannelTable();
        Engines engines = new Engines(gpu.engines());
        Bar1Window bar1 = new Bar1Window(live, memory);
        long methodBytes = methodBytes(live);
        Scrubber scrubber = new Scrubber(live, memory, ids, channels, engines, methodBytes);
        return new GpuParts(live, memory, ids, channels, engines, bar1, scrubber, methodBytes);
    }

    private static long methodBytes(WatchedGpu live) {
        byte[] parameters = new byte[MethodBufferSize.BYTES];
        try (RmSession session = live.gpu().createSession()) {
            session.control(
                    session.subdevice(),
                    RmControl.NV2080_CTRL_CMD_CE_GET_FAULT_METHOD_BUFFER_SIZE.number(),
                    parameters);
        }
        int bytes = ByteBuffer.wrap(parameters).order(ByteOrder.LITTLE_ENDIAN).getInt(MethodBufferSize.SIZE);
        // GUEST: the firmware says that.
        if (bytes < 1 || bytes > MOST_METHOD_BYTES) {
            throw new CoreException(
                    CoreError.IO,
                    "The firmware wants an impossible buffer: bytes=" + bytes + " allowed=1 to " + MOST_METHOD_BYTES);
        }
        return bytes;
    }
}
