package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.CeChannel;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.ChannelMapping;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.MapRequest;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The operations of channels of a copy engine for C. C calls every method, by its name in the table. */
final class CeChannelExports {
    private final Exports exports;

    CeChannelExports(Exports exports) {
        this.exports = exports;
    }

    int allocCeChannel(long attachment, long chids, int index, MemorySegment out, MemorySegment info) {
        MemorySegment what = Exports.at(info, Abi.CHANNEL_INFO.byteSize());
        Exports.at(out, Long.BYTES);
        Optional<ChannelIds> ids =
                chids == 0 ? Optional.empty() : Optional.of(exports.handles().find(chids, ChannelIds.class));
        CeChannel channel = exports.attachment(attachment).allocCeChannel(ids, Exports.clip(index));
        new ChannelInfo(channel.id(), channel.engineObject()).to(what);
        return exports.give(exports.handles().add(attachment, new Channel(channel, new ConcurrentHashMap<>())), out);
    }

    int freeCeChannel(long channel) throws Exception {
        return exports.free(channel, channel(channel).channel);
    }

    int channelMapMem(long channel, long mem, MemorySegment request, MemorySegment address) {
        MemorySegment where = Exports.at(address, Long.BYTES);
        Channel its = channel(channel);
        MapRequest wish = Requests.map(Exports.at(request, Abi.MAP_REQUEST.byteSize()));
        ChannelMapping mapping = its.channel.map(MemoryExports.memory(exports, mem), wish);
        its.mappings.put(mapping.address(), mapping);
        where.set(JAVA_LONG, 0, mapping.address());
        return 0;
    }

    int channelUnmapMem(long channel, long address) {
        ChannelMapping mapping = channel(channel).mappings.remove(address);
        if (mapping == null) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT, "No mapping begins there: address=0x" + Long.toHexString(address));
        }
        mapping.close();
        return 0;
    }

    int beginPushbuf(long channel, int dwords) {
        channel(channel).channel.begin(Exports.clip(dwords));
        return 0;
    }

    int emitPushbuf(long channel, int dword) {
        channel(channel).channel.emit(dword);
        return 0;
    }

    int submitPushbuf(long channel) {
        channel(channel).channel.submit();
        return 0;
    }

    private Channel channel(long handle) {
        return exports.handles().find(handle, Channel.class);
    }

    /** A channel with its mappings by address, which have no handles of their own in C. */
    private record Channel(CeChannel channel, Map<Long, ChannelMapping> mappings) {}
}
