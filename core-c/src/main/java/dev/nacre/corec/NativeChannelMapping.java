package dev.nacre.corec;

import dev.nacre.core.ChannelMapping;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Memory in a channel's address space, of a core in C. */
final class NativeChannelMapping implements ChannelMapping {
    private final NativeCeChannel channel;
    private final long address;
    private final long bytes;
    private final AtomicBoolean closed = new AtomicBoolean();

    NativeChannelMapping(NativeCeChannel channel, long address, long bytes) {
        this.channel = channel;
        this.address = address;
        this.bytes = bytes;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            channel.table().call(Op.CHANNEL_UNMAP_MEM, channel.pointer(), address);
        } catch (CoreException e) {
            // With the channel its mappings have gone.
            if (e.error() != CoreError.STALE && e.error() != CoreError.GONE) {
                throw e;
            }
        }
    }
}
