package dev.nacre.corejava;

import dev.nacre.core.BoardInfo.FbRegion;
import dev.nacre.core.BoardInfo.Silicon;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.core.EngineType;
import dev.nacre.core.FaultCause;
import dev.nacre.core.GspLog;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.gpu.BarAccess;
import dev.nacre.corejava.gpu.BootedGpu;
import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.DisplayAccess;
import dev.nacre.corejava.gpu.GpuDescription;
import dev.nacre.corejava.gpu.GpuEngine;
import dev.nacre.corejava.gpu.GpuListener;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.gpu.VgpuShares;
import dev.nacre.corejava.gpu.VramAccess;
import dev.nacre.hw.mmu.GmmuV2;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.rm.ParamLayout.ChannelAlloc;
import dev.nacre.hw.rm.ParamLayout.MemoryDesc;
import dev.nacre.hw.vgpu.VgpuAbi;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.PciIds;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A GPU in memory: keeps what the firmware is asked for, and lets channels run when a test says so. Its page tables are
 * read back by {@link Walk}.
 */
public final class FakeGpu implements BootedGpu {
    public static final long FB_BYTES = 96L << 20;
    public static final long BAR1_BYTES = 16L << 20;
    public static final long BAR1_ROOT = FB_BYTES - 4096;
    public static final int METHOD_BYTES = 0x5000;
    public static final long SEGMENT_BYTES = 32L << 20;
    public static final int VIRTUAL_FUNCTIONS = 4;

    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    /** A channel as the firmware was asked for it. */
    public record FakeChannel(int id, int engineType, long ring, int entries, long userd, int parent, int vaSpace) {}

    public final MemorySegment fb = MemorySegment.ofArray(new byte[(int) FB_BYTES]);
    public final Map<Integer, Integer> objects = new ConcurrentHashMap<>();
    public final Map<Integer, FakeChannel> channels = new ConcurrentHashMap<>();
    public final Map<Integer, Long> pageDirectories = new ConcurrentHashMap<>();
    public final AtomicInteger invalidations = new AtomicInteger();
    public final AtomicInteger sessions = new AtomicInteger();
    private final TreeMap<Long, Mapping> host = new TreeMap<>();
    private final DmaMemory dma = new DmaMemory(function());
    private final AtomicInteger nextHandle = new AtomicInteger(1);
    final FakePlugins plugins = new FakePlugins(this);
    private final FakeHost engine = new FakeHost(this);
    private final int channelCount;
    public volatile GpuListener listener = new Deaf();
    public volatile boolean runs = true;
    public volatile boolean dead;
    public volatile boolean closed;
    public final AtomicInteger suspends = new AtomicInteger();
    public final AtomicInteger resumes = new AtomicInteger();

    public FakeGpu() {
        this(256);
    }

    public FakeGpu(int channels) {
        this.channelCount = channels;
    }

