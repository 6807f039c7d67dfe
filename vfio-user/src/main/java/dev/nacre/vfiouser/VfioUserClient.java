package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.IoEventFd;
import dev.nacre.pci.Region;
import dev.nacre.pci.RegionMapping;
import dev.nacre.pci.RemoteMemory;
import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.DeviceInfo;
import dev.nacre.vfiouser.wire.DmaMap;
import dev.nacre.vfiouser.wire.DmaUnmap;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.Le;
import dev.nacre.vfiouser.wire.RegionAccess;
import dev.nacre.vfiouser.wire.WriteMulti;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Drives a device behind a vfio-user socket: each method sends a command and waits for its reply, unless it is posted.
 *
 * <p>Any thread may call any method; commands go one at a time, in the order in which threads get their turn, so a posted
 * write of one thread is taken before whatever this client asks for after it returned. {@link #close} may come while
 * others wait for a reply: they are told that the server has gone. Interrupts arrive by eventfd, on no thread of this
 * object's. Memory that the server reaches by asking ({@link #mapByMessage(long, long, RemoteMemory, boolean)}) is
 * answered on a thread of its own, or by whoever waits for a reply; what is called there must not call this client.
 *
 * <p>Every method throws {@link VfioUserException} if the server refuses or has gone. After one with {@link
 * Errno#ETIMEDOUT}, {@link Errno#EPROTO} or {@link Errno#ECONNRESET} the connection is of no more use.
 */
public final class VfioUserClient extends ClientInterrupts implements AutoCloseable {
    // HW: as many as QEMU sends at once
    private static final int MAX_WRITES = 200;

    /** Where the data of a REGION_WRITE are. */
    private static final long WRITE_DATA = Header.SIZE + RegionAccess.SIZE;

    private final ClientLink link;
    private final ClientMemory memory;
    private final ClientRegions regions;
    private final ClientVersion version;

    /**
     * What a device says of itself.
     *
     * @param resettable whether it takes {@link #reset}
     * @param pci whether it is a PCI function
     * @param regions number of regions
     * @param interruptKinds number of interrupt kinds
     */
    public record Description(boolean resettable, boolean pci, int regions, int interruptKinds) {}

    private VfioUserClient(ClientLink link, ClientVersion version, ClientOptions options) {
        super(link, version.maxFds());
        this.link = link;
        this.version = version;
        memory = new ClientMemory(link, options.maxDataBytes());
        regions = new ClientRegions(link);
        if (version.twin() != null) {
            memory.listenOn(version.twin(), options.patience());
        }
        link.serve(memory);
    }

    /**
     * Connects and agrees on a version.
     *
     * @param path where the server listens
     * @return the client
     * @throws dev.nacre.linux.NativeException if nobody listens there
     */
    public static VfioUserClient connect(Path path) {
        return connect(path, ClientOptions.DEFAULT);
    }

    /**
     * Connects and agrees on a version.
     *
     * @param path where the server listens
     * @param options what to offer
     * @return the client
     * @throws dev.nacre.linux.NativeException if nobody listens there
     */
    public static VfioUserClient connect(Path path, ClientOptions options) {
        return over(UnixSocket.connect(path), options);
    }

    /**
     * Agrees on a version over a socket that is connected already.
     *
     * @param connected the socket, owned by the client from now on
     * @return the client
     */
    public static VfioUserClient over(Fd connected) {
        return over(connected, ClientOptions.DEFAULT);
    }

    /**
     * Agrees on a version over a socket that is connected already.
     *
     * @param connected the socket, owned by the client from now on
     * @param options what to offer
     * @return the client
     */
    public static VfioUserClient over(Fd connected, ClientOptions options) {
        ClientLink link = new ClientLink(connected, options.patience());
        synchronized (link) {
            try {
                return new VfioUserClient(link, ClientVersion.negotiate(link, options), options);
            } catch (RuntimeException e) {
                link.close();
                throw e;
            }
        }
    }

    /** Describes the device. */
    public Description describe() {
        synchronized (link) {
            new DeviceInfo(DeviceInfo.SIZE, 0, 0, 0).write(link.out(), Header.SIZE);
            link.call(Command.DEVICE_GET_INFO, DeviceInfo.SIZE, DeviceInfo.SIZE, List.of());
            DeviceInfo info =
                    DeviceInfo.read(link.reply().segment(), link.reply().body());
            boolean resettable = (info.flags() & DeviceInfo.RESET) != 0;
            return new Description(resettable, (info.flags() & DeviceInfo.PCI) != 0, info.regions(), info.irqs());
        }
    }

    /** Most data bytes per message that the server takes; larger accesses are split. */
    public int maxDataBytes() {
        return version.maxDataBytes();
    }

    /** Whether the server took the offer of a second socket for its DMA messages. */
    public boolean hasTwinSocket() {
        return version.twin() != null;
    }

    /**
     * Describes a region; asks the server once. The file of its mapping, if any, is this client's and is closed with it;
     * doorbells are not among the description, see {@link #doorbells}.
     *
     * @param index which
     */
    public Region region(int index) {
        synchronized (link) {
            return regions.region(index);
        }
    }

    /**
     * Maps what can be mapped of a region.
     *
     * @param index which
     * @return the mapping, the caller's to close; empty if the region cannot be mapped
     */
    public Optional<MappedRegion> mapRegion(int index) {
        synchronized (link) {
            Region region = regions.region(index);
            RegionMapping how = region.mapping();
            return how == null ? Optional.empty() : Optional.of(MappedRegion.of(region, how));
        }
    }

    /**
     * The parts of a region for which an eventfd can be signalled instead of writing.
     *
     * @param index which
     * @return the doorbells; their eventfds, some perhaps in more than one of them, are the caller's to close
     */
    public List<IoEventFd> doorbells(int index) {
        synchronized (link) {
            return regions.doorbells(index);
        }
    }

    /**
     * Reads from a region, in as many messages as it takes.
     *
     * @param region which
     * @param offset first byte in the region
     * @param dst receives the bytes
     * @param dstOffset where in it
     * @param count how many
     */
    public void read(int region, long offset, MemorySegment dst, long dstOffset, long count) {
        for (long done = 0; done < count; ) {
            int part = (int) Math.min(count - done, version.maxDataBytes());
            synchronized (link) {
                long at = readPart(region, offset + done, part);
                MemorySegment.copy(link.reply().segment(), at, dst, dstOffset + done, part);
            }
            done += part;
        }
    }

    /**
     * Reads 32 bits from a region.
     *
     * @param region which
     * @param offset first byte in the region
     */
    public int readInt(int region, long offset) {
        synchronized (link) {
            return Le.i32(link.reply().segment(), readPart(region, offset, Integer.BYTES));
        }
    }

    /**
     * Reads 64 bits from a region.
     *
     * @param region which
     * @param offset first byte in the region
     */
    public long readLong(int region, long offset) {
        synchronized (link) {
            return Le.u64(link.reply().segment(), readPart(region, offset, Long.BYTES));
        }
    }

    /**
     * Writes to a region, in as many messages as it takes, and waits until the device has taken it.
     *
     * @param region which
     * @param offset first byte in the region
     * @param src holds the bytes
     * @param srcOffset where in it
     * @param count how many
     */
    public void write(int region, long offset, MemorySegment src, long srcOffset, long count) {
        for (long done = 0; done < count; ) {
            int part = (int) Math.min(count - done, version.maxDataBytes());
            synchronized (link) {
                MemorySegment.copy(src, srcOffset + done, link.out(), WRITE_DATA, part);
                writePart(region, offset + done, part);
            }
            done += part;
        }
    }

    /**
     * Writes 32 bits to a region and waits until the device has taken them.
     *
     * @param region which
     * @param offset first byte in the region
     * @param value what to write
     */
    public void writeInt(int region, long offset, int value) {
        synchronized (link) {
            Le.putU32(link.out(), WRITE_DATA, value);
            writePart(region, offset, Integer.BYTES);
        }
    }

    /**
     * Writes 64 bits to a region and waits until the device has taken them.
     *
     * @param region which
     * @param offset first byte in the region
     * @param value what to write
     */
    public void writeLong(int region, long offset, long value) {
        synchronized (link) {
            Le.putU64(link.out(), WRITE_DATA, value);
            writePart(region, offset, Long.BYTES);
        }
    }

    /**
     * Writes 32 bits to a region without waiting, and without learning of an error. The device takes it before anything
     * that this client asks for later.
     *
     * @param region which
     * @param offset first byte in the region
     * @param value what to write
     */
    public void postInt(int region, long offset, int value) {
        post(region, offset, value, Integer.BYTES);
    }

    /**
     * Makes several writes without waiting, in as few messages as the server takes, and without learning of an error. The
     * device takes them in order, before anything that this client asks for later.
     *
     * @param writes what to write
     */
    public void postAll(List<RegionWrite> writes) {
        synchronized (link) {
            if (!version.writeMultiple()) {
                writes.forEach(write -> post(write.region(), write.offset(), write.value(), write.size()));
                return;
            }
            for (int done = 0; done < writes.size(); done += MAX_WRITES) {
                postTogether(writes.subList(done, Math.min(writes.size(), done + MAX_WRITES)));
            }
        }
    }

    /**
     * Lets the device reach a part of a file by DMA.
     *
     * @param iova first address
     * @param file the file; stays the caller's, and need not stay open
     * @param offset of the part in the file
     * @param size bytes
     * @param writable whether the device may write it
     */
    public void map(long iova, Fd file, long offset, long size, boolean writable) {
        requestMap(iova, offset, size, writable, List.of(file));
    }

    /**
     * Tells the device of a range that it cannot reach, as QEMU does for other devices' BARs. A server that asks for it
     * is refused.
     *
     * @param iova first address
     * @param size bytes
     */
    public void mapUnreachable(long iova, long size) {
        requestMap(iova, 0, size, true, List.of());
    }

    /**
     * Lets the device reach memory by asking this client for each piece of it; not every server does.
     *
     * @param iova first address
     * @param bytes the memory, of any thread's; it must stay alive until the range is unmapped, or this client is closed
     * @param writable whether the device may write it
     * @throws IllegalArgumentException if the memory is empty, the range wraps or overlaps another of these, or read-only
     *     memory is to be writable
     */
    public void mapByMessage(long iova, MemorySegment bytes, boolean writable) {
        synchronized (link) {
            memory.ranges().map(iova, bytes, true, writable);
            requestRemoteMap(iova, bytes.byteSize(), writable);
        }
    }

    /**
     * Lets the device reach memory by asking this client, which asks {@code bytes}.
     *
     * @param iova first address
     * @param size bytes
     * @param bytes is called for each access, and must not call this client; a {@link dev.nacre.pci.DmaFault} of its is
     *     passed on with its error number
     * @param writable whether the device may write it
     * @throws IllegalArgumentException if the size is not positive, or the range wraps or overlaps another of these
     */
    public void mapByMessage(long iova, long size, RemoteMemory bytes, boolean writable) {
        synchronized (link) {
            memory.ranges().mapRemote(iova, size, bytes, true, writable);
            requestRemoteMap(iova, size, writable);
        }
    }

    /**
     * Takes back what one call has mapped. When it returns, the device uses it no more.
     *
     * @param iova first address
     * @param size bytes
     */
    public void unmap(long iova, long size) {
        synchronized (link) {
            try {
                new DmaUnmap(DmaUnmap.SIZE, 0, iova, size).write(link.out(), Header.SIZE);
                link.call(Command.DMA_UNMAP, DmaUnmap.SIZE, DmaUnmap.SIZE, List.of());
            } finally {
                memory.ranges().unmap(iova, size);
            }
        }
    }

    /** The commands by which the device's state moves to another device. */
    public MigrationClient migration() {
        return new MigrationClient(link, version.maxDataBytes());
    }

    /** Resets the device. */
    public void reset() {
        synchronized (link) {
            link.out();
            link.call(Command.DEVICE_RESET, 0, 0, List.of());
        }
    }

    /** Leaves; the server unmaps this client's memory and unbinds its eventfds. */
    @Override
    public void close() {
        link.shutdown();
        memory.close();
        synchronized (link) {
            regions.close();
            link.close();
        }
    }

    private void requestMap(long iova, long offset, long size, boolean writable, List<Fd> fds) {
        synchronized (link) {
            int flags = DmaMap.READABLE | (writable ? DmaMap.WRITABLE : 0);
            new DmaMap(DmaMap.SIZE, flags, offset, iova, size).write(link.out(), Header.SIZE);
            link.call(Command.DMA_MAP, DmaMap.SIZE, 0, fds);
        }
    }

    /** Tells the server of memory that it can ask for; forgets the memory if it refuses. */
    private void requestRemoteMap(long iova, long size, boolean writable) {
        try {
            requestMap(iova, 0, size, writable, List.of());
        } catch (RuntimeException e) {
            memory.ranges().unmap(iova, size);
            throw e;
        }
        if (version.twin() == null) {
            memory.listen();
        }
    }

    private void post(int region, long offset, long value, int size) {
        synchronized (link) {
            MemorySegment out = link.out();
            Le.putU64(out, WRITE_DATA, value);
            RegionAccess.put(out, Header.SIZE, offset, region, size);
            link.post(Command.REGION_WRITE, RegionAccess.SIZE + size);
        }
    }

    private void postTogether(List<RegionWrite> writes) {
        MemorySegment out = link.out();
        WriteMulti.putEntries(out, Header.SIZE, writes.size());
        long at = Header.SIZE + WriteMulti.SIZE;
        for (RegionWrite write : writes) {
            RegionAccess.put(out, at, write.offset(), write.region(), write.size());
            Le.putU64(out, at + WriteMulti.DATA, write.value());
            at += WriteMulti.ENTRY_SIZE;
        }
        link.post(Command.REGION_WRITE_MULTI, WriteMulti.SIZE + writes.size() * WriteMulti.ENTRY_SIZE);
    }

    /** Reads so many bytes as one message brings; returns where they are in the reply. */
    private long readPart(int region, long offset, int count) {
        RegionAccess.put(link.out(), Header.SIZE, offset, region, count);
        link.call(Command.REGION_READ, RegionAccess.SIZE, RegionAccess.SIZE + count, List.of());
        return link.reply().body() + RegionAccess.SIZE;
    }

    /** Writes the bytes that are in the request already. */
    private void writePart(int region, long offset, int count) {
        RegionAccess.put(link.out(), Header.SIZE, offset, region, count);
        link.call(Command.REGION_WRITE, RegionAccess.SIZE + count, RegionAccess.SIZE, List.of());
    }
}
