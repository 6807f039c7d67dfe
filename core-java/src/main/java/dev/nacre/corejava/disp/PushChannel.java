package dev.nacre.corejava.disp;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.gpu.DisplayAccess;
import dev.nacre.hw.disp.DisplayPush;
import dev.nacre.hw.regs.PdispHead;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** A display channel with its push buffer. Its commands have all been taken before new ones begin. Guarded by the display. */
final class PushChannel implements AutoCloseable {
    /** Bytes of a push buffer. */
    private static final int BYTES = 4096;

    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final DisplayAccess access;
    private final DisplayObjects objects;
    private final int registers;
    private final DmaMemory.Buffer buffer;
    private final int object;
    private int put;
    private int end;

    /** Which channel. */
    record Place(int rmClass, int instance, int registers) {}

    PushChannel(DisplayAccess access, DisplayObjects objects, DmaMemory dma, Place place) {
        this.access = access;
        this.objects = objects;
        this.registers = place.registers();
        this.buffer = dma.allocate(BYTES);
        boolean made = false;
        try {
            object = objects.channel(place.rmClass(), place.instance(), buffer.iova(), BYTES);
            made = true;
        } finally {
            if (!made) {
                buffer.close();
            }
        }
    }

    /**
     * Begins with commands.
     *
     * @param methods how many at most
     */
    void begin(int methods) {
        end = put;
        if (put + (2 * methods + 1) * Integer.BYTES > BYTES) {
            word(DisplayPush.jumpToStart());
            end = 0;
            if (2 * methods * Integer.BYTES > BYTES) {
                throw new CoreException(CoreError.INVALID_ARGUMENT, "Too many methods: methods=" + methods);
            }
        }
    }

    /** Adds a method. */
    void method(int method, int value) {
        word(DisplayPush.header(method));
        word(value);
    }

    private void word(int value) {
        buffer.segment().set(WORD, end, value);
        end += Integer.BYTES;
    }

    /** Has the display run what was added. */
    void kick() {
        // ORDERING: the commands are in memory before the display is told of them.
        VarHandle.releaseFence();
        put = end;
        access.write(registers + PdispHead.PUT, put);
    }

    /** Whether the display has read all. */
    boolean isDrained() {
        return access.read(registers + PdispHead.GET) == put;
    }

    /** Frees it; what it shows goes off. */
    @Override
    public void close() {
        objects.free(object);
        buffer.close();
    }
}
