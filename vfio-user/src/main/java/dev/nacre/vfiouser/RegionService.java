package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.ModelGuard.Call;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.Limits;
import dev.nacre.vfiouser.wire.RegionAccess;
import dev.nacre.vfiouser.wire.WriteMulti;
import java.lang.foreign.MemorySegment;

/**
 * REGION_READ, REGION_WRITE and REGION_WRITE_MULTI: the hot path, without allocation. The model reads from the request
 * and writes into the reply, without a copy between. Each method returns the reply's size or a negative errno.
 */
final class RegionService {
    /** From here on, sending a region's memory from its place is cheaper than copying it into the reply. */
    private static final int LEAST_IN_PLACE = 16 << 10;

    private static final byte ALL_ONES = (byte) 0xff;

    private final PciFunction function;
    private final Regions regions;
    private final ModelGuard guard;
    private final Counters counters;

    RegionService(Device device, ModelGuard guard, Counters counters) {
        this.function = device.function();
        this.regions = device.regions();
        this.guard = guard;
        this.counters = counters;
    }

    /**
     * Serves REGION_READ.
     *
     * @param lenient answer an access outside every region as hardware does, instead of with an error
     */
    int read(MessageReader request, MessageWriter reply, boolean lenient) {
        MemorySegment in = request.segment();
        long at = request.body();
        if (request.bodySize() != RegionAccess.SIZE || RegionAccess.count(in, at) > Limits.MAX_DATA_BYTES) {
            return -Errno.EINVAL.number();
        }
        long offset = RegionAccess.offset(in, at);
        int region = RegionAccess.region(in, at);
        // CAST: at most 1 MiB
        int count = (int) RegionAccess.count(in, at);
        MemorySegment out = reply.segment();
        long data = reply.body() + RegionAccess.SIZE;
        if (regions.contains(region, offset, count)) {
            MemorySegment memory = count < LEAST_IN_PLACE ? null : regions.readableMemory(region);
            if (memory == null) {
                readModel(region, offset, out, data, count);
            } else {
                reply.append(memory, offset, count);
            }
        } else if (lenient) {
            counters.droppedAccesses++;
            fillWithOnes(out, data, count);
        } else {
            return -Errno.EINVAL.number();
        }
        RegionAccess.put(out, reply.body(), offset, region, count);
        return RegionAccess.SIZE + count;
    }

    /**
     * Serves REGION_WRITE.
     *
     * @param lenient drop an access outside every region as hardware does, instead of refusing it
     */
    int write(MessageReader request, MessageWriter reply, boolean lenient) {
        if (!isSoundWrite(request)) {
            return -Errno.EINVAL.number();
        }
        MemorySegment in = request.segment();
        long at = request.body();
        long offset = RegionAccess.offset(in, at);
        int region = RegionAccess.region(in, at);
        // CAST: at most 1 MiB
        int count = (int) RegionAccess.count(in, at);
        if (regions.contains(region, offset, count)) {
            if (!request.isPlaced()) {
                writeModel(region, offset, in, at + RegionAccess.SIZE, count);
            }
        } else if (lenient) {
            counters.droppedAccesses++;
        } else {
            return -Errno.EINVAL.number();
        }
        RegionAccess.put(reply.segment(), reply.body(), offset, region, count);
        return RegionAccess.SIZE;
    }

    /** Has the data of a REGION_WRITE received into the region's own memory, if it is nothing but memory. */
    void place(MessageReader request) {
        if (!isSoundWrite(request)) {
            return;
        }
        MemorySegment in = request.segment();
        long at = request.body();
        long offset = RegionAccess.offset(in, at);
        int region = RegionAccess.region(in, at);
        MemorySegment memory =
                regions.contains(region, offset, RegionAccess.count(in, at)) ? regions.writableMemory(region) : null;
        if (memory != null) {
            request.receiveInto(RegionAccess.SIZE, memory, offset);
        }
    }

    /** Serves REGION_WRITE_MULTI: the good entries are written, the others dropped; the reply counts the good ones. */
    int writeMulti(MessageReader request, MessageWriter reply) {
        MemorySegment in = request.segment();
        long at = request.body();
        if (request.bodySize() < WriteMulti.SIZE) {
            return -Errno.EINVAL.number();
        }
        int room = request.bodySize() - WriteMulti.SIZE;
        int entries = room / WriteMulti.ENTRY_SIZE;
        if (room % WriteMulti.ENTRY_SIZE != 0 || WriteMulti.entries(in, at) != entries) {
            return -Errno.EINVAL.number();
        }
        long done = 0;
        for (int i = 0; i < entries; i++) {
            long entry = at + WriteMulti.SIZE + (long) i * WriteMulti.ENTRY_SIZE;
            long offset = RegionAccess.offset(in, entry);
            int region = RegionAccess.region(in, entry);
            long count = RegionAccess.count(in, entry);
            if (count <= WriteMulti.MAX_COUNT && regions.contains(region, offset, count)) {
                // CAST: at most 8
                writeModel(region, offset, in, entry + WriteMulti.DATA, (int) count);
                done++;
            } else {
                counters.droppedAccesses++;
            }
        }
        WriteMulti.putEntries(reply.segment(), reply.body(), done);
        return WriteMulti.SIZE;
    }

    private static boolean isSoundWrite(MessageReader request) {
        if (request.bodySize() < RegionAccess.SIZE) {
            return false;
        }
        long count = RegionAccess.count(request.segment(), request.body());
        return count <= Limits.MAX_DATA_BYTES && count == request.bodySize() - RegionAccess.SIZE;
    }

    private void readModel(int region, long offset, MemorySegment out, long data, int count) {
        if (count == 0) {
            return;
        }
        if (!regions.at(region).readable()) {
            fillWithOnes(out, data, count);
            return;
        }
        try {
            function.read(region, offset, out, data, count);
        } catch (Throwable t) {
            guard.failed(Call.READ, t);
            fillWithOnes(out, data, count);
        }
    }

    private void writeModel(int region, long offset, MemorySegment in, long data, int count) {
        if (count == 0 || !regions.at(region).writable()) {
            return;
        }
        try {
            function.write(region, offset, in, data, count);
        } catch (Throwable t) {
            guard.failed(Call.WRITE, t);
        }
    }

    private static void fillWithOnes(MemorySegment out, long at, int count) {
        out.asSlice(at, count).fill(ALL_ONES);
    }
}
