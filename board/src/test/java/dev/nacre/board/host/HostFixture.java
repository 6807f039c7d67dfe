package dev.nacre.board.host;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.nacre.board.engine.EngineSource;
import dev.nacre.board.gsp.GspEvents;
import dev.nacre.board.hal.Ad102Hal;
import dev.nacre.board.host.ChannelControl.MemoryRef;
import dev.nacre.board.mmu.MmuFixture;
import dev.nacre.hw.host.Userd;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * A host with two channels' worth of memory: video memory below 4 MiB is mapped at {@link #VIDEO}, system memory below
 * 4 MiB at {@link #SYSTEM}.
 */
final class HostFixture implements AutoCloseable {
    static final long VIDEO = 0x10_0000_0000L;
    static final long SYSTEM = 0x20_0000_0000L;
    static final int GR0 = 1;
    static final int CE0 = 9;
    static final int CE1 = 10;
    static final int CE2 = 11;

    /** Where in video memory things of channel {@code id} lie. */
    static final long CHANNEL_BASE = 0x20_0000;

    static final long CHANNEL_STRIDE = 0x1_0000;
    static final long GPFIFO = 0x1000;
    static final long PUSH = 0x2000;
    static final int ENTRIES = 64;

    final MmuFixture memory = new MmuFixture();
    final List<Integer> interrupts = new CopyOnWriteArrayList<>();
    final List<Failure> failures = new CopyOnWriteArrayList<>();
    final List<String> log = new CopyOnWriteArrayList<>();
    final AtomicLong timeNs = new AtomicLong(0x1122_3344_5566L);
    final EngineSource engines;
    final Host host;

    record Failure(int engine, int channel, int type, long address, int faultType) {}

    HostFixture() {
        this(EngineSource.threads());
    }

    /** One whose host runs on certain engines. */
    HostFixture(EngineSource engines) {
        this.engines = engines;
        this.host = newHost();
        memory.tables.mapVideo(VIDEO, 0, 4 * MmuFixture.MIB);
        memory.tables.mapSystem(SYSTEM, MmuFixture.SYSTEM_BASE, 4 * MmuFixture.MIB);
    }

    /** Another host on the same memory. */
    Host newHost() {
        return new Host(new Ad102Hal(), memory.mmu, interrupts::add, new Events(), timeNs::incrementAndGet, engines);
    }

    /** Makes a channel that may run. */
    TestChannel channel(int id, int engine) {
        return channel(id, engine, false, memory.tables::root);
    }

    TestChannel channel(int id, int engine, boolean userdInSystem, LongSupplier pageDirectory) {
        long base = CHANNEL_BASE + id * CHANNEL_STRIDE;
        MemoryRef userd = new MemoryRef(userdInSystem ? MmuFixture.SYSTEM_BASE + base : base, userdInSystem);
        ChannelControl.Request request = new ChannelControl.Request(
                id, engine, VIDEO + base + GPFIFO, ENTRIES, userd, new MemoryRef(base + 0x200, false), pageDirectory);
        long handle = host.allocate(request);
        host.schedule(handle, true);
        return new TestChannel(this, id, handle, base, userd);
    }

    /** Waits until no runlist has anything to do but wait. */
    void settle() {
        settle(host);
    }

    static void settle(Host host) {
        host.workers().forEach(worker -> {
            if (!worker.drain(SECONDS.toNanos(60))) {
                throw new AssertionError("Engine is still busy");
            }
        });
    }

    /** Waits until a condition holds. */
    void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("Condition does not come true; failures=" + failures + " log=" + log);
            }
            LockSupport.parkNanos(100_000);
        }
    }

    int video(long offset) {
        return memory.vram.readInt(offset);
    }

    void video(long offset, int value) {
        memory.vram.writeInt(offset, value);
    }

    @Override
    public void close() {
        host.close();
    }

    private final class Events implements GspEvents {
        @Override
        public void channelError(int rmEngineType, int channelId, int exceptionType, long faultAddress, int faultType) {
            failures.add(new Failure(rmEngineType, channelId, exceptionType, faultAddress, faultType));
        }

        @Override
        public void hotplug(int plugged, int unplugged) {
            throw new AssertionError("The host knows no displays");
        }

        @Override
        public void errorLog(int xid, int runlist, int channelId, String text) {
            log.add(text);
        }
    }

    /** The driver's side of a channel. */
    static final class TestChannel {
        final HostFixture fixture;
        final int id;
        final long handle;
        final long base;
        final MemoryRef userd;
        private int put;
        private long nextPush;

        TestChannel(HostFixture fixture, int id, long handle, long base, MemoryRef userd) {
            this.fixture = fixture;
            this.id = id;
            this.handle = handle;
            this.base = base;
            this.userd = userd;
            this.nextPush = base + PUSH;
        }

        /** Puts words into a push buffer and an entry for them into the GPFIFO. */
        TestChannel push(int... words) {
            long at = words(words);
            return entry(segment(VIDEO + at, words.length));
        }

        /** Puts words somewhere; gives their address in video memory. */
        long words(int... words) {
            if (nextPush + 4L * words.length > base + CHANNEL_STRIDE) {
                nextPush = base + PUSH;
            }
            long at = nextPush;
            for (int i = 0; i < words.length; i++) {
                fixture.video(at + 4L * i, words[i]);
            }
            nextPush += 4L * words.length;
            return at;
        }

        static long segment(long address, int words) {
            return address | (long) words << 42;
        }

        /** Puts an entry into the GPFIFO. */
        TestChannel entry(long entry) {
            fixture.memory.vram.writeLong(base + GPFIFO + 8L * put, entry);
            put = (put + 1) % ENTRIES;
            return this;
        }

        /** Writes GP_PUT and rings the doorbell. */
        TestChannel kick() {
            putTo(put);
            fixture.host.doorbell(fixture.host.workSubmitToken(handle));
            return this;
        }

        void putTo(int value) {
            fixture.memory.mmu.memory().writeInt(userd.system(), userd.address() + Userd.GP_PUT, value);
        }

        /** Submits words and waits until the host has nothing to do. */
        void run(int... words) {
            push(words).kick();
            fixture.settle();
        }

        int userd(int offset) {
            return fixture.memory.mmu.memory().readInt(userd.system(), userd.address() + offset);
        }

        int put() {
            return put;
        }
    }

    /** Headers of push buffers. */
    static int incrementing(int subchannel, int method, int count) {
        return 1 << 29 | count << 16 | subchannel << 13 | method >> 2;
    }

    static int nonIncrementing(int subchannel, int method, int count) {
        return 3 << 29 | count << 16 | subchannel << 13 | method >> 2;
    }

    static int incrementOnce(int subchannel, int method, int count) {
        return 5 << 29 | count << 16 | subchannel << 13 | method >> 2;
    }

    static int immediate(int subchannel, int method, int data) {
        return 4 << 29 | data << 16 | subchannel << 13 | method >> 2;
    }

    /** SEM_* methods: an operation on a virtual address. */
    static int[] semaphore(long address, long payload, int execute) {
        return new int[] {
            incrementing(0, 0x5c, 5),
            (int) address,
            (int) (address >>> 32),
            (int) payload,
            (int) (payload >>> 32),
            execute
        };
    }

    static int[] join(int[]... parts) {
        return java.util.Arrays.stream(parts)
                .flatMapToInt(java.util.Arrays::stream)
                .toArray();
    }

    /** Methods that copy bytes from and to places in video memory. */
    static int[] copy(int subchannel, long source, long destination, int length) {
        return copy(subchannel, source, destination, length, 1, 0);
    }

    /** Methods that copy lines, all from and to the same place. */
    static int[] copy(int subchannel, long source, long destination, int length, int lines, int launch) {
        long from = VIDEO + source;
        long to = VIDEO + destination;
        return new int[] {
            incrementing(subchannel, 0x400, 8),
            (int) (from >>> 32),
            (int) from,
            (int) (to >>> 32),
            (int) to,
            0,
            0,
            length,
            lines,
            immediate(subchannel, 0x300, 0x182 | launch)
        };
    }
}
