package dev.nacre.drm.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Placement;
import dev.nacre.drm.Access;
import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DriverFile;
import dev.nacre.drm.DriverInfo;
import dev.nacre.drm.DrmDriver;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.Ioctl.Direction;
import dev.nacre.drm.IoctlCall;
import dev.nacre.drm.Kms;
import dev.nacre.drm.KmsInfo;
import dev.nacre.drm.gem.GemObject;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A driver without a GPU, that can do whatever a test says it can. */
public final class TestDriver implements DrmDriver {
    /** Makes a mappable object: bytes at 8, the handle at 0. */
    public static final int CREATE = 0x40;

    /** Makes one that cannot be mapped. */
    public static final int CREATE_VRAM = 0x41;

    /** Adds up memory: address at 0, bytes at 8, the sum at 16. */
    public static final int SUM = 0x42;

    /** Waits until the file closes. */
    public static final int HANG = 0x43;

    /** Fails by the core. */
    public static final int CORE_FAILS = 0x44;

    /** Has a defect. */
    public static final int DEFECT = 0x45;

    /** Fills 32 bytes with what it sees of its argument's last byte. */
    public static final int SEES = 0x46;

    /** Sends an event of 16 bytes. */
    public static final int EVENT = 0x47;

    /** For root. */
    public static final int ROOT = 0x48;

    /** Fills memory: address at 0, bytes at 8. */
    public static final int FILL = 0x49;

    /** Objects that have not been freed. */
    public final AtomicInteger objects = new AtomicInteger();

    /** Files that are open. */
    public final AtomicInteger files = new AtomicInteger();

    /** How often the display was told that the last file has closed. */
    public final AtomicInteger lastCloses = new AtomicInteger();

    /** Opened when an ioctl hangs. */
    public final CountDownLatch hanging = new CountDownLatch(1);

    private final Set<DriverFeature> features;

    /** One with some features. */
    public TestDriver(Set<DriverFeature> features) {
        this.features = features.isEmpty() ? EnumSet.noneOf(DriverFeature.class) : EnumSet.copyOf(features);
    }

    /** One with all. */
    public static TestDriver withAll() {
        return new TestDriver(EnumSet.allOf(DriverFeature.class));
    }

    @Override
    public DriverInfo info() {
        return new DriverInfo("test", "20261123", "A driver of tests", 1, 2, 3);
    }

    @Override
    public Set<DriverFeature> features() {
        return features;
    }

    @Override
    public List<Ioctl> ioctls() {
        Set<Access> all = Set.of(Access.RENDER_ALLOW);
        return List.of(
                new Ioctl(CREATE, "CREATE", 16, all, call -> create(call, Placement.SYSTEM)),
                new Ioctl(CREATE_VRAM, "CREATE_VRAM", 16, all, call -> create(call, Placement.VRAM)),
                new Ioctl(SUM, "SUM", 24, all, TestDriver::sum),
                new Ioctl(HANG, "HANG", 0, Direction.NONE, all, this::hang),
                new Ioctl(CORE_FAILS, "CORE_FAILS", 8, all, call -> {
                    call.arg().set(JAVA_LONG, 0, 7);
                    throw new CoreException(CoreError.NO_SPACE, "Full");
                }),
                new Ioctl(DEFECT, "DEFECT", 0, Direction.NONE, all, _ -> {
                    throw new IllegalStateException("A defect");
                }),
                new Ioctl(SEES, "SEES", 32, all, TestDriver::sees),
                new Ioctl(
                        EVENT,
                        "EVENT",
                        0,
                        Direction.NONE,
                        all,
                        call -> call.file()
                                .reserveEvent(16)
                                .send(new byte[] {9, 0, 0, 0, 16, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8})),
                new Ioctl(ROOT, "ROOT", 0, Direction.NONE, Set.of(Access.ROOT_ONLY, Access.RENDER_ALLOW), _ -> {}),
                new Ioctl(FILL, "FILL", 16, Direction.IN, all, TestDriver::fill));
    }

    private void create(IoctlCall call, Placement placement) {
        try (GemObject object = object(call.arg().get(JAVA_LONG, 8), placement)) {
            call.arg().set(JAVA_INT, 0, call.file().gems().create(object));
        }
    }

    /** Makes an object. */
    public GemObject object(long bytes, Placement placement) {
        return new GemObject(new FakeMemory(bytes, placement, objects));
    }

    private static void sum(IoctlCall call) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) call.arg().get(JAVA_LONG, 8)]);
        call.user().copyIn(call.arg().get(JAVA_LONG, 0), bytes);
        long sum = 0;
        for (byte one : bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)) {
            sum += Byte.toUnsignedLong(one);
        }
        call.arg().set(JAVA_LONG, 16, sum);
    }

    private static void fill(IoctlCall call) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[(int) call.arg().get(JAVA_LONG, 8)]);
        bytes.fill((byte) 0x5a);
        call.user().copyOut(call.arg().get(JAVA_LONG, 0), bytes);
    }

    private void hang(IoctlCall call) throws InterruptedException {
        hanging.countDown();
        new CountDownLatch(1).await();
    }

    private static void sees(IoctlCall call) {
        byte last = call.arg().get(java.lang.foreign.ValueLayout.JAVA_BYTE, 31);
        call.arg().fill((byte) (last + 1));
    }

    @Override
    public DriverFile open(DrmFile file) {
        files.incrementAndGet();
        return files::decrementAndGet;
    }

    @Override
    public GemObject createDumb(DrmFile file, long bytes) {
        return object(bytes, Placement.SYSTEM);
    }

    @Override
    public Optional<Kms> kms() {
        return features.contains(DriverFeature.MODESET) ? Optional.of(new Display()) : Optional.empty();
    }

    @Override
    public void close() {}

    private final class Display implements Kms {
        @Override
        public KmsInfo info() {
            return new KmsInfo(24, true, true, false, 256, 128, true);
        }

        @Override
        public List<Ioctl> ioctls() {
            return List.of(new Ioctl(0xa0, "DRM_IOCTL_MODE_GETRESOURCES", 64, Set.of(), _ -> {}));
        }

        @Override
        public void close(DrmFile file) {}

        @Override
        public void lastClose() {
            lastCloses.incrementAndGet();
        }
    }
}
