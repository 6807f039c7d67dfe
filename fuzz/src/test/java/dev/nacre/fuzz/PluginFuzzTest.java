package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.gsp.RpcLayout;
import dev.nacre.hw.regs.VirtualFunction;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RpcFunction;
import dev.nacre.hw.vgpu.Bootload;
import dev.nacre.hw.vgpu.PluginConfig;
import dev.nacre.hw.vgpu.PluginMessage;
import dev.nacre.hw.vgpu.SharedArea;
import dev.nacre.hw.vgpu.TypeInfo;
import dev.nacre.hw.vgpu.VgpuAbi.BootloadLayout;
import dev.nacre.pci.PciFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A host that starts plugins with any parameters, writes anything into the memory that it shares with them, and sends them
 * anything. Nothing may be thrown, the firmware's own memory stays as it is, and the board's firmware still answers at the
 * end.
 */
final class PluginFuzzTest {
    private static final int MAX_OPERATIONS = 24;
    private static final int VFS = 2;
    private static final int TYPE = 869;
    private static final int CHANNELS = 64;
    private static final long SEGMENT = 128L << 20;
    private static final long GUEST_BYTES = 4 * SEGMENT;
    private static final long HEAPS = 1L << 30;
    private static final long HEAP_BYTES = 4L << 20;

    // The firmware's own client, which it tells drivers of, and its subdevice.
    private static final int CLIENT = 0xc200_0005;
    private static final int SUBDEVICE = 0x5d1d_0000;

    // The SR-IOV capability: control, and the number of functions.
    private static final int SRIOV_CONTROL = 0xbcc + 0x08;
    private static final int NUM_VFS = 0xbcc + 0x10;
    private static final int ENABLE = 9;

    // The window through which the host reaches the board's memory.
    private static final int WINDOW = 0x1700;
    private static final int WINDOW_SHIFT = 16;
    private static final int PRAMIN = 0x70_0000;

    private static final long CANARY = BoardConfig.of(Chip.AD102).fbBytes() - (64L << 20);
    private static final int CANARY_VALUE = 0x600d_600d;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final MemorySegment MEMORY = MemorySegment.ofArray(new byte[GspDriver.MEMORY_BYTES]);
    private static @Nullable Board board;

    private final int[] sequences = new int[VFS];

    @FuzzTest
    void anyHost(byte[] input) {
        if (board == null) {
            board = new Board(BoardConfig.of(Chip.AD102).withVfs(VFS));
            board.memory().map(0, MEMORY, true, true);
        }
        Board gpu = board;
        gpu.reset();
        MEMORY.fill((byte) 0);
        Script script = new Script(input);
        GspDriver driver = new GspDriver(gpu, MEMORY);
        GspVersion version = script.flag() ? GspVersion.R535_113_01 : GspVersion.R570_144;
        GspAbi abi = GspAbi.of(version);
        driver.bootShared(version, VFS);
        functions(driver, VFS);
        poke(driver, CANARY, CANARY_VALUE);
        driver.message(RpcFunction.GSP_RM_CONTROL.number(), types(abi));

        for (int i = 0; i < MAX_OPERATIONS && script.hasMore(); i++) {
            operation(driver, abi, script);
            driver.rest();
            driver.receive(-1);
        }

        assertThat(peek(driver, CANARY)).as("the firmware's memory").isEqualTo(CANARY_VALUE);
        int asked = driver.send(RpcFunction.GET_GSP_STATIC_INFO.number(), new byte[4096]);
        driver.ring();
        driver.rest();
        assertThat(driver.receive(asked)).as("still answers").isTrue();
        assertThat(gpu.faults().get("defects"))
                .as("exceptions in engines and plugins")
                .isZero();
    }

