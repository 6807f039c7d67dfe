package dev.nacre.corejava.disp;

import dev.nacre.core.spi.DmaMemory;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Where display channels write that an update was taken: one notifier each. Guarded by the display. */
final class Notifiers implements AutoCloseable {
    /** The core channel's. */
    static final int CORE = 0;

    private static final int UNIT_BYTES = 16;
    /** Bytes of them all. */
    static final int BYTES = 4096;

    // HW: nouveau nvhw/class/clc37d.h: NV_DISP_NOTIFIER__0_STATUS (31:30): 1 begun, 2 finished; for a window the former
    private static final int STATUS_SHIFT = 30;
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle WORDS = WORD.arrayElementVarHandle();

    private final DmaMemory.Buffer buffer;

    Notifiers(DmaMemory dma) {
        buffer = dma.allocate(BYTES);
    }

    /** The notifier of a window. */
    static int ofWindow(int window) {
        return 1 + window;
    }

    /** Its bus address. */
    long address(int notifier) {
        return buffer.iova() + (long) notifier * UNIT_BYTES;
    }

    /** Forgets what it says. */
    void reset(int notifier) {
        WORDS.setVolatile(buffer.segment(), 0L, word(notifier), 0);
    }

    /** Whether an update was taken since. */
    boolean isTaken(int notifier) {
        return (int) WORDS.getVolatile(buffer.segment(), 0L, word(notifier)) >>> STATUS_SHIFT != 0;
    }

    private static long word(int notifier) {
        return (long) notifier * UNIT_BYTES / Integer.BYTES;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
