package dev.nacre.drm.nouveau;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.Credentials;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.NumberPlace;
import dev.nacre.drm.UserMemory;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.sync.Syncobj;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A process with a file of the driver's: what Mesa and libdrm do, as one call each. One thread at a time. */
final class TestClient implements AutoCloseable {
    static final long PAGE = 4096;
    static final int VRAM = 2;
    static final int GART = 4;
    static final int MAPPABLE = 8;
    static final int NO_SHARE = 32;

    /** Memory that nobody but the GPU reaches. */
    static final int OWN = VRAM | NO_SHARE;

    static final int ENGINE_GR = 1;
    static final int ENGINE_CE = 0x30;

    private static final int IN_OUT = 3;
    private static final int BASE = 0x40;
    private static final long PATIENCE_NS = Duration.ofSeconds(30).toNanos();

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final DrmDevice device;
    private final DrmFile file;
    private final Memory memory = new Memory();

    TestClient(DrmDevice device) {
        this.device = device;
        this.file = device.open(DrmNode.RENDER, new Credentials(1, 1000, 1000), _ -> true);
    }

    DrmFile file() {
        return file;
    }

    /** Calls an ioctl of the driver's; what comes back is in the argument. Returns why it failed, if it did. */
    Optional<Errno> ioctl(int nr, MemorySegment arg) {
        MemorySegment buffer = MemorySegment.ofArray(new long[2048]);
        MemorySegment.copy(arg, 0, buffer, 0, arg.byteSize());
        int command = IN_OUT << 30 | (int) arg.byteSize() << 16 | 'd' << 8 | BASE + nr;
        DrmDevice.Outcome outcome = device.ioctl(file, command, buffer, new Credentials(1, 1000, 1000), memory);
        MemorySegment.copy(buffer, 0, arg, 0, Math.min(arg.byteSize(), outcome.outBytes()));
        return Errno.of(outcome.errno());
    }

    /** Puts words into the process's memory. Returns their address. */
    long put(MemorySegment bytes) {
        return memory.put(bytes);
    }

    static MemorySegment bytes(int count) {
        return MemorySegment.ofArray(new byte[count]);
    }

    /** Fields of 32 bits. */
    static MemorySegment words(int... words) {
        return MemorySegment.ofArray(words.clone());
    }

    static int word(MemorySegment at, long offset) {
        return at.get(INT, offset);
    }

    static long longAt(MemorySegment at, long offset) {
        return at.get(LONG, offset);
    }

    static MemorySegment join(MemorySegment... parts) {
        MemorySegment all = bytes(
                (int) Arrays.stream(parts).mapToLong(MemorySegment::byteSize).sum());
        long at = 0;
        for (MemorySegment part : parts) {
            MemorySegment.copy(part, 0, all, at, part.byteSize());
            at += part.byteSize();
        }
        return all;
    }

    static int low(long value) {
        return (int) value;
    }

    static int high(long value) {
        return (int) (value >>> 32);
    }

    long param(int param) {
        MemorySegment arg = words(param, 0, 0, 0);
        assertThat(ioctl(0x00, arg)).isEmpty();
        return longAt(arg, 8);
    }

    Optional<Errno> vmInit(long address, long bytes) {
        return ioctl(0x10, words(low(address), high(address), low(bytes), high(bytes)));
    }

    /** As NVK: the upper addresses below 2^40 are the kernel's. */
    TestClient nvk() {
        assertThat(vmInit(1L << 38, (1L << 40) - (1L << 38))).isEmpty();
        return this;
    }

    Optional<Errno> gemNew(MemorySegment info) {
        return ioctl(0x40, info);
    }

    static MemorySegment gemInfo(long bytes, int domain, int kind) {
        MemorySegment info = bytes(48);
        info.set(INT, 4, domain);
        info.set(LONG, 8, bytes);
        info.set(INT, 36, kind << 8);
        return info;
    }

    int gem(long bytes, int domain) {
        MemorySegment info = gemInfo(bytes, domain, 0);
        assertThat(gemNew(info)).isEmpty();
        return word(info, 0);
    }

    MemorySegment info(int handle) {
        MemorySegment info = bytes(40);
        info.set(INT, 0, handle);
        assertThat(ioctl(0x44, info)).isEmpty();
        return info;
    }

    Optional<Errno> cpuPrep(int handle, int flags) {
        return ioctl(0x42, words(handle, flags));
    }

    Optional<Errno> channelAlloc(MemorySegment arg) {
        return ioctl(0x02, arg);
    }

    static MemorySegment channelRequest(int engine) {
        MemorySegment arg = bytes(88);
        arg.set(INT, 0, -1);
        arg.set(INT, 4, engine);
        return arg;
    }

    int channel(int engine) {
        MemorySegment arg = channelRequest(engine);
        assertThat(channelAlloc(arg)).isEmpty();
        return word(arg, 8);
    }

