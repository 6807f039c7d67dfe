package dev.nacre.corejava;

import dev.nacre.core.CeChannel;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.PushHeader;

/** What clients of a copy channel write. */
final class CopyCommands {
    static final int SUBCHANNEL = 4;

    /** LAUNCH_DMA: pipelined, flush, pitch on both sides, several lines. */
    static final int LAUNCH_COPY = 0x385;

    private final CeChannel channel;

    CopyCommands(CeChannel channel) {
        this.channel = channel;
    }

    void methods(int first, int... data) {
        channel.emit(PushHeader.incrementing(SUBCHANNEL, first, data.length));
        for (int word : data) {
            channel.emit(word);
        }
    }

    void object() {
        methods(HostMethod.SET_OBJECT.address(), channel.engineObject());
    }

    void copy(long from, long to, int bytes) {
        methods(
                Nvc7b5.OFFSET_IN_UPPER.offset(),
                (int) (from >>> 32),
                (int) from,
                (int) (to >>> 32),
                (int) to,
                bytes,
                bytes,
                bytes,
                1);
        methods(Nvc7b5.LAUNCH_DMA.offset(), LAUNCH_COPY);
    }

    /** Fills with a word, as the scrub of a virtual GPU's memory does. */
    void scrub(long to, long bytes, int value) {
        long length = bytes;
        int lines = 1;
        while (length > 0x8000_0000L) {
            length /= 2;
            lines *= 2;
        }
        for (int i = 0; i < 32; i++) {
            channel.emit(PushHeader.NOP);
        }
        channel.emit(PushHeader.incrementing(0, HostMethod.SET_OBJECT.address(), 1));
        channel.emit(channel.engineObject());
        methods(0x708, 0x30004);
        methods(0x700, value);
        methods(0x410, (int) length, (int) length, (int) (length / 4), lines);
        methods(0x408, (int) (to >>> 32), (int) to);
        methods(0x300, 0x785);
    }

    /** Writes a word when all before is done, and interrupts. */
    void release(long address, int payload) {
        methods(0x240, (int) (address >>> 32), (int) address, payload);
        methods(0x300, 0x5cc);
    }
}
