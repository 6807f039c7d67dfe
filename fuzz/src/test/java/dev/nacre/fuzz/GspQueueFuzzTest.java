package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.gsp.RpcLayout;
import dev.nacre.hw.rm.RmClass;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RpcFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A driver that puts anything into the GSP's queues: sound records with any content, records with a wrong header, and
 * bytes over all that both share. Nothing may be thrown, all that the firmware sends is sound, and as long as the driver
 * kept to the queues' rules the firmware still answers at the end.
 */
final class GspQueueFuzzTest {
    private static final int MAX_OPERATIONS = 60;
    private static final int MAX_PAYLOAD_BYTES = 8 << 10;

    /** Handles are few, so that records often name objects that exist. */
    private static final int HANDLES = 8;

    private static final int FIRST_HANDLE = 0xc1d0_0000;
    private static final RpcFunction[] FUNCTIONS = RpcFunction.values();
    private static final RmClass[] CLASSES = RmClass.values();
    private static final RmControl[] CONTROLS = RmControl.values();
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private static final MemorySegment MEMORY = MemorySegment.ofArray(new byte[GspDriver.MEMORY_BYTES]);
    private static @Nullable Board board;

    /** Whether the driver kept to the rules so far, and the firmware has not been told to stop. */
    private boolean serving = true;

    @FuzzTest
    void anyRecords(byte[] input) {
        if (board == null) {
            board = new Board(new BoardConfig(Chip.AD102, BoardConfig.MIN_FB_BYTES, 2));
            board.memory().map(0, MEMORY, true, true);
        }
        Board gpu = board;
        gpu.reset();
        MEMORY.fill((byte) 0);
        Script script = new Script(input);
        GspDriver driver = new GspDriver(gpu, MEMORY);
        driver.boot(script.flag() ? GspVersion.R535_113_01 : GspVersion.R570_144);
        serving = true;

        for (int i = 0; i < MAX_OPERATIONS && script.hasMore(); i++) {
            operation(driver, script);
        }

        driver.ring();
        driver.rest();
        if (serving) {
            driver.receive(-1);
            int asked = driver.send(RpcFunction.GET_GSP_STATIC_INFO.number(), new byte[4096]);
            driver.ring();
            driver.rest();
            assertThat(driver.receive(asked)).as("still answers").isTrue();
        }
        assertThat(gpu.faults().get("defects")).as("exceptions in engines").isZero();
    }

    private void operation(GspDriver driver, Script script) {
        switch (script.below(10)) {
            case 0, 1 -> send(driver, RpcFunction.GSP_RM_ALLOC, allocation(script));
            case 2, 3, 4 -> send(driver, RpcFunction.GSP_RM_CONTROL, control(script));
            case 5 -> send(driver, RpcFunction.FREE, free(script));
            case 6 -> send(driver, FUNCTIONS[script.below(FUNCTIONS.length)], payload(script, 0));
            case 7 -> driver.put(spoiled(driver, script));
            case 8 -> {
                serving = false;
                driver.spoil(script.i32() >>> 1, script.take(script.below(65)));
            }
            default -> {
                serving = false;
                driver.position(script.flag(), script.flag() ? script.below(64) : script.i32());
            }
        }
        if (script.flag()) {
            driver.ring();
            driver.rest();
            if (serving) {
                driver.receive(-1);
            }
        }
    }

    /** One at a time, so that the queue never overflows. */
    private void send(GspDriver driver, RpcFunction function, byte[] payload) {
        // A driver that goes, or begins what it does not continue, need not be answered.
        serving &= function != RpcFunction.UNLOADING_GUEST_DRIVER && function != RpcFunction.CONTINUATION_RECORD;
        driver.send(function.number(), payload);
        driver.ring();
        driver.rest();
        if (serving) {
            driver.receive(-1);
        }
    }

    private static byte[] allocation(Script script) {
        byte[] bytes = payload(script, RpcLayout.Alloc.PARAMS);
        MemorySegment rpc = MemorySegment.ofArray(bytes);
        rpc.set(INT, RpcLayout.Alloc.CLIENT, handle(script));
        rpc.set(INT, RpcLayout.Alloc.PARENT, handle(script));
        rpc.set(INT, RpcLayout.Alloc.OBJECT, handle(script));
        rpc.set(INT, RpcLayout.Alloc.CLASS, rmClass(script));
        rpc.set(INT, RpcLayout.Alloc.PARAMS_SIZE, size(script, bytes.length - RpcLayout.Alloc.PARAMS));
        return bytes;
    }

    private static int rmClass(Script script) {
        return switch (script.below(3)) {
            case 0 -> CLASSES[script.below(CLASSES.length)].number();
            // Those of one chip: channels, engines, display.
            case 1 -> 0xc000 | script.u16();
            default -> script.below(4) * 0x40;
        };
    }

    private static byte[] control(Script script) {
        byte[] bytes = payload(script, RpcLayout.Control.PARAMS);
        MemorySegment rpc = MemorySegment.ofArray(bytes);
        rpc.set(INT, RpcLayout.Control.CLIENT, handle(script));
        rpc.set(INT, RpcLayout.Control.OBJECT, handle(script));
        int command = script.flag() ? script.i32() : CONTROLS[script.below(CONTROLS.length)].number();
        rpc.set(INT, RpcLayout.Control.COMMAND, command);
        rpc.set(INT, RpcLayout.Control.PARAMS_SIZE, size(script, bytes.length - RpcLayout.Control.PARAMS));
        return bytes;
    }

    private static byte[] free(Script script) {
        byte[] bytes = new byte[RpcLayout.Free.STATUS + Integer.BYTES];
        MemorySegment rpc = MemorySegment.ofArray(bytes);
        rpc.set(INT, RpcLayout.Free.CLIENT, handle(script));
        rpc.set(INT, RpcLayout.Free.OBJECT, handle(script));
        return bytes;
    }

    private static int handle(Script script) {
        return FIRST_HANDLE + script.below(HANDLES);
    }

    /** What there is, or anything. */
    private static int size(Script script, int there) {
        return script.below(8) == 0 ? script.i32() : there;
    }

    /** Some bytes behind a header, and zeros behind them. */
    private static byte[] payload(Script script, int header) {
        int size = script.u16() % MAX_PAYLOAD_BYTES;
        byte[] content = script.take(Math.min(size, script.u8()));
        byte[] bytes = Arrays.copyOf(new byte[0], header + size);
        System.arraycopy(content, 0, bytes, header, content.length);
        return bytes;
    }

    /** A record of which one field of a header is wrong; the firmware drops it. */
    private byte[] spoiled(GspDriver driver, Script script) {
        byte[] record = driver.record(FUNCTIONS[script.below(FUNCTIONS.length)].number(), payload(script, 0));
        int rpc = QueueLayout.RECORD_HEADER_BYTES;
        int field = switch (script.below(6)) {
            case 0 -> QueueLayout.CHECKSUM;
            case 1 -> QueueLayout.SEQUENCE;
            case 2 -> QueueLayout.ELEM_COUNT;
            case 3 -> rpc + QueueLayout.RPC_LENGTH;
            case 4 -> rpc + QueueLayout.RPC_SIGNATURE;
            default -> rpc + QueueLayout.RPC_VERSION;
        };
        MemorySegment.ofArray(record).set(INT, field, script.i32());
        serving = false;
        return record;
    }
}
