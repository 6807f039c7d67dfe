package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.PciFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A driver that does anything at all to the software GPU: registers, windows into its memory, bytes in the host's memory
 * that it reads by itself. Nothing may be thrown, on any thread, and every engine must come to rest.
 */
final class BoardFuzzTest {
    private static final int MAX_OPERATIONS = 300;
    private static final int MEMORY_BYTES = 64 << 10;

    /** Parts of BAR0 that do something, and their sizes: most of its 16 MiB answers to nobody. */
    private static final int[][] WINDOWS = {
        {0x00_0000, 0x1000}, // PMC
        {0x00_1000, 0x1000}, // PBUS
        {0x00_9000, 0x1000}, // PTIMER
        {0x03_0000, 0x1000}, // usermode
        {0x07_0000, 0x1000}, // flush
        {0x08_8000, 0x1000}, // configuration space
        {0x10_0000, 0x1000}, // PFB
        {0x11_0000, 0x2000}, // GSP falcon
        {0x11_8000, 0x1000}, // GSP
        {0x61_0000, 0x1000}, // display
        {0x64_0000, 0x1000}, // display's channels
        {0x68_0000, 0x4000}, // display's methods
        {0x70_0000, 0x1_0000}, // PRAMIN
        {0x84_0000, 0x2000}, // SEC2 falcon
        {0xb8_0000, 0x1_0000}, // interrupts, MMU
        {0xbb_0000, 0x1000}, // usermode again
    };

    // TIMEOUT: an engine's work on what one input prepares takes milliseconds.
    private static final long PATIENCE_NS = 60_000_000_000L;

    private static final MemorySegment MEMORY = MemorySegment.ofArray(new byte[MEMORY_BYTES]);
    private static @Nullable Board board;

    private final MemorySegment buffer = MemorySegment.ofArray(new byte[256]);

    @FuzzTest
    void anyDriver(byte[] input) {
        if (board == null) {
            board = new Board(new BoardConfig(Chip.AD102, BoardConfig.MIN_FB_BYTES, 2));
            board.memory().map(0, MEMORY, true, true);
        }
        Board gpu = board;
        gpu.reset();
        MEMORY.fill((byte) 0);
        // Memory decoding and bus mastering on, which any driver does first.
        put(gpu, PciFunction.CONFIG_REGION, 4, 6, 2);
        Script script = new Script(input);
        for (int i = 0; i < MAX_OPERATIONS && script.hasMore(); i++) {
            operation(gpu, script);
        }

        assertThat(gpu.drain(PATIENCE_NS)).as("engines at rest").isTrue();
        assertThat(gpu.faults().get("defects")).as("exceptions in engines").isZero();
    }

    private void operation(Board gpu, Script script) {
        switch (script.below(8)) {
            case 0, 1, 2 -> put(gpu, 0, register(script), script.i32(), 4);
            case 3 -> gpu.read(0, register(script), buffer, 0, 4);
            case 4 -> {
                // Addresses in the host's memory, small numbers, and both in the fields where units take them.
                int value = script.u8() << script.below(25);
                put(gpu, 0, register(script), value, 4);
            }
            case 5 -> bytes(gpu, script);
            case 6 -> host(script);
            default -> configuration(gpu, script);
        }
    }

    private static long register(Script script) {
        int[] window = WINDOWS[script.below(WINDOWS.length)];
        return window[0] + (script.u16() * 4L) % window[1];
    }

    /** Several bytes through a BAR, at any alignment. */
    private void bytes(Board gpu, Script script) {
        int region = switch (script.below(3)) {
            case 0 -> 0;
            case 1 -> 1;
            default -> 3;
        };
        long size = gpu.region(region).size();
        byte[] data = script.take(script.below(65));
        long offset = region == 0 ? register(script) + script.below(4) : Math.floorMod(script.i64(), size);
        if (offset + data.length > size) {
            return;
        }
        if (script.flag()) {
            gpu.write(region, offset, MemorySegment.ofArray(data), 0, data.length);
        } else {
            gpu.read(region, offset, buffer, 0, data.length);
        }
    }

    private static void host(Script script) {
        byte[] data = script.take(script.below(65));
        int offset = script.u16() % (MEMORY_BYTES - 64);
        MemorySegment.copy(data, 0, MEMORY, ValueLayout.JAVA_BYTE, offset, data.length);
    }

    private void configuration(Board gpu, Script script) {
        put(gpu, PciFunction.CONFIG_REGION, script.u8() & 0xfc, script.i32(), 4);
        put(gpu, PciFunction.CONFIG_REGION, 4, 6, 2);
    }

    private void put(Board gpu, int region, long offset, int value, int count) {
        buffer.set(ValueLayout.JAVA_INT_UNALIGNED, 0, value);
        gpu.write(region, offset, buffer, 0, count);
    }
}