    private void operation(GspDriver driver, GspAbi abi, Script script) {
        int operation = script.below(9);
        switch (operation) {
            case 0, 1 -> bootload(driver, abi, script);
            case 2 -> {
                int offset = script.u16() % SharedArea.MIGRATION & -Integer.BYTES;
                int value = script.i32();
                poke(driver, heap(script.below(VFS)) + offset, value);
            }
            case 3 -> {
                driver.write(0, VirtualFunction.PRIV_DOORBELL.offset(), script.i32(), Integer.BYTES);
                int _ = script.below(VFS);
            }
            case 4 -> {
                int vf = script.below(VFS);
                regions(driver, vf);
                configure(driver, vf);
                call(driver, vf, PluginMessage.SETUP_CONFIG_PARAMS_AND_INIT.number());
            }
            case 5 -> {
                int message = script.below(17);
                call(driver, script.below(VFS), message);
            }
            case 6 -> {
                int gfid = script.below(VFS) + 1;
                control(driver, RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SHUTDOWN_GSP_VGPU_PLUGIN_TASK, words(gfid));
                control(driver, RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_VGPU_PLUGIN_CLEANUP, words(gfid));
            }
            case 7 -> any(driver, script);
            default -> functions(driver, script.below(VFS + 1));
        }
    }

    /** Sound parameters, of which some fields are overwritten. */
    private static void bootload(GspDriver driver, GspAbi abi, Script script) {
        int spoiled = script.below(8);
        int[] offsets = new int[spoiled];
        int[] values = new int[spoiled];
        for (int i = 0; i < spoiled; i++) {
            offsets[i] = script.u16();
            values[i] = script.i32();
        }
        int vf = script.below(VFS);
        BootloadLayout layout = abi.vgpu().bootload();
        MemorySegment params = MemorySegment.ofArray(new byte[layout.bytes()]);
        params.set(INT, Bootload.DBDF, 0x10 + vf);
        params.set(INT, Bootload.GFID, vf + 1);
        params.set(INT, Bootload.NUM_CHANNELS, CHANNELS);
        params.set(INT, Bootload.NUM_PLUGIN_CHANNELS, 1);
        params.set(INT, Bootload.CHID_OFFSET + 9 * Integer.BYTES, vf * CHANNELS);
        params.set(INT, layout.numGuestFbSegments(), 1);
        params.set(LONG, layout.guestFbPhysAddrList(), vf * GUEST_BYTES);
        params.set(LONG, layout.guestFbLengthList(), GUEST_BYTES);
        range(params, layout.pluginHeapMemoryPhysAddr(), heap(vf), HEAP_BYTES);
        range(
                params,
                layout.initTaskLogBuffOffset(),
                heap(vf) + SharedArea.INIT_TASK_LOG,
                SharedArea.INIT_TASK_LOG_BYTES);
        range(
                params,
                layout.vgpuTaskLogBuffOffset(),
                heap(vf) + SharedArea.VGPU_TASK_LOG,
                SharedArea.VGPU_TASK_LOG_BYTES);
        if (layout.kernelLogBuffOffset() >= 0) {
            range(params, layout.kernelLogBuffOffset(), heap(vf) + SharedArea.KERNEL_LOG, SharedArea.KERNEL_LOG_BYTES);
        }
        for (int i = 0; i < spoiled; i++) {
            params.set(INT, offsets[i] % (layout.bytes() - Integer.BYTES), values[i]);
        }
        control(
                driver,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_BOOTLOAD_GSP_VGPU_PLUGIN_TASK,
                params.toArray(ValueLayout.JAVA_BYTE));
    }

    private static void range(MemorySegment params, int offset, long address, long bytes) {
        params.set(LONG, offset, address);
        params.set(LONG, offset + Long.BYTES, bytes);
    }

    private static byte[] types(GspAbi abi) {
        int bytes = abi.vgpu().typeInfo().addVgpuTypeBytes();
        MemorySegment params = MemorySegment.ofArray(new byte[bytes]);
        params.set(ValueLayout.JAVA_BYTE, TypeInfo.ADD_DISCARD_VGPU_TYPES, (byte) 1);
        params.set(INT, TypeInfo.ADD_VGPU_INFO_COUNT, 1);
        MemorySegment type = params.asSlice(TypeInfo.ADD_VGPU_INFO);
        type.set(INT, TypeInfo.VGPU_TYPE, TYPE);
        byte[] name = "fuzz".getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(name, 0, type, ValueLayout.JAVA_BYTE, TypeInfo.VGPU_NAME, name.length);
        type.set(INT, TypeInfo.MAX_INSTANCE, VFS);
        type.set(INT, TypeInfo.NUM_HEADS, 1);
        type.set(LONG, TypeInfo.FB_LENGTH, GUEST_BYTES);
        type.set(LONG, TypeInfo.BAR1_LENGTH, 256);
        return record(
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_PGPU_ADD_VGPU_TYPE, params.toArray(ValueLayout.JAVA_BYTE));
    }

