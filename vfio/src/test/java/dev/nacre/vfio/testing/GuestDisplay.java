package dev.nacre.vfio.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.disp.DisplayPush;
import dev.nacre.hw.regs.PdispHead;
import dev.nacre.hw.rm.DisplayParamLayout.DisplayChannelAlloc;
import dev.nacre.hw.rm.DisplayParamLayout.DisplayInstanceMemory;
import dev.nacre.hw.rm.DisplayParamLayout.DisplayPushBuffer;
import dev.nacre.hw.rm.RmClass;
import dev.nacre.hw.rm.RmControl;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;

/** A driver of a guest's display engine that asks for whatever it is told to. The core's channel and one window's. */
public final class GuestDisplay {
    /** The channels. */
    public enum Kind {
        /** The core's. */
        CORE(0, PdispHead.CORE_CHANNEL),
        /** The first window's. */
        WINDOW(1, PdispHead.WINDOW_CHANNELS);

        private final int number;
        private final int registers;

        Kind(int number, int registers) {
            this.number = number;
            this.registers = registers;
        }
    }

    private static final int CLIENT = 0xc1d0_0d15;
    private static final int DEVICE = 0xd150_0001;
    private static final int SUBDEVICE = 0xd150_0002;
    private static final int DISPLAY = 0xd150_0003;
    private static final int FIRST_CHANNEL = 0xd150_0010;
    private static final int SYSTEM = 1;
    private static final int VIDEO = 2;

    // Above everything that a driver of a guest maps.
    private static final long INSTANCE = 0x7f_0000_0000L;
    private static final long BUFFERS = 0x7f_1000_0000L;
    private static final int BYTES = 1 << 16;
    private static final int LAST_WORD = DisplayPush.POINTER_MASK;

    // HW: a push buffer's word: what it is in bits 31:29, how many values follow in bits 27:18
    private static final int OPCODE_SHIFT = 29;
    private static final int ONE_WORD = 1 << 18;
    private static final int FIRST_OBJECT = 0x2000;
    private static final int OBJECT_BYTES = 32;

    // TIMEOUT: the display engine takes an update in microseconds; so long on a busy machine.
    private static final long PATIENCE_NS = 20_000_000_000L;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final TappedFunction function;
    private final GuestQueues queues;
    private final boolean byAddress;
    private final MemorySegment instance;

    /** Asks for what channels hang on. */
    public GuestDisplay(TappedFunction function, GuestQueues queues, Chip chip) {
        this.function = function;
        this.queues = queues;
        this.byAddress = chip == Chip.GB202;
        instance = function.own(INSTANCE, BYTES);
        function.own(BUFFERS, (long) BYTES * Kind.values().length);
        queues.alloc(CLIENT, 0, CLIENT, RmClass.NV01_ROOT.number(), new byte[16]);
        queues.alloc(CLIENT, CLIENT, DEVICE, RmClass.NV01_DEVICE_0.number(), new byte[64]);
        queues.alloc(CLIENT, DEVICE, SUBDEVICE, RmClass.NV20_SUBDEVICE_0.number(), new byte[16]);
        // HW: the display roots of nouveau include/nvif/class.h: AD102_DISP, GB202_DISP
        queues.alloc(CLIENT, DEVICE, DISPLAY, byAddress ? 0xca70 : 0xc770, new byte[16]);
        instanceMemory(INSTANCE, BYTES, true);
    }

    // HW: nouveau include/nvif/class.h: AD102_DISP_CORE_CHANNEL_DMA and GA102_DISP_WINDOW_CHANNEL_DMA; GB202's
    private int classOf(Kind kind) {
        return switch (kind) {
            case CORE -> byAddress ? 0xca7d : 0xc77d;
            case WINDOW -> byAddress ? 0xca7e : 0xc67e;
        };
    }

    private long bufferOf(Kind kind) {
        return BUFFERS + (long) kind.number * BYTES;
    }

    /** Opens a channel with a push buffer where one should be. */
    public void open(Kind kind) {
        openAt(kind, bufferOf(kind), true);
    }

