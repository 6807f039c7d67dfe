package dev.nacre.drm.nova;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreException;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.Placement;
import dev.nacre.drm.Access;
import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DriverFile;
import dev.nacre.drm.DriverInfo;
import dev.nacre.drm.DrmDriver;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.Kms;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.linux.Errno;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The nova driver of a board: graphics memory and what the board is. HW: {@code nova_drm.h}, {@code drivers/gpu/drm/nova}. Like
 * Linux's it has no render node, no display and no channels yet. Any thread may call.
 */
public final class NovaDriver implements DrmDriver {
    // HW: nova/driver.rs, INFO; kernels from 6.14 say 0 for the date
    private static final DriverInfo INFO = new DriverInfo("nova", "0", "Nvidia Graphics", 0, 0, 0);

    // HW: nova_drm.h
    private static final long GETPARAM_VRAM_BAR_SIZE = 1;

    private static final int ARG_BYTES = 16;
    private static final long PAGE_BYTES = 4096;

    private final Core core;
    private final Attachment attachment;

    /**
     * Attaches to a board.
     *
     * @throws dev.nacre.core.CoreException as {@link Core#attach}: with BUSY if the board is in other hands
     */
    public NovaDriver(Core core) {
        this.core = core;
        Set<Capability> needed = Set.of(Capability.MEMORY_OBJECTS);
        this.attachment = core.attach(Client.of("nova", ClientKind.DRM, needed, _ -> {}));
    }

    @Override
    public DriverInfo info() {
        return INFO;
    }

    @Override
    public Set<DriverFeature> features() {
        return Set.of(DriverFeature.GEM);
    }

    @Override
    public List<Ioctl> ioctls() {
        Set<Access> all = Set.of(Access.RENDER_ALLOW);
        Set<Access> auth = Set.of(Access.AUTH, Access.RENDER_ALLOW);
        return List.of(
                new Ioctl(0x40, "DRM_IOCTL_NOVA_GETPARAM", ARG_BYTES, all, this::parameter),
                new Ioctl(0x41, "DRM_IOCTL_NOVA_GEM_CREATE", ARG_BYTES, auth, this::create),
                new Ioctl(0x42, "DRM_IOCTL_NOVA_GEM_INFO", ARG_BYTES, auth, NovaDriver::describe));
    }

    @Override
    public DriverFile open(DrmFile file) {
        return new NovaFile(core.board().fbBytes());
    }

    @Override
    public GemObject createDumb(DrmFile file, long bytes) {
        throw new DrmException(Errno.ENOSYS);
    }

    @Override
    public Optional<Kms> kms() {
        return Optional.empty();
    }

    @Override
    public void close() {
        attachment.close();
    }

    private void parameter(IoctlCall call) {
        if (call.arg().get(JAVA_LONG, 0) != GETPARAM_VRAM_BAR_SIZE) {
            throw new DrmException(Errno.EINVAL);
        }
        call.arg().set(JAVA_LONG, 8, core.board().bar1Bytes());
    }

    private void create(IoctlCall call) {
        long bytes = call.arg().get(JAVA_LONG, 8);
        if (bytes <= 0 || bytes > Long.MAX_VALUE - PAGE_BYTES) {
            throw new DrmException(Errno.EINVAL, "Size is impossible: bytes=" + Long.toUnsignedString(bytes));
        }
        long whole = Math.ceilDiv(bytes, PAGE_BYTES) * PAGE_BYTES;
        NovaFile file = (NovaFile) call.file().driverFile();
        file.take(whole);
        try (GemObject object = allocate(file, whole)) {
            call.arg().set(JAVA_INT, 0, call.file().gems().create(object));
        }
    }

    private GemObject allocate(NovaFile file, long bytes) {
        try {
            return new NovaObject(attachment.createMemory(bytes, Placement.SYSTEM), file);
        } catch (CoreException e) {
            file.giveBack(bytes);
            throw e;
        }
    }

    /** How much memory a client may still have by a file: as much as the board has, all in all. */
    private static final class NovaFile implements DriverFile {
        // Guarded by this.
        private long left;

        private NovaFile(long most) {
            left = most;
        }

        private synchronized void take(long bytes) {
            if (bytes > left) {
                throw new DrmException(Errno.ENOMEM, "Too much memory: bytes=" + bytes + " left=" + left);
            }
            left -= bytes;
        }

        private synchronized void giveBack(long bytes) {
            left += bytes;
        }

        @Override
        public void close() {}
    }

    private static final class NovaObject extends GemObject {
        private final NovaFile file;

        private NovaObject(MemoryObject memory, NovaFile file) {
            super(memory);
            this.file = file;
        }

        @Override
        protected void freed() {
            file.giveBack(bytes());
        }
    }

    private static void describe(IoctlCall call) {
        try (GemObject object = call.file().gems().lookup(call.arg().get(JAVA_INT, 0))) {
            call.arg().set(JAVA_LONG, 8, object.bytes());
        }
    }
}
