package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.pci.bus.FunctionAccess;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A function behind a vfio-user socket, as its driver reaches it. Writes of 32 bits to BARs are posted. When the server
 * goes, or lies, the function has gone; what it merely refuses reads as all-ones and is dropped, as on a bus.
 *
 * <p>It carries no virtual functions: the protocol knows none, each is served by a socket of its own.
 */
public final class VfioUserFunction implements FunctionAccess {
    private final VfioUserClient client;
    private final List<Region> regions = new ArrayList<>();
    private final Map<InterruptKind, Integer> interrupts = new EnumMap<>(InterruptKind.class);
    private volatile boolean gone;

    /**
     * Takes a device over from a client.
     *
     * @param client drives it; owned by this object from now on
     * @throws VfioUserException if the server refuses or has gone
     * @throws IllegalArgumentException if it is no PCI function
     */
    public VfioUserFunction(VfioUserClient client) {
        this.client = client;
        VfioUserClient.Description device = client.describe();
        if (!device.pci() || device.regions() < PciFunction.REGIONS) {
            throw new IllegalArgumentException("The device behind the socket is not a PCI function: " + device);
        }
        for (int index = 0; index < PciFunction.REGIONS; index++) {
            regions.add(client.region(index));
        }
        for (InterruptKind kind : InterruptKind.values()) {
            interrupts.put(kind, kind.index() < device.interruptKinds() ? client.interruptCount(kind) : 0);
        }
    }

    @Override
    public Region region(int index) {
        return regions.get(index);
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        check(region, offset, count);
        if (!attempt(() -> client.read(region, offset, dst, dstOffset, count))) {
            dst.asSlice(dstOffset, count).fill((byte) 0xff);
        }
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        check(region, offset, count);
        attempt(() -> client.write(region, offset, src, srcOffset, count));
    }

    @Override
    public int readInt(int region, long offset) {
        check(region, offset, Integer.BYTES);
        if (gone) {
            return -1;
        }
        try {
            return client.readInt(region, offset);
        } catch (VfioUserException e) {
            note(e);
            return -1;
        }
    }

    @Override
    public void writeInt(int region, long offset, int value) {
        check(region, offset, Integer.BYTES);
        if (region < PciFunction.ROM_REGION) {
            attempt(() -> client.postInt(region, offset, value));
        } else {
            attempt(() -> client.writeInt(region, offset, value));
        }
    }

    @Override
    public void mapDma(long iova, Fd file, long offset, long size, boolean writable) {
        order("map", iova, size, () -> client.map(iova, file, offset, size, writable));
    }

    @Override
    public void unmapDma(long iova, long size) {
        order("unmap", iova, size, () -> client.unmap(iova, size));
    }

    @Override
    public int interruptCount(InterruptKind kind) {
        return Objects.requireNonNull(interrupts.get(kind));
    }

    @Override
    public void bindInterrupts(InterruptKind kind, int first, List<EventFd> events) {
        Objects.checkFromIndexSize(first, events.size(), interruptCount(kind));
        if (!events.isEmpty()) {
            attempt(() -> client.bindInterrupts(kind, first, events));
        }
    }

    @Override
    public void unbindInterrupts(InterruptKind kind) {
        attempt(() -> client.disableInterrupts(kind));
    }

    @Override
    public void reset() {
        attempt(client::reset);
    }

    @Override
    public boolean isGone() {
        return gone;
    }

    @Override
    public void close() {
        gone = true;
        client.close();
    }

    private void check(int region, long offset, int count) {
        Objects.checkFromIndexSize(offset, count, region(region).size());
    }

    /** Does what a function that has gone or refuses need not do; false if it did not. */
    private boolean attempt(Runnable call) {
        if (gone) {
            return false;
        }
        try {
            call.run();
            return true;
        } catch (VfioUserException e) {
            note(e);
            return false;
        }
    }

    /** Does what a driver must know the failure of. */
    private void order(String what, long iova, long size, Runnable call) {
        if (gone) {
            return;
        }
        try {
            call.run();
        } catch (VfioUserException e) {
            note(e);
            if (!gone) {
                throw new IllegalArgumentException(
                        "Cannot " + what + " iova=0x" + Long.toHexString(iova) + " size=" + size, e);
            }
        }
    }

    private void note(VfioUserException e) {
        Errno errno = Errno.of(e.errno()).orElse(Errno.EINVAL);
        gone |= switch (errno) {
            case ECONNRESET, EPROTO, ETIMEDOUT, EPIPE -> true;
            default -> false;
        };
    }
}