    /** Opens a channel with its push buffer anywhere. */
    public void openAt(Kind kind, long address, boolean system) {
        byte[] parameters = new byte[DisplayPushBuffer.VALID + Long.BYTES];
        MemorySegment buffer = MemorySegment.ofArray(parameters);
        buffer.set(GuestQueues.INT, DisplayPushBuffer.ADDRESS_SPACE, system ? SYSTEM : VIDEO);
        buffer.set(LONG, DisplayPushBuffer.PHYSICAL_ADDR, address);
        buffer.set(LONG, DisplayPushBuffer.LIMIT, BYTES - 1);
        buffer.set(GuestQueues.INT, DisplayPushBuffer.CLASS, classOf(kind));
        parameters[DisplayPushBuffer.VALID] = 1;
        control(RmControl.NV2080_CTRL_CMD_INTERNAL_DISPLAY_CHANNEL_PUSHBUFFER, parameters);
        byte[] channel = new byte[DisplayChannelAlloc.OFFSET + 32];
        queues.alloc(CLIENT, DISPLAY, FIRST_CHANNEL + kind.number, classOf(kind), channel);
    }

    /** Ends a channel. */
    public void free(Kind kind) {
        queues.free(CLIENT, FIRST_CHANNEL + kind.number);
    }

    /** Says where handles are looked up. */
    public void instanceMemory(long address, long bytes, boolean system) {
        byte[] parameters = new byte[24];
        MemorySegment memory = MemorySegment.ofArray(parameters);
        memory.set(LONG, DisplayInstanceMemory.PHYS_ADDR, address);
        memory.set(LONG, DisplayInstanceMemory.SIZE, bytes);
        memory.set(GuestQueues.INT, DisplayInstanceMemory.ADDR_SPACE, system ? SYSTEM : VIDEO);
        control(RmControl.NV2080_CTRL_CMD_INTERNAL_DISPLAY_WRITE_INST_MEM, parameters);
    }

    private void control(RmControl control, byte[] parameters) {
        queues.control(CLIENT, SUBDEVICE, control.number(), parameters, parameters.length);
    }

    /** Enters a handle of a channel, for a range of memory of any kind, in place of what the channel had. */
    public void contextDma(int handle, int channel, int flags, long start, long limit) {
        int object = FIRST_OBJECT + OBJECT_BYTES * channel;
        int[] words = {flags, (int) (start >> 8), (int) (start >> 40), (int) (limit >> 8), (int) (limit >> 40)};
        for (int i = 0; i < words.length; i++) {
            instance.set(GuestQueues.INT, object + 4L * i, words[i]);
        }
        instance.set(GuestQueues.INT, 8L * channel, handle);
        instance.set(GuestQueues.INT, 8L * channel + 4, channel << 25 | object << 9 | 1);
    }

    /** Has a channel follow methods, pairs of number and value, and waits until it has. */
    public void push(Kind kind, int... pairs) {
        kick(kind, pairs);
        long end = System.nanoTime() + PATIENCE_NS;
        // One that is refused stands with all of it read, before or behind its last word.
        while (register(kind, PdispHead.GET) != register(kind, PdispHead.PUT)) {
            assertThat(System.nanoTime() - end).as("%s follows", kind).isNegative();
            LockSupport.parkNanos(50_000);
        }
    }

    /** As {@link #push}, without waiting. */
    public void kick(Kind kind, int... pairs) {
        int put = register(kind, PdispHead.PUT);
        if (put + 4 * pairs.length > LAST_WORD) {
            function.putInt(bufferOf(kind) + put, DisplayPush.OPCODE_JUMP << OPCODE_SHIFT);
            put = 0;
        }
        for (int i = 0; i < pairs.length; i += 2) {
            function.putInt(bufferOf(kind) + put, ONE_WORD | pairs[i]);
            function.putInt(bufferOf(kind) + put + 4, pairs[i + 1]);
            put += 8;
        }
        function.writeInt(0, kind.registers + PdispHead.PUT, put);
    }

    /** A channel's register. */
    public int register(Kind kind, int offset) {
        return function.readInt(0, kind.registers + offset);
    }
}
