package dev.nacre.vfio.scrub;

import dev.nacre.core.CeChannel;
import java.util.Arrays;

/** Commands by which a copy engine fills memory with zeros and says so. */
// HW: open-gpu-doc classes/dma-copy/clc7b5.h; the values are those of NVIDIA's proposed vGPU manager
final class FillCommands {
    /** What the semaphore holds when all is done. */
    static final int DONE = 0xdeadbeef;

    private static final int SET_OBJECT = 0x0000;
    private static final int SET_SEMAPHORE_A = 0x0240;
    private static final int LAUNCH_DMA = 0x0300;
    private static final int OFFSET_OUT_UPPER = 0x0408;
    private static final int PITCH_IN = 0x0410;
    private static final int SET_REMAP_CONST_A = 0x0700;
    private static final int SET_REMAP_COMPONENTS = 0x0708;

    /** One component of four bytes, which is constant A. */
    private static final int REMAP_TO_CONSTANT = 0x30004;

    /** Pipelined, with a flush, between pitch-linear surfaces in several lines, remapped. */
    private static final int LAUNCH_FILL = 0x785;

    /** Nothing but a semaphore of one word and a non-blocking interrupt. */
    private static final int LAUNCH_SEMAPHORE = 0x5cc;

    private static final int COPY_SUBCHANNEL = 4;
    private static final int COMPONENT_BYTES = 4;
    private static final int INCREMENTING = 0x2000_0000;

    // HW: a line's pitch is a 32-bit register
    private static final long MAX_LINE_BYTES = 0x8000_0000L;

    private int[] words = new int[32];
    private int count;

    /** Has a channel fill memory; its semaphore then holds {@link #DONE}. */
    static void submit(CeChannel channel, long address, long bytes, long semaphore) {
        FillCommands commands = new FillCommands();
        commands.method(SET_OBJECT, channel.engineObject());
        commands.fill(address, bytes);
        commands.method(SET_SEMAPHORE_A, high(semaphore), low(semaphore), DONE);
        commands.method(LAUNCH_DMA, LAUNCH_SEMAPHORE);
        channel.begin(commands.count);
        for (int i = 0; i < commands.count; i++) {
            channel.emit(commands.words[i]);
        }
        channel.submit();
    }

    private void fill(long address, long bytes) {
        long lineBytes = bytes;
        int lines = 1;
        while (lineBytes > MAX_LINE_BYTES) {
            lineBytes /= 2;
            lines *= 2;
        }
        // CAST: at most 2^31, which the register takes as unsigned
        int pitch = (int) lineBytes;
        method(SET_REMAP_CONST_A, 0);
        method(SET_REMAP_COMPONENTS, REMAP_TO_CONSTANT);
        method(PITCH_IN, pitch, pitch, (int) (lineBytes / COMPONENT_BYTES), lines);
        method(OFFSET_OUT_UPPER, high(address), low(address));
        method(LAUNCH_DMA, LAUNCH_FILL);
    }

    private void method(int address, int... data) {
        word(INCREMENTING | data.length << 16 | COPY_SUBCHANNEL << 13 | address >> 2);
        for (int datum : data) {
            word(datum);
        }
    }

    private void word(int word) {
        if (count == words.length) {
            words = Arrays.copyOf(words, 2 * count);
        }
        words[count] = word;
        count++;
    }

    private static int high(long address) {
        return (int) (address >>> 32);
    }

    private static int low(long address) {
        return (int) address;
    }
}
