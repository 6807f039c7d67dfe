package dev.nacre.coretck;

import dev.nacre.core.CeChannel;
import java.util.Arrays;

/** Commands for a channel, as words. */
// HW: open-gpu-doc classes/dma-copy/clc7b5.h for the copy engine, classes/host/clc56f.h for the host
final class Commands {
    /** The host's semaphore operations. */
    private static final int ACQUIRE = 0;

    private static final int RELEASE = 1;

    private static final int SET_OBJECT = 0x0000;
    private static final int NON_STALL_INTERRUPT = 0x0020;
    private static final int SEM_ADDR_LO = 0x005c;
    private static final int SET_SEMAPHORE_A = 0x0240;
    private static final int LAUNCH_DMA = 0x0300;
    private static final int OFFSET_IN_UPPER = 0x0400;
    private static final int OFFSET_OUT_UPPER = 0x0408;
    private static final int PITCH_IN = 0x0410;
    private static final int SET_REMAP_CONST_A = 0x0700;
    private static final int SET_REMAP_COMPONENTS = 0x0708;

    /** One component of four bytes, which is constant A. */
    private static final int REMAP_TO_CONSTANT = 0x30004;

    /** Pipelined, with a flush, between pitch-linear surfaces. */
    private static final int LAUNCH_COPY = 0x185;

    /** The same in several lines, remapped. */
    private static final int LAUNCH_FILL = 0x785;

    /** Nothing but a semaphore of one word and a non-blocking interrupt. */
    private static final int LAUNCH_SEMAPHORE = 0x5cc;

    /** As nouveau has it: the copy engine's. */
    private static final int COPY = 4;

    private static final int HOST = 0;

    private int[] words = new int[32];
    private int count;

    /** No commands. */
    static Commands none() {
        return new Commands();
    }

    /** The copy engine on its subchannel. */
    static Commands forCopies(int engineObject) {
        return none().method(COPY, SET_OBJECT, engineObject);
    }

    /** Copies bytes, in one line. */
    Commands copy(long from, long to, int bytes) {
        return address(COPY, OFFSET_IN_UPPER, from)
                .address(COPY, OFFSET_OUT_UPPER, to)
                .method(COPY, PITCH_IN, bytes, bytes, bytes, 1)
                .method(COPY, LAUNCH_DMA, LAUNCH_COPY);
    }

    /** Fills lines of words with a value. */
    Commands fill(long to, int bytes, int lines, int value) {
        return method(COPY, SET_REMAP_COMPONENTS, REMAP_TO_CONSTANT)
                .method(COPY, SET_REMAP_CONST_A, value)
                .method(COPY, PITCH_IN, bytes, bytes, bytes / 4, lines)
                .address(COPY, OFFSET_OUT_UPPER, to)
                .method(COPY, LAUNCH_DMA, LAUNCH_FILL);
    }

    /** The copy engine writes a word when all before is done, and asks for an interrupt. */
    Commands copyDone(long semaphore, int value) {
        return method(COPY, SET_SEMAPHORE_A, (int) (semaphore >>> 32), (int) semaphore, value)
                .method(COPY, LAUNCH_DMA, LAUNCH_SEMAPHORE);
    }

    /** The host writes a word. */
    Commands release(long semaphore, int value) {
        return semaphore(semaphore, value, RELEASE);
    }

    /** The host waits for a word. */
    Commands acquire(long semaphore, int value) {
        return semaphore(semaphore, value, ACQUIRE);
    }

    /** The host asks for an interrupt. */
    Commands interrupt() {
        return method(HOST, NON_STALL_INTERRUPT, 0);
    }

    /** Words that do nothing. */
    Commands nothing(int howMany) {
        for (int i = 0; i < howMany; i++) {
            word(0);
        }
        return this;
    }

    /** Data for methods that follow each other. */
    Commands method(int subchannel, int address, int... data) {
        word(0x2000_0000 | data.length << 16 | subchannel << 13 | address >> 2);
        for (int datum : data) {
            word(datum);
        }
        return this;
    }

    /** Any word. */
    Commands word(int word) {
        if (count == words.length) {
            words = Arrays.copyOf(words, 2 * count);
        }
        words[count] = word;
        count++;
        return this;
    }

    int[] words() {
        return Arrays.copyOf(words, count);
    }

    /** Has a channel run them. */
    void submitTo(CeChannel channel) {
        channel.begin(count);
        for (int word : words()) {
            channel.emit(word);
        }
        channel.submit();
    }

    private Commands address(int subchannel, int method, long address) {
        return method(subchannel, method, (int) (address >>> 32), (int) address);
    }

    private Commands semaphore(long address, int value, int operation) {
        return method(HOST, SEM_ADDR_LO, (int) address, (int) (address >>> 32), value, 0, operation);
    }
}
