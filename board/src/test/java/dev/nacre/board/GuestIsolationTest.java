package dev.nacre.board;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What guests can do to each other through the registers of their functions: nothing. */
class GuestIsolationTest {
    private static final long GIB = VfRig.GIB;
    private static final int WINDOW_REGISTER = 0x1700;
    private static final int PRAMIN = 0x700000;
    private static final int SEC2 = 0x840000;
    private static final int GSP = 0x110000;
    private static final int SECRET = 0x5ec4e700;

    private final VfRig rig = new VfRig();
    private FunctionRig first;
    private FunctionRig second;

    @BeforeEach
    void startTwo() {
        rig.show(3);
        first = rig.started(VfRig.spec(1, GIB, GIB));
        second = rig.started(VfRig.spec(2, 2 * GIB, GIB));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {0x4000_0000L, 0x7fff_0000L, 0x8000_0000L, 0x1_0000_0000L, 0xff_c000_0000L})
    void praminShowsNothingBeyondTheWindow(long address) {
        long board = GIB + address;
        if (board < 8 * GIB) {
            pramin(rig.host, board, SECRET);
        }

        first.write(WINDOW_REGISTER, (int) (address >>> 16));
        first.write(PRAMIN, 7);

        assertThat(first.read(PRAMIN)).isEqualTo(-1);
        if (board < 8 * GIB) {
            assertThat(rig.host.read(PRAMIN)).isEqualTo(SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {GSP, SEC2})
    void falconsLoadNothingFromBeyondTheWindow(int falcon) {
        pramin(rig.host, 2 * GIB, SECRET);
        pramin(first, 0, 0x1234_5678);

        assertThat(loaded(first, falcon, 0, 0)).as("own memory").isEqualTo(0x1234_5678);
        assertThat(loaded(first, falcon, GIB, 0)).as("the next one's").isNotEqualTo(SECRET);
    }

    @Test
    void dmaReachesTheMemoryOfTheFunctionsOwnVmOnly() {
        MemorySegment mine = first.map(0x10_0000, 0x1000);
        MemorySegment others = second.map(0x20_0000, 0x1000);
        mine.set(ValueLayout.JAVA_INT, 0, 0x1111_1111);
        others.set(ValueLayout.JAVA_INT, 0, SECRET);

        assertThat(loaded(first, GSP, 0x10_0000, 1)).isEqualTo(0x1111_1111);
        assertThat(loaded(first, GSP, 0x20_0000, 1)).isNotEqualTo(SECRET);
        assertThat(loaded(second, GSP, 0x20_0000, 1)).isEqualTo(SECRET);
    }

    @Test
    void dmaNeedsTheFunctionsOwnBusMasterBit() {
        first.map(0x10_0000, 0x1000).set(ValueLayout.JAVA_INT, 0, SECRET);

        first.configWrite(4, 0);
        assertThat(loaded(first, GSP, 0x10_0000, 1)).isNotEqualTo(SECRET);
        first.configWrite(4, 4);

        assertThat(loaded(first, GSP, 0x10_0000, 1)).isEqualTo(SECRET);
    }

    @Test
    void interruptsAreRaisedOnTheFunctionsOwnMessageOnly() {
        first.write(0xb81200 + 16, -1);
        first.write(0xb81608, 0xf);
        second.write(0xb81200 + 16, -1);
        second.write(0xb81608, 0xf);

        first.write(0xb81640, 129);

        assertThat(first.messages).hasValue(1);
        assertThat(second.messages).hasValue(0);
        assertThat(rig.host.messages).hasValue(0);
        assertThat(second.read(0xb81010)).isZero();
    }

    @Test
    void doorbellsOfOthersMeanNothing() {
        for (int token = 0; token < 0x10_0000; token += 0x101) {
            first.write(0xbb0090, token);
        }
        // What the host calls plugins by.
        for (int gfid = 0; gfid < 64; gfid++) {
            first.write(0xb82200, gfid * 32 + 17);
        }

        assertThat(rig.guests.state(2)).isPresent();
        assertThat(rig.host.board.drain(60_000_000_000L)).isTrue();
        assertThat(rig.defects()).containsOnly(0L);
    }

    @Test
    void whatIsStoppedWritesNothingAnyMoreHoweverBusyItsFunctionIs() throws Exception {
        AtomicBoolean go = new AtomicBoolean(true);
        AtomicLong writes = new AtomicLong();
        Thread guest = Thread.ofPlatform().start(() -> {
            while (go.get()) {
                first.write(1, 0x1000, 7);
                first.write(PRAMIN + 0x1000, 7);
                writes.incrementAndGet();
            }
        });
        await(writes, 100);

        rig.guests.stop(1);

        assertThat(rig.guests.start(VfRig.spec(3, GIB, GIB))).isTrue();
        FunctionRig heir = rig.function(2);
        heir.write(1, 0x1000, 9);
        await(writes, writes.get() + 1000);
        go.set(false);
        guest.join();
        assertThat(heir.read(1, 0x1000)).isEqualTo(9);
        assertThat(first.read(1, 0x1000)).isEqualTo(-1);
    }

    private static void await(AtomicLong counter, long value) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (counter.get() < value) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(100_000);
        }
    }

    private static void pramin(FunctionRig function, long address, int value) {
        function.write(WINDOW_REGISTER, (int) (address >>> 16));
        function.write(PRAMIN + (int) (address & 0xffff), value);
    }

    /** What a falcon finds when it loads a word: from the board's memory for target 0, else from the host's. */
    private static int loaded(FunctionRig function, int falcon, long address, int target) {
        function.write(falcon + 0x3c0, 1);
        function.write(falcon + 0x3c0, 0);
        function.write(falcon + 0x624, 0x80);
        function.write(falcon + 0x600, 4 | target);
        function.write(falcon + 0x110, (int) (address >>> 8));
        function.write(falcon + 0x128, (int) (address >>> 40));
        function.write(falcon + 0x114, 0);
        function.write(falcon + 0x11c, 0);
        // HW: 256 bytes into data memory
        function.write(falcon + 0x118, 0x600);
        // HW: read data memory from 0 on
        function.write(falcon + 0x1c0, 1 << 25);
        return function.read(falcon + 0x1c4);
    }
}