    private static byte[] record(RmControl control, byte[] params) {
        byte[] bytes = new byte[RpcLayout.Control.PARAMS + params.length];
        MemorySegment rpc = MemorySegment.ofArray(bytes);
        rpc.set(INT, RpcLayout.Control.CLIENT, CLIENT);
        rpc.set(INT, RpcLayout.Control.OBJECT, SUBDEVICE);
        rpc.set(INT, RpcLayout.Control.COMMAND, control.number());
        rpc.set(INT, RpcLayout.Control.PARAMS_SIZE, params.length);
        System.arraycopy(params, 0, bytes, RpcLayout.Control.PARAMS, params.length);
        return bytes;
    }

    private static void control(GspDriver driver, RmControl control, byte[] params) {
        driver.message(RpcFunction.GSP_RM_CONTROL.number(), record(control, params));
    }

    /** Any control of the group, with a few words. */
    private static void any(GspDriver driver, Script script) {
        RmControl control = RmControl.of(0x20804000 + script.below(16));
        byte[] params = words(script.i32(), script.i32());
        int _ = script.below(VFS);
        if (control != null) {
            control(driver, control, java.util.Arrays.copyOf(params, 8 << 10));
        }
    }

    private static byte[] words(int... values) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[values.length * Integer.BYTES]);
        for (int i = 0; i < values.length; i++) {
            bytes.set(INT, (long) i * Integer.BYTES, values[i]);
        }
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    private static void functions(GspDriver driver, int count) {
        driver.write(PciFunction.CONFIG_REGION, SRIOV_CONTROL, 0, Short.BYTES);
        driver.write(PciFunction.CONFIG_REGION, NUM_VFS, count, Short.BYTES);
        if (count > 0) {
            driver.write(PciFunction.CONFIG_REGION, SRIOV_CONTROL, ENABLE, Short.BYTES);
        }
    }

    private static long heap(int vf) {
        return HEAPS + vf * HEAP_BYTES;
    }

    private static void regions(GspDriver driver, int vf) {
        poke(driver, heap(vf) + SharedArea.VERSION, SharedArea.VERSION_1);
        poke64(driver, heap(vf) + SharedArea.RESPONSE_BUFF_OFFSET, SharedArea.RESPONSE);
        poke64(driver, heap(vf) + SharedArea.MESSAGE_BUFF_OFFSET, SharedArea.MESSAGE);
        poke64(driver, heap(vf) + SharedArea.MIGRATION_BUFF_OFFSET, SharedArea.MIGRATION);
        poke64(driver, heap(vf) + SharedArea.ERROR_BUFF_OFFSET, SharedArea.ERROR);
    }

    private static void configure(GspDriver driver, int vf) {
        long payload = heap(vf) + SharedArea.MESSAGE;
        poke(driver, payload + PluginConfig.DBDF, 0x10 + vf);
        poke(driver, payload + PluginConfig.VGPU_TYPE, TYPE);
        poke(driver, payload + PluginConfig.SWIZZ_ID, 0);
        poke(driver, payload + PluginConfig.NUM_CHANNELS, CHANNELS);
        poke(driver, payload + PluginConfig.NUM_PLUGIN_CHANNELS, 1);
    }

    private void call(GspDriver driver, int vf, int message) {
        poke(driver, heap(vf) + SharedArea.MESSAGE_TYPE, message);
        poke(driver, heap(vf) + SharedArea.MESSAGE_SEQ_NUM, ++sequences[vf]);
        driver.write(0, VirtualFunction.PRIV_DOORBELL.offset(), SharedArea.doorbell(vf + 1), Integer.BYTES);
    }

    private static long window(GspDriver driver, long address) {
        driver.write(0, WINDOW, (int) (address >>> WINDOW_SHIFT), Integer.BYTES);
        return PRAMIN + (address & (1 << WINDOW_SHIFT) - 1);
    }

    private static void poke(GspDriver driver, long address, int value) {
        driver.write(0, window(driver, address), value, Integer.BYTES);
    }

    private static void poke64(GspDriver driver, long address, int value) {
        poke(driver, address, value);
        poke(driver, address + Integer.BYTES, 0);
    }

    private static int peek(GspDriver driver, long address) {
        return driver.read(window(driver, address));
    }
}