    private FunctionAccess function() {
        return (FunctionAccess) Proxy.newProxyInstance(
                FakeGpu.class.getClassLoader(), new Class<?>[] {FunctionAccess.class}, (proxy, method, args) -> {
                    switch (method.getName()) {
                        case "mapDma" -> {
                            synchronized (host) {
                                host.put(
                                        (long) args[0],
                                        Mapping.map(
                                                (Fd) args[1],
                                                (long) args[2],
                                                (long) args[3],
                                                Mapping.Access.READ_WRITE));
                            }
                        }
                        case "unmapDma" -> {
                            synchronized (host) {
                                Objects.requireNonNull(host.remove((long) args[0]))
                                        .close();
                            }
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }

    /** The host's memory at a bus address. */
    MemorySegment host(long address) {
        synchronized (host) {
            Map.Entry<Long, Mapping> entry = Objects.requireNonNull(host.floorEntry(address));
            return entry.getValue().segment().asSlice(address - entry.getKey());
        }
    }

    @Override
    public GpuDescription description() {
        List<GpuEngine> engines = List.of(
                new GpuEngine(new Engine(EngineType.GRAPHICS, 0, 1), 1, 0, 10),
                new GpuEngine(new Engine(EngineType.COPY, 0, 9), 9, 0, 11),
                new GpuEngine(new Engine(EngineType.COPY, 1, 10), 10, 1, 12),
                new GpuEngine(new Engine(EngineType.SEC2, 0, 40), 40, -1, -1));
        return new GpuDescription(
                "AD102",
                new PciIds(0x10de, 0x26b5, 0x10de, 0x169d, 0x030000, 0xa1),
                new Silicon(0x192, 0xa1, 1, 6),
                "Fake",
                "GPU-0",
                "570.144",
                FB_BYTES,
                List.of(new FbRegion(0, FB_BYTES - (1 << 20))),
                BAR1_BYTES,
                BAR1_ROOT,
                SEGMENT_BYTES,
                false,
                channelCount,
                VIRTUAL_FUNCTIONS,
                engines);
    }

    @Override
    public PageTableFormat pageTables() {
        return GmmuV2.FORMAT;
    }

    @Override
    public ChannelModel channels() {
        return new ChannelModel(0xc56f, 0xc7b5, 0xc997, 0xc9c0, 0xa140, 0xc561, 368);
    }

    @Override
    public DmaMemory dma() {
        return dma;
    }

    @Override
    public VramAccess vram() {
        return new Vram();
    }

    @Override
    public BarAccess bar1() {
        return new BarAccess() {
            @Override
            public long bytes() {
                return BAR1_BYTES;
            }

            @Override
            public void read(long offset, MemorySegment dst, long dstOffset, int count) {
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(at(offset + i), 0, dst, dstOffset + i, 1);
                }
            }

            @Override
            public void write(long offset, MemorySegment src, long srcOffset, int count) {
                for (int i = 0; i < count; i++) {
                    MemorySegment.copy(src, srcOffset + i, at(offset + i), 0, 1);
                }
            }

            private MemorySegment at(long address) {
                return memory(new Walk(FakeGpu.this, BAR1_ROOT).translate(address));
            }
        };
    }

    /** Where a page lies. */
    MemorySegment memory(Walk.@Nullable Place place) {
        if (place == null) {
            throw new AssertionError("Nothing is mapped there");
        }
        return place.system() ? host(place.address()) : fb.asSlice(place.address());
    }

    @Override
    public RmSession createSession() {
        requireAlive();
        sessions.incrementAndGet();
        return new Session();
    }

    private void requireAlive() {
        if (dead) {
            throw new CoreException(CoreError.GONE, "dead");
        }
    }

    @Override
    public void invalidateTlb(long pageDirectory) {
        requireAlive();
        invalidations.incrementAndGet();
    }

    @Override
    public void ringDoorbell(int token) {
        if (runs && !dead) {
            engine.run(token);
        }
    }

    /** Lets all channels run that have something to do. */
    public void runAll() {
        channels.values().forEach(channel -> engine.run(channel.id()));
    }

    @Override
    public Optional<DisplayAccess> display() {
        return Optional.empty();
    }

    @Override
    public VgpuAbi vgpu() {
        return plugins.abi();
    }

    @Override
    public void ringPlugin(int gfid) {
        requireAlive();
        plugins.ring(gfid);
    }

    @Override
    public void listen(GpuListener told) {
        listener = told;
    }

    @Override
    public List<GspLog> logs() {
        return List.of(new GspLog("init", new byte[] {1}));
    }

    @Override
    public void suspend() {
        requireAlive();
        suspends.incrementAndGet();
        // Memory without power holds anything.
        fb.fill((byte) 0x5a);
    }

    @Override
    public void resume() {
        requireAlive();
        resumes.incrementAndGet();
    }

    @Override
    public void close() {
        closed = true;
        dma.close();
    }

    private final class Vram implements VramAccess {
        @Override
        public long readLong(long address) {
            return fb.get(LONG, address);
        }

        @Override
        public void writeLong(long address, long value) {
            fb.set(LONG, address, value);
        }

        @Override
        public void read(long address, MemorySegment dst, long dstOffset, int count) {
            MemorySegment.copy(fb, address, dst, dstOffset, count);
        }

        @Override
        public void write(long address, MemorySegment src, long srcOffset, int count) {
            MemorySegment.copy(src, srcOffset, fb, address, count);
        }

        @Override
        public void fill(long address, long bytes, byte value) {
            fb.asSlice(address, bytes).fill(value);
        }
    }

    private final class Session implements RmSession {
        private final Set<Integer> own = new HashSet<>();
        private final Map<Integer, Integer> parents = new HashMap<>();
        private final int client = nextHandle.getAndIncrement();
        private final int device = nextHandle.getAndIncrement();
        private final int subdevice = nextHandle.getAndIncrement();
        private boolean ended;

        @Override
        public int client() {
            return client;
        }

        @Override
        public int device() {
            return device;
        }

        @Override
        public int subdevice() {
            return subdevice;
        }

        @Override
        public synchronized int allocate(int parent, int rmClass, byte[] parameters) {
            requireAlive();
            int handle = nextHandle.getAndIncrement();
            own.add(handle);
            parents.put(handle, parent);
            objects.put(handle, rmClass);
            if (rmClass == channels().gpfifoClass()) {
                ByteBuffer words = ByteBuffer.wrap(parameters).order(ByteOrder.LITTLE_ENDIAN);
                int flags = words.getInt(ChannelAlloc.FLAGS);
                FakeChannel channel = new FakeChannel(
                        (flags >>> 12 & 0x1ff) * 8 + (flags >>> 8 & 7),
                        words.getInt(ChannelAlloc.ENGINE_TYPE),
                        words.getLong(ChannelAlloc.GP_FIFO_OFFSET),
                        words.getInt(ChannelAlloc.GP_FIFO_ENTRIES),
                        words.getLong(ChannelAlloc.USERD_MEM + MemoryDesc.BASE),
                        parent,
                        words.getInt(ChannelAlloc.VA_SPACE));
                channels.put(handle, channel);
                engine.add(channel, Objects.requireNonNull(pageDirectories.get(client)));
            }
            return handle;
        }

        @Override
        public synchronized void free(int object) {
            requireAlive();
            objects.remove(object);
            FakeChannel channel = channels.remove(object);
            if (channel != null) {
                engine.remove(channel);
            }
            own.remove(object);
        }

        @Override
        public void control(int object, int command, byte[] parameters) {
            requireAlive();
            if (command == 0x20802a08) {
                ByteBuffer.wrap(parameters).order(ByteOrder.LITTLE_ENDIAN).putInt(0, METHOD_BYTES);
                return;
            }
            int status = plugins.control(command, parameters);
            if (status != 0) {
                throw new CoreException(CoreError.IO, "refused: status=" + status);
            }
        }

        @Override
        public int tryControl(int object, int command, byte[] parameters) {
            requireAlive();
            return plugins.control(command, parameters);
        }

        @Override
        public void setPageDirectory(int vaSpace, long pageDirectory, int entries) {
            pageDirectories.put(client, pageDirectory);
        }

        @Override
        public synchronized void close() {
            if (!ended) {
                ended = true;
                Set.copyOf(own).forEach(this::free);
                sessions.decrementAndGet();
            }
        }
    }

    private static final class Deaf implements GpuListener {
        @Override
        public void nonStall(int engineBit) {}

        @Override
        public void channelFault(int channelId, FaultCause cause, OptionalLong address) {}

        @Override
        public void vgpuNotice(int gfid, int index) {}

        @Override
        public void vgpuShares(Map<Integer, VgpuShares> shares) {}

        @Override
        public void vblank(int heads) {}

        @Override
        public void hotplug() {}

        @Override
        public void gone() {}
    }
}