    Optional<Errno> channelFree(int channel) {
        return ioctl(0x03, words(channel));
    }

    static MemorySegment mapOp(int handle, long address, long bytes, long offset, int flags) {
        return op(0, handle, address, bytes, offset, flags);
    }

    static MemorySegment unmapOp(long address, long bytes, int flags) {
        return op(1, 0, address, bytes, 0, flags);
    }

    static MemorySegment op(int op, int handle, long address, long bytes, long offset, int flags) {
        return words(
                op, flags, handle, 0, low(address), high(address), low(offset), high(offset), low(bytes), high(bytes));
    }

    Optional<Errno> bind(MemorySegment... ops) {
        return bind(0, List.of(), List.of(), ops);
    }

    Optional<Errno> bind(int flags, List<MemorySegment> waits, List<MemorySegment> signals, MemorySegment... ops) {
        long opAt = put(join(ops));
        long waitAt = put(join(waits.toArray(MemorySegment[]::new)));
        long signalAt = put(join(signals.toArray(MemorySegment[]::new)));
        MemorySegment arg = words(
                ops.length,
                flags,
                waits.size(),
                signals.size(),
                low(waitAt),
                high(waitAt),
                low(signalAt),
                high(signalAt),
                low(opAt),
                high(opAt));
        return ioctl(0x11, arg);
    }

    static MemorySegment binary(int handle) {
        return words(0, handle, 0, 0);
    }

    static MemorySegment point(int handle, long point) {
        return words(1, handle, low(point), high(point));
    }

    static MemorySegment push(long address, int bytes) {
        return words(low(address), high(address), bytes, 0);
    }

    Optional<Errno> exec(
            int channel, List<MemorySegment> pushes, List<MemorySegment> waits, List<MemorySegment> signals) {
        long pushAt = put(join(pushes.toArray(MemorySegment[]::new)));
        long waitAt = put(join(waits.toArray(MemorySegment[]::new)));
        long signalAt = put(join(signals.toArray(MemorySegment[]::new)));
        MemorySegment arg = words(
                channel,
                pushes.size(),
                waits.size(),
                signals.size(),
                low(waitAt),
                high(waitAt),
                low(signalAt),
                high(signalAt),
                low(pushAt),
                high(pushAt));
        return ioctl(0x12, arg);
    }

    int syncobj() {
        return file.syncobjs().create(new Syncobj());
    }

    /** Waits for what a syncobj holds. */
    Fence await(int syncobj) throws InterruptedException {
        Fence fence = Objects.requireNonNull(file.syncobjs().lookup(syncobj).fence());
        assertThat(fence.await(System.nanoTime() + PATIENCE_NS)).isTrue();
        return fence;
    }

    /** Fills an object by the processor. */
    void write(int handle, long offset, MemorySegment data) {
        try (NouveauObject object = file.gems().lookup(handle, NouveauObject.class)) {
            object.memory().write(offset, data, 0, (int) data.byteSize());
        }
    }

    /** Reads a word by the processor. */
    int read(int handle, long offset) {
        MemorySegment word = bytes(4);
        try (NouveauObject object = file.gems().lookup(handle, NouveauObject.class)) {
            object.memory().read(offset, word, 0, 4);
        }
        return word(word, 0);
    }

    @Override
    public void close() {
        file.close();
    }

    /** A process's memory: what was put into it, and nothing else. */
    private static final class Memory implements UserMemory {
        private static final long START = 0x7f00_0000_0000L;

        private byte[] content = new byte[1 << 16];
        private int used;

        long put(MemorySegment bytes) {
            int size = (int) bytes.byteSize();
            if (used + size > content.length) {
                used = 0;
                content = new byte[Math.max(content.length, 2 * size)];
            }
            MemorySegment.copy(bytes, 0, MemorySegment.ofArray(content), used, size);
            used += size + 7 & -8;
            return START + used - (size + 7 & -8);
        }

        @Override
        public void copyIn(long address, MemorySegment dst) {
            MemorySegment.copy(MemorySegment.ofArray(content), at(address, dst.byteSize()), dst, 0, dst.byteSize());
        }

        @Override
        public void copyOut(long address, MemorySegment src) {
            MemorySegment.copy(src, 0, MemorySegment.ofArray(content), at(address, src.byteSize()), src.byteSize());
        }

        private long at(long address, long bytes) {
            long at = address - START;
            if (at < 0 || at > content.length - bytes) {
                throw new DrmException(Errno.EFAULT);
            }
            return at;
        }

        @Override
        public Fd takeFd(int number) {
            throw new DrmException(Errno.EBADF);
        }

        @Override
        public void giveFd(Fd fd, boolean cloexec, NumberPlace where) {
            fd.close();
        }
    }
}
