package dev.nacre.fuzz;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

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
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A DRM driver without a GPU: memory, and fences that somebody signals or nobody does. */
final class ModelDrmDriver implements DrmDriver {
    /** Makes an object: bytes at 8, the handle at 0, where it is mapped at 8. */
    static final int CREATE = 0x40;

    /** Has a syncobj wait for nothing that comes: handle at 0, point at 8. */
    static final int SUBMIT = 0x41;

    /** Ends what the file has submitted. */
    static final int FINISH = 0x42;

    private static final long MOST_BYTES = 1 << 20;

    final AtomicInteger objects = new AtomicInteger();
    final AtomicInteger files = new AtomicInteger();

    @Override
    public DriverInfo info() {
        return new DriverInfo("model", "0", "A driver for fuzzing", 1, 0, 0);
    }

    @Override
    public Set<DriverFeature> features() {
        return Set.of(DriverFeature.GEM, DriverFeature.RENDER, DriverFeature.SYNCOBJ, DriverFeature.SYNCOBJ_TIMELINE);
    }

    @Override
    public List<Ioctl> ioctls() {
        Set<Access> all = Set.of(Access.RENDER_ALLOW);
        return List.of(
                new Ioctl(CREATE, "CREATE", 16, all, this::create),
                new Ioctl(SUBMIT, "SUBMIT", 16, all, ModelDrmDriver::submit),
                new Ioctl(
                        FINISH,
                        "FINISH",
                        0,
                        all,
                        call -> ((Submissions) call.file().driverFile()).end()));
    }

    private void create(IoctlCall call) {
        long bytes = call.arg().get(JAVA_LONG, 8);
        if (bytes <= 0 || bytes > MOST_BYTES) {
            throw new DrmException(Errno.EINVAL);
        }
        try (GemObject object = new GemObject(new Memory((bytes + 4095) / 4096 * 4096, objects))) {
            call.arg().set(JAVA_LONG, 8, call.file().device().gems().mmapOffset(object));
            call.arg().set(JAVA_INT, 0, call.file().gems().create(object));
        }
    }

    private static void submit(IoctlCall call) {
        call.file().backlog().require(1);
        Fence fence = ((Submissions) call.file().driverFile()).begin();
        long point = call.arg().get(JAVA_LONG, 8);
        if (point == 0) {
            call.file().syncobjs().lookup(call.arg().get(JAVA_INT, 0)).replace(fence);
        } else {
            call.file()
                    .syncobjs()
                    .lookup(call.arg().get(JAVA_INT, 0))
                    .addPoint(fence, point, call.file().backlog());
        }
    }

    @Override
    public DriverFile open(DrmFile file) {
        files.incrementAndGet();
        return new Submissions();
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
    public void close() {}

    /** What a file has submitted: all of it ends when all before has. */
    private final class Submissions implements DriverFile {
        private Fence now = new Fence();

        synchronized Fence begin() {
            return now;
        }

        void end() {
            Fence ended;
            synchronized (this) {
                ended = now;
                now = new Fence();
            }
            ended.signal();
        }

        @Override
        public void close() {
            end();
            files.decrementAndGet();
        }
    }

    private static final class Memory implements MemoryObject {
        private final long bytes;
        private final Fd file;
        private final AtomicInteger objects;

        Memory(long bytes, AtomicInteger objects) {
            this.bytes = bytes;
            this.objects = objects;
            file = Memfd.ofFixedSize("nacre-fuzz", bytes);
            objects.incrementAndGet();
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public Placement placement() {
            return Placement.SYSTEM;
        }

        @Override
        public Optional<Fd> file() {
            return Optional.of(file);
        }

        @Override
        public void read(long offset, MemorySegment dst, long dstOffset, int count) {}

        @Override
        public void write(long offset, MemorySegment src, long srcOffset, int count) {}

        @Override
        public void close() {
            file.close();
            objects.decrementAndGet();
        }
    }
}
