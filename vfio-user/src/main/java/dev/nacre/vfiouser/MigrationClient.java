package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.DeviceFeature;
import dev.nacre.vfiouser.wire.DmaLoggingRange;
import dev.nacre.vfiouser.wire.DmaLoggingReport;
import dev.nacre.vfiouser.wire.DmaLoggingStart;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.Le;
import dev.nacre.vfiouser.wire.MigData;
import dev.nacre.vfiouser.wire.MigDeviceState;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The part of a {@link VfioUserClient} that moves a device's state to another device, and says which memory the device
 * has written meanwhile. The same rules hold: any thread, one command at a time, and {@link VfioUserException} if the server
 * refuses or has gone.
 */
public final class MigrationClient {
    private static final int BODY = Header.SIZE;
    private static final int DATA = Header.SIZE + DeviceFeature.SIZE;
    private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final ClientLink link;
    private final int maxDataBytes;

    /**
     * A range of addresses.
     *
     * @param iova first address
     * @param sizeBytes bytes
     */
    public record Range(long iova, long sizeBytes) {}

    /**
     * Makes it.
     *
     * @param link carries the commands
     * @param maxDataBytes most data bytes of one message
     */
    MigrationClient(ClientLink link, int maxDataBytes) {
        this.link = link;
        this.maxDataBytes = maxDataBytes;
    }

    /** Whether the device's state can be read and written. */
    public boolean isOffered() {
        synchronized (link) {
            return probe(DeviceFeature.MIGRATION | DeviceFeature.GET)
                    && probe(DeviceFeature.MIG_DEVICE_STATE | DeviceFeature.GET | DeviceFeature.SET);
        }
    }

    /** Whether the device's state can be read while it runs: it has {@link MigrationState#PRE_COPY}. */
    public boolean hasPreCopy() {
        synchronized (link) {
            long at = get(DeviceFeature.MIGRATION, 0, DeviceFeature.MIGRATION_SIZE);
            return (Le.u64(link.reply().segment(), at) & DeviceFeature.MIGRATION_PRE_COPY) != 0;
        }
    }

    /** The device's migration state. */
    public MigrationState state() {
        synchronized (link) {
            long at = get(DeviceFeature.MIG_DEVICE_STATE, 0, MigDeviceState.SIZE);
            int number = MigDeviceState.read(link.reply().segment(), at).state();
            return MigrationState.of(number)
                    .orElseThrow(() -> link.broken(Command.DEVICE_FEATURE, "unknown migration state " + number));
        }
    }

    /**
     * Brings the device to another migration state, by way of others if need be. If the server refuses, {@link #state}
     * tells how far it came.
     *
     * @param state which
     */
    public void moveTo(MigrationState state) {
        synchronized (link) {
            new MigDeviceState(state.number()).write(link.out(), DATA);
            set(DeviceFeature.MIG_DEVICE_STATE, MigDeviceState.SIZE);
        }
    }

    /**
     * Reads the next bytes of the device's state, in as many messages as it takes, in {@link MigrationState#PRE_COPY} or
     * {@link MigrationState#STOP_COPY}.
     *
     * @param dst receives the bytes
     * @param dstOffset where in it
     * @param count how many
     * @return how many there were; fewer than asked for means no more for now, or, in STOP_COPY, the end
     */
    public long readData(MemorySegment dst, long dstOffset, long count) {
        synchronized (link) {
            long done = 0;
            while (done < count) {
                int part = (int) Math.min(count - done, maxDataBytes);
                MigData.put(link.out(), BODY, part);
                link.call(Command.MIG_DATA_READ, MigData.SIZE, -1, List.of());
                MessageReader reply = link.reply();
                long got = reply.bodySize() < MigData.SIZE ? -1 : MigData.size(reply.segment(), reply.body());
                // A server may pad its reply: the size says what there is.
                if (got < 0 || got > part || got > reply.bodySize() - MigData.SIZE) {
                    throw link.broken(Command.MIG_DATA_READ, "reply without its data");
                }
                MemorySegment.copy(reply.segment(), reply.body() + MigData.SIZE, dst, dstOffset + done, got);
                done += got;
                if (got < part) {
                    break;
                }
            }
            return done;
        }
    }

    /**
     * Writes the next bytes of a state, in as many messages as it takes, in {@link MigrationState#RESUMING}. Leaving that
     * state makes the device take it on.
     *
     * @param src holds the bytes
     * @param srcOffset where in it
     * @param count how many
     */
    public void writeData(MemorySegment src, long srcOffset, long count) {
        synchronized (link) {
            for (long done = 0; done < count; ) {
                int part = (int) Math.min(count - done, maxDataBytes);
                MigData.put(link.out(), BODY, part);
                MemorySegment.copy(src, srcOffset + done, link.out(), BODY + MigData.SIZE, part);
                link.call(Command.MIG_DATA_WRITE, MigData.SIZE + part, 0, List.of());
                done += part;
            }
        }
    }

