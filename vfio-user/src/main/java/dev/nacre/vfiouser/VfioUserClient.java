package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Region;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.DeviceInfo;
import dev.nacre.vfiouser.wire.DmaMap;
import dev.nacre.vfiouser.wire.DmaUnmap;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.IndexedInfo;
import dev.nacre.vfiouser.wire.IrqSet;
import dev.nacre.vfiouser.wire.Le;
import dev.nacre.vfiouser.wire.Limits;
import dev.nacre.vfiouser.wire.RegionAccess;
import dev.nacre.vfiouser.wire.RegionInfo;
import dev.nacre.vfiouser.wire.Version;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Drives a device behind a vfio-user socket, one command at a time: each method sends one and waits for its reply, unless
 * it is posted. It serves nothing that the server asks of it; a server that asks gets its connection closed. One thread.
 *
 * <p>Every method throws {@link VfioUserException} if the server refuses or has gone.
 */
public final class VfioUserClient implements AutoCloseable {
    private static final String CAPABILITIES = "{\"capabilities\":{\"max_msg_fds\":" + Limits.MAX_FDS
            + ",\"max_data_xfer_size\":" + Limits.MAX_DATA_BYTES + ",\"max_dma_maps\":" + Limits.MAX_DMA_RANGES
            + ",\"pgsizes\":" + Limits.DMA_PAGE_BYTES + "}}\0";

    private final FdSocket socket;
    private final MessageReader reader;
    private final MessageWriter writer;
    private final MemorySegment out;
    private final MemorySegment in;
    private int nextId;
    private int maxFds = Limits.DEFAULT_MAX_FDS;
    private int maxDataBytes = Limits.MAX_DATA_BYTES;

    /**
     * What a device says of itself.
     *
     * @param resettable whether it takes {@link #reset}
     * @param pci whether it is a PCI function
     * @param regions number of regions
     * @param interruptKinds number of interrupt kinds
     */
    public record Description(boolean resettable, boolean pci, int regions, int interruptKinds) {}

    private VfioUserClient(Fd connected) {
        socket = new FdSocket(connected, Limits.MAX_FDS);
        reader = new MessageReader(socket, () -> {});
        writer = new MessageWriter(socket);
        out = writer.segment();
        in = reader.segment();
    }

    /**
     * Connects and agrees on a version.
     *
     * @param path where the server listens
     * @return the client
     * @throws dev.nacre.linux.NativeException if nobody listens there
     */
    public static VfioUserClient connect(Path path) {
        return over(UnixSocket.connect(path));
    }

    /**
     * Agrees on a version over a socket that is connected already.
     *
     * @param connected the socket, owned by the client from now on
     * @return the client
     */
    public static VfioUserClient over(Fd connected) {
        VfioUserClient client = new VfioUserClient(connected);
        try {
            client.negotiate();
            return client;
        } catch (RuntimeException e) {
            client.close();
            throw e;
        }
    }

    /** Describes the device. */
    public Description describe() {
        new DeviceInfo(DeviceInfo.SIZE, 0, 0, 0).write(out, Header.SIZE);
        call(Command.DEVICE_GET_INFO, DeviceInfo.SIZE, DeviceInfo.SIZE, List.of());
        DeviceInfo info = DeviceInfo.read(in, reader.body());
        boolean resettable = (info.flags() & DeviceInfo.RESET) != 0;
        return new Description(resettable, (info.flags() & DeviceInfo.PCI) != 0, info.regions(), info.irqs());
    }

    /**
     * Describes a region.
     *
     * @param index which
     */
    public Region region(int index) {
        new RegionInfo(RegionInfo.SIZE, 0, index, 0, 0, 0).write(out, Header.SIZE);
        call(Command.DEVICE_GET_REGION_INFO, RegionInfo.SIZE, RegionInfo.SIZE, List.of());
        RegionInfo info = RegionInfo.read(in, reader.body());
        boolean readable = (info.flags() & RegionInfo.READ) != 0;
        return new Region(info.size(), readable, (info.flags() & RegionInfo.WRITE) != 0);
    }

    /**
     * Number of vectors of an interrupt kind.
     *
     * @param kind which
     */
    public int interruptCount(InterruptKind kind) {
        return irqInfo(kind).count();
    }

    /**
     * Abilities of an interrupt kind, as VFIO_IRQ_INFO flags.
     *
     * @param kind which
     */
    public int interruptFlags(InterruptKind kind) {
        return irqInfo(kind).flags();
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
            int part = (int) Math.min(count - done, maxDataBytes);
            MemorySegment.copy(in, readPart(region, offset + done, part), dst, dstOffset + done, part);
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
        return Le.i32(in, readPart(region, offset, Integer.BYTES));
    }

