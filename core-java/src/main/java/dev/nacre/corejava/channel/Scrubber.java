package dev.nacre.corejava.channel;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.gpu.GpuEngine;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.memory.ChannelIdPool;
import dev.nacre.corejava.memory.VideoMemory;
import org.jspecify.annotations.Nullable;

/** Fills the GPU's memory with zeros, by a channel of the core's own that is made when it is needed. Any thread. */
public final class Scrubber implements AutoCloseable {
    /** Bytes that are filled by one command; a copy engine does that in well under a second. */
    private static final long PIECE_BYTES = 1L << 30;

    // TIMEOUT: the slowest copy engines fill more than a GiB in a second
    private static final long PIECE_NS = 5_000_000_000L;

    private final WatchedGpu live;
    private final VideoMemory memory;
    private final ChannelIdPool ids;
    private final ChannelTable channels;
    private final Engines engines;
    private final long methodBytes;

    // Guarded by this.
    private @Nullable ChannelSpace space;
    private @Nullable HostChannel channel;
    private @Nullable CopyRing ring;

    /** Makes none yet. */
    public Scrubber(
            WatchedGpu live,
            VideoMemory memory,
            ChannelIdPool ids,
            ChannelTable channels,
            Engines engines,
            long methodBytes) {
        this.live = live;
        this.memory = memory;
        this.ids = ids;
        this.channels = channels;
        this.engines = engines;
        this.methodBytes = methodBytes;
    }

    /**
     * Fills memory with zeros, and waits for it.
     *
     * @param address a multiple of 4096
     * @param bytes a multiple of 4096
     * @throws CoreException if the GPU does not
     */
    public synchronized void clear(long address, long bytes) {
        CopyRing to = ring == null ? open() : ring;
        HostChannel by = channel;
        long last = 0;
        for (long done = 0; done < bytes; done += PIECE_BYTES) {
            CopyPush.fill(to, live.gpu().channels().copyClass(), address + done, Math.min(PIECE_BYTES, bytes - done));
            last = to.submit(true);
            if (by == null || !by.await(last, PIECE_NS)) {
                close();
                throw new CoreException(CoreError.TIMED_OUT, "GPU does not clear memory: bytes=" + bytes);
            }
        }
    }

    private CopyRing open() {
        GpuEngine engine = engines.nextCopy();
        int id = ids.allocateOwn();
        ChannelSpace newSpace = null;
        HostChannel newChannel = null;
        try {
            newSpace = new ChannelSpace(live, memory);
            newChannel = new HostChannel(
                    live,
                    memory,
                    new HostChannel.Request(
                            newSpace, newSpace.session().device(), engine, id, true, CopyRing.BYTES, methodBytes));
            CopyObject.allocate(live, newSpace, newChannel, engine.rmEngineType());
        } catch (CoreException e) {
            if (newChannel != null) {
                newChannel.close();
            }
            if (newSpace != null) {
                newSpace.close();
            }
            ids.freeOwn(id);
            throw e;
        }
        space = newSpace;
        channel = newChannel;
        channels.add(newChannel);
        CopyRing made = new CopyRing(newChannel);
        ring = made;
        return made;
    }

    /** Frees the channel; a new one is made if needed. */
    @Override
    public synchronized void close() {
        if (channel != null && space != null) {
            channels.remove(channel);
            channel.close();
            space.close();
            ids.freeOwn(channel.id());
        }
        channel = null;
        space = null;
        ring = null;
    }
}
