package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.Bar1Mapping;
import dev.nacre.core.ChannelIds;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.core.FbRequest;
import java.lang.foreign.MemorySegment;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The operations of channel ids and of the GPU's memory for C. C calls every method, by its name in the table. */
final class MemoryExports {
    private final Exports exports;

    MemoryExports(Exports exports) {
        this.exports = exports;
    }

    int allocChids(long attachment, int count, MemorySegment out, MemorySegment first) {
        MemorySegment number = Exports.at(first, Integer.BYTES);
        Exports.at(out, Long.BYTES);
        ChannelIds ids = exports.attachment(attachment).allocChannelIds(Exports.clip(count));
        number.set(JAVA_INT, 0, ids.first());
        return exports.give(exports.handles().add(attachment, ids), out);
    }

    int freeChids(long chids) throws Exception {
        return exports.free(chids, exports.handles().find(chids, ChannelIds.class));
    }

    int getAvailChids(long attachment) {
        return exports.attachment(attachment).availableChannelIds();
    }

    int allocFbmem(long attachment, MemorySegment request, MemorySegment out, MemorySegment info) {
        MemorySegment in = Exports.at(request, Abi.FB_REQUEST.byteSize());
        MemorySegment what = Exports.at(info, Abi.FB_MEM_INFO.byteSize());
        Exports.at(out, Long.BYTES);
        boolean fixed = in.get(JAVA_INT, Abi.offset(Abi.FB_REQUEST, "has_fixed_offset")) != 0;
        long offset = in.get(JAVA_LONG, Abi.offset(Abi.FB_REQUEST, "fixed_offset"));
        FbMemory memory = exports.attachment(attachment)
                .allocFbMemory(new FbRequest(
                        in.get(JAVA_LONG, Abi.offset(Abi.FB_REQUEST, "bytes")),
                        in.get(JAVA_LONG, Abi.offset(Abi.FB_REQUEST, "align_bytes")),
                        fixed ? OptionalLong.of(offset) : OptionalLong.empty()));
        what.set(JAVA_LONG, Abi.offset(Abi.FB_MEM_INFO, "offset"), memory.offset());
        what.set(JAVA_LONG, Abi.offset(Abi.FB_MEM_INFO, "bytes"), memory.bytes());
        return exports.give(exports.handles().add(attachment, new Memory(memory)), out);
    }

    int freeFbmem(long mem) throws Exception {
        return exports.free(mem, memory(mem).memory);
    }

    int getTotalFbmemSize(long attachment, MemorySegment bytes) {
        Exports.at(bytes, Long.BYTES)
                .set(JAVA_LONG, 0, exports.attachment(attachment).totalFbBytes());
        return 0;
    }

    int bar1MapMem(long mem, MemorySegment request, MemorySegment bar1Offset) {
        MemorySegment where = Exports.at(bar1Offset, Long.BYTES);
        Memory its = memory(mem);
        Bar1Mapping mapping = its.memory.mapBar1(Requests.map(Exports.at(request, Abi.MAP_REQUEST.byteSize())));
        its.mapping = mapping;
        where.set(JAVA_LONG, 0, mapping.bar1Offset());
        return 0;
    }

    int bar1UnmapMem(long mem) {
        Memory its = memory(mem);
        its.mapped().close();
        its.mapping = null;
        return 0;
    }

    int bar1Read(long mem, long offset, MemorySegment to, long bytes) {
        int count = Exports.count(bytes);
        memory(mem).mapped().read(offset, Exports.at(to, bytes), 0, count);
        return 0;
    }

    int bar1Write(long mem, long offset, MemorySegment from, long bytes) {
        int count = Exports.count(bytes);
        memory(mem).mapped().write(offset, Exports.at(from, bytes), 0, count);
        return 0;
    }

    /** The memory of a handle, for other operations that take one. */
    static FbMemory memory(Exports exports, long handle) {
        return exports.handles().find(handle, Memory.class).memory;
    }

    private Memory memory(long handle) {
        return exports.handles().find(handle, Memory.class);
    }

    /** Memory with its mapping, which has no handle of its own in C. */
    private static final class Memory {
        private final FbMemory memory;
        private volatile @Nullable Bar1Mapping mapping;

        Memory(FbMemory memory) {
            this.memory = memory;
        }

        Bar1Mapping mapped() {
            Bar1Mapping now = mapping;
            if (now == null) {
                throw new CoreException(CoreError.INVALID_ARGUMENT, "The memory is not mapped");
            }
            return now;
        }
    }
}
