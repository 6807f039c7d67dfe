package dev.nacre.drm.nouveau;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.drm.DriverFile;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Quota;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.linux.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an open file has: an address space, which either its client manages ({@link #vm}) or the driver, channels, and the
 * objects that it knows by NVIF. Any thread.
 */
final class NouveauFile implements DriverFile {
    private static final int MOST_CHANNELS = 256;
    private static final int MOST_OBJECTS = 4096;

    private final NouveauDriver driver;
    private final Quota backlog;
    private final JobQueue binds;

    // Guarded by this.
    private final Map<Integer, NouveauChannel> channels = new HashMap<>();
    private final Map<Long, Boolean> nvifObjects = new HashMap<>();
    private @Nullable AddressSpace space;
    private @Nullable GpuVm vm;
    private @Nullable LegacyVm legacyVm;
    private boolean closed;

    NouveauFile(NouveauDriver driver, Quota backlog) {
        this.driver = driver;
        this.backlog = backlog;
        this.binds = new JobQueue("nouveau-binds", backlog, driver.wakefulness());
    }

    /** The driver's part of a file. */
    static NouveauFile of(DrmFile file) {
        return (NouveauFile) file.driverFile();
    }

    /** The queue of binds, also of what else changes the address space. */
    JobQueue binds() {
        return binds;
    }

    /**
     * Has the client manage the addresses.
     *
     * @param kernelStart where the range begins that it leaves to the driver
     * @param kernelEnd where it ends
     * @throws DrmException with ENOSYS if the driver manages them already; with EBUSY if the client does
     */
    synchronized void initVm(long kernelStart, long kernelEnd) {
        if (legacyVm != null) {
            throw new DrmException(Errno.ENOSYS, "The driver manages the addresses");
        }
        if (vm != null) {
            throw new DrmException(Errno.EBUSY, "The client manages the addresses already");
        }
        vm = new GpuVm(makeSpace(), kernelStart, kernelEnd);
    }

    private AddressSpace makeSpace() {
        if (closed) {
            throw new DrmException(Errno.ENODEV, "The file is closed");
        }
        AddressSpace made = driver.attachment().createAddressSpace();
        space = made;
        return made;
    }

    /** The addresses that the client manages; empty if it does not. */
    synchronized Optional<GpuVm> vm() {
        return Optional.ofNullable(vm);
    }

    /** As {@link #vm}. @throws DrmException with ENOSYS if the client does not manage them */
    GpuVm requireVm() {
        return vm().orElseThrow(() -> new DrmException(Errno.ENOSYS, "VM_INIT was not called"));
    }

    /** The addresses that the driver manages, from now on if nobody has so far; empty if the client does. */
    synchronized Optional<LegacyVm> legacyVm() {
        if (vm != null) {
            return Optional.empty();
        }
        if (legacyVm == null) {
            legacyVm = new LegacyVm(makeSpace());
        }
        return Optional.of(legacyVm);
    }

    /**
     * Makes a channel. Who manages the addresses has been decided.
     *
     * @throws DrmException with ENOSPC if there are too many
     */
    synchronized NouveauChannel createChannel(Engine engine) {
        if (closed || channels.size() >= MOST_CHANNELS) {
            throw new DrmException(Errno.ENOSPC, "Too many channels: most=" + MOST_CHANNELS);
        }
        NouveauChannel made = new NouveauChannel(
                driver.attachment(),
                Objects.requireNonNull(space),
                engine,
                new JobQueue("nouveau-channel", backlog, driver.wakefulness()));
        channels.put(made.id(), made);
        driver.add(made);
        return made;
    }

    /** The channel with an id; empty if the file has none. */
    synchronized Optional<NouveauChannel> channel(long id) {
        // GUEST: NVIF names it by 64 bits
        return id == (int) id ? Optional.ofNullable(channels.get((int) id)) : Optional.empty();
    }

    /** As {@link #channel}. @throws DrmException with an errno if the file has none */
    NouveauChannel requireChannel(long id, Errno otherwise) {
        return channel(id).orElseThrow(() -> new DrmException(otherwise, "No such channel: channel=" + id));
    }

    /** Ends a channel. @throws DrmException with ENOENT if there is none */
    void freeChannel(int id) {
        NouveauChannel channel;
        synchronized (this) {
            channel = channels.remove(id);
        }
        if (channel == null) {
            throw new DrmException(Errno.ENOENT, "No such channel: channel=" + id);
        }
        end(channel);
    }

    private void end(NouveauChannel channel) {
        driver.remove(channel);
        channel.close();
    }

    /**
     * Adds an object that the client names by a number of its own.
     *
     * @throws DrmException with EEXIST if it has one of that name; with ENOMEM if it has too many
     */
    synchronized void addNvifObject(long name, boolean isDevice) {
        if (nvifObjects.size() >= MOST_OBJECTS) {
            throw new DrmException(Errno.ENOMEM, "Too many objects: most=" + MOST_OBJECTS);
        }
        if (nvifObjects.putIfAbsent(name, isDevice) != null) {
            throw new DrmException(Errno.EEXIST, "Name is taken");
        }
    }

    /** Forgets an object, if there is one. */
    synchronized void removeNvifObject(long name) {
        nvifObjects.remove(name);
    }

    /** Whether an object is the device. */
    synchronized boolean isNvifDevice(long name) {
        return nvifObjects.getOrDefault(name, false);
    }

    @Override
    public void lastHandleClosed(GemObject object) {
        LegacyVm known;
        synchronized (this) {
            known = legacyVm;
        }
        if (known != null && object instanceof NouveauObject ours) {
            known.forget(ours, binds);
        }
    }

    @Override
    public void close() {
        List<NouveauChannel> left;
        synchronized (this) {
            closed = true;
            left = new ArrayList<>(channels.values());
            channels.clear();
        }
        // ORDERING: what channels use goes only after they have ended, or they would fault.
        left.forEach(this::end);
        binds.close();
        AddressSpace freed;
        synchronized (this) {
            freed = space;
        }
        try {
            if (freed != null) {
                freed.close();
            }
        } catch (CoreException e) {
            driver.warn("Address space was not freed", e);
        }
        if (vm != null) {
            vm.close();
        }
        if (legacyVm != null) {
            legacyVm.close();
        }
    }
}
