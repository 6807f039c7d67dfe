package dev.nacre.drm.testing;

import dev.nacre.drm.Credentials;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.NumberPlace;
import dev.nacre.drm.UserMemory;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A client without a wire: calls a device directly. */
public final class LocalClient extends TestProcess implements UserMemory {
    /** The file that it has open. */
    public final DrmFile file;

    /** Events that came. */
    public final List<byte[]> events = new ArrayList<>();

    private final Credentials credentials;
    private final MemorySegment buffer = MemorySegment.ofArray(new long[2048]);
    private final List<Fd> given = new ArrayList<>();
    private final List<NumberPlace> places = new ArrayList<>();

    /** Opens a node. */
    public LocalClient(DrmDevice device, DrmNode node, Credentials credentials) {
        this.credentials = credentials;
        file = device.open(node, credentials, event -> events.add(event));
    }

    private LocalClient(LocalClient process) {
        credentials = process.credentials;
        file = process.file;
    }

    /** Another thread with the same file, and memory of its own; not to be closed. */
    public LocalClient sibling() {
        return new LocalClient(this);
    }

    /** An ordinary user's. */
    public static LocalClient user(DrmDevice device, DrmNode node) {
        return new LocalClient(device, node, new Credentials(100, 1000, 1000));
    }

    /** Root's. */
    public static LocalClient root(DrmDevice device, DrmNode node) {
        return new LocalClient(device, node, new Credentials(1, 0, 0));
    }

    /** Calls an ioctl; 0 or the errno. */
    public int ioctl(int command, Arg arg) {
        return ioctl(command, arg, credentials);
    }

    /** Calls an ioctl as somebody else. */
    public int ioctl(int command, Arg arg, Credentials caller) {
        MemorySegment bytes = MemorySegment.ofArray(arg.bytes());
        buffer.fill((byte) 0xee);
        buffer.asSlice(0, bytes.byteSize()).copyFrom(bytes);
        DrmDevice.Outcome outcome = file.device().ioctl(file, command, buffer, caller, this);
        bytes.asSlice(0, outcome.outBytes()).copyFrom(buffer.asSlice(0, outcome.outBytes()));
        if (outcome.errno() == 0) {
            deliver(arg);
        } else {
            given.forEach(Fd::close);
        }
        given.clear();
        places.clear();
        return outcome.errno();
    }

    private void deliver(Arg arg) {
        for (int i = 0; i < given.size(); i++) {
            int number = add(given.get(i));
            switch (places.get(i)) {
                case NumberPlace.InArg(int offset) -> arg.u32(offset, number);
                case NumberPlace.At(long address) -> {
                    Arg value = Arg.of(4).u32(0, number);
                    copyOut(address, MemorySegment.ofArray(value.bytes()));
                }
            }
        }
    }

    @Override
    public void copyIn(long address, MemorySegment dst) {
        dst.copyFrom(find(address, dst.byteSize()));
    }

    @Override
    public void copyOut(long address, MemorySegment src) {
        find(address, src.byteSize()).copyFrom(src);
    }

    @Override
    public Fd takeFd(int number) {
        return openFd(number).orElseThrow(() -> new DrmException(Errno.EBADF)).duplicate();
    }

    @Override
    public void giveFd(Fd fd, boolean cloexec, NumberPlace where) {
        given.add(fd);
        places.add(where);
    }

    @Override
    public void close() {
        file.close();
        super.close();
    }
}
