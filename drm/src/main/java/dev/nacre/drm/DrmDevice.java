package dev.nacre.drm;

import dev.nacre.core.CoreException;
import dev.nacre.drm.gem.GemShared;
import dev.nacre.drm.ioctl.DescriptorCall;
import dev.nacre.drm.ioctl.DeviceIoctls;
import dev.nacre.drm.ioctl.DmaBufIoctls;
import dev.nacre.drm.ioctl.DumbIoctls;
import dev.nacre.drm.ioctl.GemIoctls;
import dev.nacre.drm.ioctl.MasterIoctls;
import dev.nacre.drm.ioctl.NoDisplayIoctls;
import dev.nacre.drm.ioctl.SyncFileIoctls;
import dev.nacre.drm.ioctl.SyncobjIoctls;
import dev.nacre.drm.ioctl.SyncobjWaitIoctls;
import dev.nacre.drm.sync.SyncFiles;
import dev.nacre.drm.sync.SyncobjFiles;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Signaller;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A DRM device: a driver, the files that are open, and what they share. Any thread may call. */
public final class DrmDevice implements AutoCloseable {
    // HW: DRM_COMMAND_BASE and DRM_COMMAND_END of drm.h
    private static final int FIRST_DRIVER_NR = 0x40;
    private static final int END_DRIVER_NR = 0xa0;

    // GUEST: what all clients together can have wait here: some hundred bytes each
    private static final int MOST_WAITING = 1 << 20;

    // GUEST: two arrays of syncobjs as long as can be
    private static final int MOST_WAITING_EACH = 1 << 17;

    // GUEST: more than a process can have open, as systems are set up
    private static final int MOST_DESCRIPTORS_EACH = 1 << 12;

    private static final System.Logger LOG = System.getLogger(DrmDevice.class.getName());

    private final DrmDriver driver;
    private final String busId;
    private final @Nullable Kms kms;
    private final @Nullable Ioctl[] ioctls = new Ioctl[256];
    private final DrmMasters masters = new DrmMasters();
    private final GemShared gems = new GemShared();
    private final SyncobjFiles syncobjFiles = new SyncobjFiles();
    private final SyncFiles syncFiles = new SyncFiles();
    private final Signaller signaller = new Signaller();
    private final Quota backlog = new Quota(MOST_WAITING, Errno.ENOMEM, null);

    // Guarded by this.
    private final Set<DrmFile> files = new HashSet<>();
    private boolean closed;

    /**
     * A device of a driver, which belongs to it from now on.
     *
     * @param busId such as {@code pci:0000:01:00.0}
     * @throws IllegalArgumentException if two ioctls have one number, or one of the driver's has one that is not its own
     */
    public DrmDevice(DrmDriver driver, String busId) {
        this.driver = driver;
        this.busId = busId;
        this.kms = driver.kms().orElse(null);
        for (Ioctl ioctl : driver.ioctls()) {
            if (ioctl.nr() < FIRST_DRIVER_NR || ioctl.nr() >= END_DRIVER_NR) {
                throw new IllegalArgumentException("Not a number for a driver's ioctl: " + ioctl);
            }
        }
        add(driver.ioctls());
        add(kms == null ? NoDisplayIoctls.list() : kms.ioctls());
        add(DeviceIoctls.list());
        add(MasterIoctls.list());
        add(GemIoctls.list());
        add(DumbIoctls.list());
        add(SyncobjIoctls.list());
        add(SyncobjWaitIoctls.list());
    }

    private void add(List<Ioctl> some) {
        for (Ioctl ioctl : some) {
            if (ioctls[ioctl.nr()] != null) {
                throw new IllegalArgumentException("Two ioctls have one number: " + ioctl.name());
            }
            ioctls[ioctl.nr()] = ioctl;
        }
    }

    /** What drives it. */
    public DrmDriver driver() {
        return driver;
    }

    /** Where it is, such as {@code pci:0000:01:00.0}. */
    public String busId() {
        return busId;
    }

    /** Whether its driver can do something. */
    public boolean has(DriverFeature feature) {
        return driver.features().contains(feature);
    }

    /** By what its files share graphics memory. */
    public GemShared gems() {
        return gems;
    }

    /** Syncobjs that have descriptors. */
    public SyncobjFiles syncobjFiles() {
        return syncobjFiles;
    }

    /** Fences that have descriptors. */
    public SyncFiles syncFiles() {
        return syncFiles;
    }

    /** Raises eventfds of clients. */
    public Signaller signaller() {
        return signaller;
    }

    /**
     * Frees what lived by descriptors that are no longer in use. To be called now and then, for nobody tells when a
     * client closes one.
     */
    public void sweep() {
        gems.sweep();
        syncobjFiles.sweep();
        syncFiles.sweep();
    }

    /** The files that are open. */
    public synchronized Set<DrmFile> files() {
        return Set.copyOf(files);
    }

    /**
     * Opens a node.
     *
     * @param node which
     * @param opener who
     * @param events where the file's events go
     * @throws DrmException with ENODEV if the device has gone or has no such node, or as the driver says
     */
    public DrmFile open(DrmNode node, Credentials opener, EventSink events) {
        if (node == DrmNode.RENDER && !has(DriverFeature.RENDER)) {
            throw new DrmException(Errno.ENODEV, "There is no render node");
        }
        DrmFile file = new DrmFile(this, node, opener, events);
        synchronized (this) {
            if (closed) {
                throw new DrmException(Errno.ENODEV, "The device has gone");
            }
            files.add(file);
        }
        try {
            file.setDriverFile(driver.open(file));
        } catch (RuntimeException e) {
            file.close();
            throw e instanceof CoreException failure ? DrmException.of(failure) : e;
        }
        if (node == DrmNode.PRIMARY) {
            masters.opened(file);
        }
        return file;
    }

