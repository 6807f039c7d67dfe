package dev.nacre.drm.nouveau;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.BindRequest;
import dev.nacre.core.Channel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.Engine;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.core.Timeline;
import dev.nacre.drm.DrmException;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The GPU's time, which its engines put into what they release: a channel of the driver's own asks for it. Made when it is
 * asked for the first time. Any thread.
 */
final class GpuClock implements AutoCloseable {
    private static final long ADDRESS = 1 << 20;
    private static final int BYTES = 4096;

    // Behind the commands: 16 bytes of a release, the last 8 of which are the time in nanoseconds.
    private static final int RELEASE = 2048;

    // TIMEOUT: some microseconds of an engine that others use too
    private static final Duration LONGEST = Duration.ofSeconds(1);

    // HW: open-gpu-doc classes/host/clc56f.h: SEM_ADDR_LO to SEM_EXECUTE; releases with the time, 32 bits of payload
    private static final int SEM_ADDR_LO = 0x5c;
    private static final int SEM_WORDS = 5;
    private static final int EXECUTE_RELEASE_TIMESTAMP = 1 | 1 << 25;
    private static final int INCREMENTING = 1 << 29;

    private final Attachment attachment;
    private final Engine engine;

    // Guarded by this.
    private Optional<Parts> parts = Optional.empty();
    private long point;

    private record Parts(
            AddressSpace space, MemoryObject memory, ChannelGroup group, Channel channel, Timeline timeline)
            implements AutoCloseable {
        @Override
        public void close() {
            group.close();
            timeline.close();
            space.close();
            memory.close();
        }
    }

    /** The clock of a GPU, by one of its engines. */
    GpuClock(Attachment attachment, Engine engine) {
        this.attachment = attachment;
        this.engine = engine;
    }

    /**
     * The time now.
     *
     * @return nanoseconds
     * @throws DrmException with EBUSY if the engine does not answer
     */
    synchronized long timeNs() throws InterruptedException {
        if (parts.isEmpty()) {
            parts = Optional.of(make());
        }
        Parts made = parts.orElseThrow();
        point++;
        made.channel.submit(List.of(new Channel.Push(ADDRESS, (1 + SEM_WORDS) * Integer.BYTES)), made.timeline, point);
        if (!made.timeline.await(point, LONGEST)) {
            throw new DrmException(Errno.EBUSY, "The engine does not tell the time: engine=" + engine);
        }
        long[] time = new long[1];
        made.memory.read(RELEASE + Long.BYTES, MemorySegment.ofArray(time), 0, Long.BYTES);
        return time[0];
    }

    private Parts make() {
        AddressSpace space = attachment.createAddressSpace();
        MemoryObject memory = attachment.createMemory(BYTES, Placement.SYSTEM);
        space.bind(new BindRequest(ADDRESS, memory, 0, BYTES, true, 0));
        int[] words = {
            INCREMENTING | SEM_WORDS << 16 | SEM_ADDR_LO >> 2,
            (int) ADDRESS + RELEASE,
            0,
            0,
            0,
            EXECUTE_RELEASE_TIMESTAMP
        };
        MemorySegment commands = MemorySegment.ofArray(words);
        memory.write(0, commands, 0, Math.toIntExact(commands.byteSize()));
        ChannelGroup group = attachment.createChannelGroup(space, engine);
        return new Parts(space, memory, group, group.createChannel(), attachment.createTimeline());
    }

    @Override
    public synchronized void close() {
        parts.ifPresent(Parts::close);
        parts = Optional.empty();
    }
}