    /**
     * Reads 64 bits from a region.
     *
     * @param region which
     * @param offset first byte in the region
     */
    public long readLong(int region, long offset) {
        return Le.u64(in, readPart(region, offset, Long.BYTES));
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
            int part = (int) Math.min(count - done, maxDataBytes);
            MemorySegment.copy(src, srcOffset + done, out, Header.SIZE + RegionAccess.SIZE, part);
            writePart(region, offset + done, part);
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
        Le.putU32(out, Header.SIZE + RegionAccess.SIZE, value);
        writePart(region, offset, Integer.BYTES);
    }

    /**
     * Writes 64 bits to a region and waits until the device has taken them.
     *
     * @param region which
     * @param offset first byte in the region
     * @param value what to write
     */
    public void writeLong(int region, long offset, long value) {
        Le.putU64(out, Header.SIZE + RegionAccess.SIZE, value);
        writePart(region, offset, Long.BYTES);
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
        Le.putU32(out, Header.SIZE + RegionAccess.SIZE, value);
        RegionAccess.put(out, Header.SIZE, offset, region, Integer.BYTES);
        send(Command.REGION_WRITE, RegionAccess.SIZE + Integer.BYTES, Header.NO_REPLY, List.of());
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
        int flags = DmaMap.READABLE | (writable ? DmaMap.WRITABLE : 0);
        new DmaMap(DmaMap.SIZE, flags, offset, iova, size).write(out, Header.SIZE);
        call(Command.DMA_MAP, DmaMap.SIZE, 0, List.of(file));
    }

    /**
     * Tells the device of a range that it cannot reach, as QEMU does for other devices' BARs.
     *
     * @param iova first address
     * @param size bytes
     */
    public void mapUnreachable(long iova, long size) {
        int flags = DmaMap.READABLE | DmaMap.WRITABLE;
        new DmaMap(DmaMap.SIZE, flags, 0, iova, size).write(out, Header.SIZE);
        call(Command.DMA_MAP, DmaMap.SIZE, 0, List.of());
    }

    /**
     * Takes back what one call has mapped. When it returns, the device uses it no more.
     *
     * @param iova first address
     * @param size bytes
     */
    public void unmap(long iova, long size) {
        new DmaUnmap(DmaUnmap.SIZE, 0, iova, size).write(out, Header.SIZE);
        call(Command.DMA_UNMAP, DmaUnmap.SIZE, DmaUnmap.SIZE, List.of());
    }

    /**
     * Binds eventfds to vectors, in as many messages as it takes.
     *
     * @param kind which kind
     * @param first the first vector
     * @param events one per vector; they stay the caller's
     */
    public void bindInterrupts(InterruptKind kind, int first, List<EventFd> events) {
        for (int done = 0; done < events.size(); ) {
            List<Fd> part = events.subList(done, Math.min(events.size(), done + maxFds)).stream()
                    .map(EventFd::fd)
                    .toList();
            setIrqs(IrqSet.DATA_EVENTFD | IrqSet.ACTION_TRIGGER, kind, first + done, part.size(), part);
            done += part.size();
        }
    }

    /**
     * Takes the eventfds of vectors away.
     *
     * @param kind which kind
     * @param first the first vector
     * @param count how many vectors
     */
    public void unbindInterrupts(InterruptKind kind, int first, int count) {
        setIrqs(IrqSet.DATA_EVENTFD | IrqSet.ACTION_TRIGGER, kind, first, count, List.of());
    }

    /**
     * Takes the eventfds of all vectors away.
     *
     * @param kind which kind
     */
    public void disableInterrupts(InterruptKind kind) {
        setIrqs(IrqSet.DATA_NONE | IrqSet.ACTION_TRIGGER, kind, 0, 0, List.of());
    }

    /**
     * Masks or unmasks a vector.
     *
     * @param kind which kind
     * @param vector which vector
     * @param masked whether to mask
     */
    public void maskInterrupt(InterruptKind kind, int vector, boolean masked) {
        int action = masked ? IrqSet.ACTION_MASK : IrqSet.ACTION_UNMASK;
        setIrqs(IrqSet.DATA_NONE | action, kind, vector, 1, List.of());
    }

    /**
     * Makes a vector fire, as a test of its way.
     *
     * @param kind which kind
     * @param vector which vector
     */
    public void triggerInterrupt(InterruptKind kind, int vector) {
        setIrqs(IrqSet.DATA_NONE | IrqSet.ACTION_TRIGGER, kind, vector, 1, List.of());
    }

    /**
     * Sets the eventfd by which this client unmasks the interrupt line without a message.
     *
     * @param event the eventfd; stays the caller's
     */
    public void unmaskLineBy(EventFd event) {
        int flags = IrqSet.DATA_EVENTFD | IrqSet.ACTION_UNMASK;
        setIrqs(flags, InterruptKind.INTX, 0, 1, List.of(event.fd()));
    }

    /** The commands by which the device's state moves to another device. */
    public MigrationClient migration() {
        return new MigrationClient(this);
    }