    /**
     * Runs an ioctl.
     *
     * @param command as the client passed it to ioctl(2)
     * @param buffer at least 16 KiB, aligned to 8; begins with the argument. Holds the argument afterwards
     * @param caller who calls
     * @param user memory and descriptors of the caller
     * @return 0 or an errno, and how much of the argument goes back
     */
    public Outcome ioctl(DrmFile file, int command, MemorySegment buffer, Credentials caller, UserMemory user) {
        Ioctl ioctl = ioctls[IoctlCode.nr(command)];
        if (ioctl == null) {
            return Outcome.failed(Errno.EINVAL);
        }
        int bytes = IoctlCode.bytes(command);
        int common = IoctlCode.direction(command) & ioctl.direction().bits();
        int in = (common & Ioctl.Direction.IN.bits()) != 0 ? bytes : 0;
        int out = (common & Ioctl.Direction.OUT.bits()) != 0 ? bytes : 0;
        int whole = Math.max(Math.max(in, out), ioctl.argBytes());
        MemorySegment arg = buffer.asSlice(0, whole);
        arg.asSlice(in).fill((byte) 0);
        return new Outcome(run(ioctl, new Call(file, arg, caller, user)), out);
    }

    /**
     * Runs an ioctl on a descriptor of a fence or of graphics memory, which its client may have got from anybody.
     *
     * @param given the descriptor
     * @param command as the client passed it to ioctl(2)
     * @param buffer as long as the command says at least, aligned to 8; begins with the argument. Holds the argument
     *     afterwards
     * @param payer to whom it counts what the call makes
     * @param user memory and descriptors of the caller
     * @return how it ended, ENOTTY if the command is unknown; empty if the descriptor stands for nothing of this device
     */
    public Optional<Outcome> ioctl(Fd given, int command, MemorySegment buffer, Quotas payer, UserMemory user) {
        Optional<DescriptorCall.Handler> handler;
        if (syncFiles.has(given)) {
            handler = SyncFileIoctls.handler(command);
        } else if (gems.has(given)) {
            handler = DmaBufIoctls.handler(command);
        } else {
            return Optional.empty();
        }
        if (handler.isEmpty()) {
            return Optional.of(Outcome.failed(Errno.ENOTTY));
        }
        int bytes = IoctlCode.bytes(command);
        int out = (IoctlCode.direction(command) & Ioctl.Direction.OUT.bits()) != 0 ? bytes : 0;
        DescriptorCall call = new DescriptorCall(this, given, buffer.asSlice(0, bytes), payer, user);
        int errno = errnoOf("descriptor", () -> handler.get().call(call));
        return Optional.of(new Outcome(errno, errno == 0 ? out : 0));
    }

    /** What a new client may have. */
    public Quotas newQuotas() {
        return new Quotas(
                new Quota(MOST_WAITING_EACH, Errno.ENOMEM, backlog),
                new Quota(MOST_DESCRIPTORS_EACH, Errno.EMFILE, null));
    }

    private int run(Ioctl ioctl, Call call) {
        DrmFile file = call.file;
        try {
            file.enter();
        } catch (DrmException e) {
            return e.errno().number();
        }
        try {
            return errnoOf(ioctl.name(), () -> {
                permit(ioctl, call);
                ioctl.handler().call(call);
            });
        } finally {
            file.leave();
        }
    }

    @FunctionalInterface
    private interface Action {
        void run() throws InterruptedException;
    }

    private static int errnoOf(String name, Action action) {
        try {
            action.run();
            return 0;
        } catch (DrmException e) {
            return e.errno().number();
        } catch (CoreException e) {
            return DrmException.of(e).errno().number();
        } catch (InterruptedException e) {
            return Errno.EINTR.number();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "An ioctl failed: name=" + name, e);
            return Errno.EIO.number();
        }
    }

    private static void permit(Ioctl ioctl, Call call) {
        Set<Access> access = ioctl.access();
        DrmFile file = call.file;
        boolean render = file.node() == DrmNode.RENDER;
        if ((access.contains(Access.ROOT_ONLY) && !call.caller.isRoot())
                || (access.contains(Access.AUTH) && !render && !file.isAuthenticated())
                || (access.contains(Access.MASTER) && !file.isMaster())
                || (!access.contains(Access.RENDER_ALLOW) && render)) {
            throw new DrmException(Errno.EACCES, ioctl.name());
        }
    }

    /** The device has gone: closes its files, then the driver. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        files().forEach(DrmFile::close);
        gems.close();
        syncobjFiles.close();
        syncFiles.close();
        driver.close();
        signaller.close();
    }

    void close(DrmFile file) {
        if (!file.endCalls()) {
            return;
        }
        try {
            file.free(kms);
        } finally {
            masters.closed(file);
            boolean last;
            synchronized (this) {
                boolean _ = files.remove(file);
                last = files.isEmpty();
            }
            if (last && kms != null) {
                kms.lastClose();
            }
            file.setFreed();
        }
    }

    /** Who is master, and whom he has let in. */
    public DrmMasters masters() {
        return masters;
    }

    /**
     * How an ioctl ended.
     *
     * @param errno 0, or why it failed
     * @param outBytes how much of the argument goes back to the client
     */
    public record Outcome(int errno, int outBytes) {
        static Outcome failed(Errno errno) {
            return new Outcome(errno.number(), 0);
        }
    }

    private record Call(DrmFile file, MemorySegment arg, Credentials caller, UserMemory user) implements IoctlCall {}
}