    /** Whether the server logs what the device writes to this client's memory. */
    public boolean canLogDma() {
        synchronized (link) {
            return probe(DeviceFeature.DMA_LOGGING_START | DeviceFeature.SET)
                    && probe(DeviceFeature.DMA_LOGGING_REPORT | DeviceFeature.GET);
        }
    }

    /**
     * Begins to log what the device writes to this client's memory.
     *
     * @param pageBytes the wanted page size, a power of two
     * @param ranges where; none for everywhere
     * @return the page size of the log
     */
    public long startLogging(long pageBytes, List<Range> ranges) {
        synchronized (link) {
            new DmaLoggingStart(pageBytes, ranges.size()).write(link.out(), DATA);
            long at = DATA + DmaLoggingStart.SIZE;
            for (Range range : ranges) {
                new DmaLoggingRange(range.iova, range.sizeBytes).write(link.out(), at);
                at += DmaLoggingRange.SIZE;
            }
            set(DeviceFeature.DMA_LOGGING_START, DmaLoggingStart.SIZE + ranges.size() * DmaLoggingRange.SIZE);
            return DmaLoggingStart.read(link.reply().segment(), link.reply().body() + DeviceFeature.SIZE)
                    .pageSize();
        }
    }

    /** Ends the log. */
    public void stopLogging() {
        synchronized (link) {
            set(DeviceFeature.DMA_LOGGING_STOP, 0);
        }
    }

    /**
     * Asks which pages the device has written since it was last asked, in as many messages as it takes.
     *
     * @param iova first address
     * @param sizeBytes bytes, 1 or more
     * @param pageBytes bytes per bit, a power of two
     * @return a bit per page, counted from {@code iova}, the lowest first
     */
    public long[] dirtyPages(long iova, long sizeBytes, long pageBytes) {
        synchronized (link) {
            long wordBytes = pageBytes * Long.SIZE;
            long partBytes = maxDataBytes / Long.BYTES * wordBytes;
            long[] pages = new long[Math.toIntExact((sizeBytes - 1) / wordBytes + 1)];
            int done = 0;
            for (long at = 0; at < sizeBytes; at += partBytes) {
                DmaLoggingRange range = new DmaLoggingRange(iova + at, Math.min(partBytes, sizeBytes - at));
                DmaLoggingReport asked = new DmaLoggingReport(range, pageBytes);
                asked.write(link.out(), DATA);
                // CAST: at most the largest message
                int bitmap = (int) asked.bitmapBytes();
                long reply =
                        get(DeviceFeature.DMA_LOGGING_REPORT, DmaLoggingReport.SIZE, DmaLoggingReport.SIZE + bitmap);
                MemorySegment in = link.reply().segment();
                MemorySegment.copy(in, WORD, reply + DmaLoggingReport.SIZE, pages, done, bitmap / Long.BYTES);
                done += bitmap / Long.BYTES;
            }
            return pages;
        }
    }

    private boolean probe(int flags) {
        try {
            new DeviceFeature(DeviceFeature.SIZE, flags | DeviceFeature.PROBE).write(link.out(), BODY);
            link.call(Command.DEVICE_FEATURE, DeviceFeature.SIZE, -1, List.of());
            return true;
        } catch (VfioUserException e) {
            if (e.errno() == Errno.EINVAL.number() || e.errno() == Errno.ENOTTY.number()) {
                return false;
            }
            throw e;
        }
    }

    /** Reads a feature; returns where its data are in the reply. */
    private long get(int feature, int askedBytes, int dataBytes) {
        int flags = feature | DeviceFeature.GET;
        new DeviceFeature(DeviceFeature.SIZE + (long) dataBytes, flags).write(link.out(), BODY);
        link.call(Command.DEVICE_FEATURE, DeviceFeature.SIZE + askedBytes, DeviceFeature.SIZE + dataBytes, List.of());
        return link.reply().body() + DeviceFeature.SIZE;
    }

    /** Writes a feature, whose data are in the request already. */
    private void set(int feature, int dataBytes) {
        int size = DeviceFeature.SIZE + dataBytes;
        new DeviceFeature(size, feature | DeviceFeature.SET).write(link.out(), BODY);
        link.call(Command.DEVICE_FEATURE, size, size, List.of());
    }
}