    /** Resets the device. */
    public void reset() {
        call(Command.DEVICE_RESET, 0, 0, List.of());
    }

    /** Leaves; the server unmaps this client's memory and unbinds its eventfds. */
    @Override
    public void close() {
        reader.close();
        writer.close();
        socket.close();
    }

    private void negotiate() {
        byte[] json = CAPABILITIES.getBytes(StandardCharsets.US_ASCII);
        Version.put(out, Header.SIZE, 0, 0);
        MemorySegment.copy(json, 0, out, ValueLayout.JAVA_BYTE, Header.SIZE + Version.SIZE, json.length);
        call(Command.VERSION, Version.SIZE + json.length, -1, List.of());
        int length = reader.bodySize() - Version.SIZE;
        if (length < 0 || Version.major(in, reader.body()) != 0 || Version.minor(in, reader.body()) != 0) {
            throw broken(Command.VERSION, "unknown version");
        }
        byte[] theirs = in.asSlice(reader.body() + Version.SIZE, length).toArray(ValueLayout.JAVA_BYTE);
        // The terminating zero is not part of the JSON.
        Capabilities capabilities = length == 0
                ? Capabilities.DEFAULT
                : Capabilities.parse(Arrays.copyOf(theirs, length - 1))
                        .orElseThrow(() -> broken(Command.VERSION, "malformed capabilities"));
        maxFds = Math.clamp(capabilities.maxFds(), 1, Limits.MAX_FDS);
        maxDataBytes = Math.clamp(capabilities.maxDataBytes(), 1, Limits.MAX_DATA_BYTES);
    }

    /** The segment to put a request's body into, at {@link Header#SIZE}. */
    MemorySegment request() {
        return out;
    }

    /** The last reply. */
    MessageReader reply() {
        return reader;
    }

    /** Most data bytes of one message. */
    int maxDataBytes() {
        return maxDataBytes;
    }

    private IndexedInfo irqInfo(InterruptKind kind) {
        new IndexedInfo(IndexedInfo.SIZE, 0, kind.index(), 0).write(out, Header.SIZE);
        call(Command.DEVICE_GET_IRQ_INFO, IndexedInfo.SIZE, IndexedInfo.SIZE, List.of());
        return IndexedInfo.read(in, reader.body());
    }

    private void setIrqs(int flags, InterruptKind kind, int first, int count, List<Fd> fds) {
        new IrqSet(IrqSet.SIZE, flags, kind.index(), first, count).write(out, Header.SIZE);
        call(Command.DEVICE_SET_IRQS, IrqSet.SIZE, 0, fds);
    }

    /** Reads so many bytes as one message brings; returns where they are in the reply. */
    private long readPart(int region, long offset, int count) {
        RegionAccess.put(out, Header.SIZE, offset, region, count);
        call(Command.REGION_READ, RegionAccess.SIZE, RegionAccess.SIZE + count, List.of());
        return reader.body() + RegionAccess.SIZE;
    }

    /** Writes the bytes that are in the request already. */
    private void writePart(int region, long offset, int count) {
        RegionAccess.put(out, Header.SIZE, offset, region, count);
        call(Command.REGION_WRITE, RegionAccess.SIZE + count, RegionAccess.SIZE, List.of());
    }

    /** Sends what is in the request, and waits for the reply, of this size unless it is below 0. */
    void call(Command command, int bodySize, int replySize, List<Fd> fds) {
        int id = send(command, bodySize, 0, fds);
        switch (reader.next()) {
            case END -> throw gone(command);
            case BAD_SIZE -> throw broken(command, "impossible reply size");
            case MESSAGE -> {}
        }
        if ((reader.flags() & Header.TYPE_MASK) != Header.TYPE_REPLY
                || reader.id() != id
                || reader.command() != command.number()) {
            throw broken(command, "unexpected message " + reader.command() + " id " + reader.id());
        }
        if ((reader.flags() & Header.ERROR) != 0) {
            throw new VfioUserException(command.name(), reader.error(), "the server refused");
        }
        if (replySize >= 0 && reader.bodySize() != replySize) {
            throw broken(command, "reply of " + reader.bodySize() + " bytes instead of " + replySize);
        }
    }

    private int send(Command command, int bodySize, int flags, List<Fd> fds) {
        nextId = (nextId + 1) & 0xffff;
        if (!writer.command(nextId, command.number(), bodySize, flags, fds)) {
            throw gone(command);
        }
        return nextId;
    }

    private static VfioUserException gone(Command command) {
        return new VfioUserException(command.name(), Errno.ECONNRESET.number(), "the server has gone");
    }

    /** The stream cannot be trusted any more: ends the connection. */
    VfioUserException broken(Command command, String reason) {
        socket.shutdown();
        return new VfioUserException(command.name(), Errno.EPROTO.number(), reason);
    }
}
