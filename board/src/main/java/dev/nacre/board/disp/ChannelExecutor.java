package dev.nacre.board.disp;

import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.disp.DisplayControl.PushBuffer;
import dev.nacre.hw.disp.DisplayPush;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.pci.DmaFault;

/** Follows a channel's push buffer: methods build up the assembly state, and UPDATE stops the channel until it is taken. */
final class ChannelExecutor {
    private final DisplayMemory memory;

    ChannelExecutor(DisplayMemory memory) {
        this.memory = memory;
    }

    /**
     * Executes a channel up to PUT or to an update.
     *
     * @param budgetWords the most words to execute: a push buffer can jump in a circle
     * @return words that were executed
     */
    int run(ChannelState channel, int budgetWords) {
        int words = 0;
        try {
            while (words < budgetWords && channel.canRun()) {
                step(channel);
                words++;
            }
        } catch (DmaFault e) {
            channel.halt();
        }
        return words;
    }

    /** Executes one word. */
    private void step(ChannelState channel) {
        PushBuffer buffer = channel.buffer();
        int get = channel.get();
        if (!buffer.valid() || get > buffer.sizeBytes() - 4) {
            channel.halt();
            return;
        }
        int word = memory.fetch(buffer.system(), buffer.address() + get);
        channel.get(get + 4);
        if (channel.inBurst()) {
            method(channel, channel.nextMethod(), word);
            return;
        }
        switch (DisplayPush.opcode(word)) {
            case DisplayPush.OPCODE_METHOD, DisplayPush.OPCODE_NONINC_METHOD -> channel.beginBurst(word);
            case DisplayPush.OPCODE_JUMP -> channel.get(DisplayPush.jumpOffset(word));
            case DisplayPush.OPCODE_SET_SUBDEVICE_MASK -> {
                // There is one device, and it always listens.
            }
            default -> channel.halt();
        }
    }

    /** Sets a method. A cursor's position, which no push buffer brings, is taken at once. */
    void method(ChannelState channel, int method, int value) {
        channel.assembly(method, value);
        if (method != Nvc67d.UPDATE) {
            return;
        }
        if (channel.kind() == ChannelKind.CURSOR) {
            channel.arm();
        } else {
            channel.beginUpdate();
        }
    }
}
