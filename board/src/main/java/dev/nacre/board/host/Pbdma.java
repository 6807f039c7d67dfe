package dev.nacre.board.host;

import dev.nacre.board.ce.CopyEngine;
import dev.nacre.board.engine.WorkBudget;
import dev.nacre.hw.host.GpEntry;
import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.host.PushHeader;
import dev.nacre.hw.host.RobustChannel;

/**
 * Works on a channel: fetches entries of its GPFIFO, takes the words of their segments apart, and gives methods to who
 * executes them. All state is the channel's, so that it can be left and gone on with between any two steps. The thread
 * of the runlist.
 */
// HW: open-gpu-doc manuals/volta/gv100/dev_pbdma.ref.txt, manuals/ampere/ga100/dev_ram.ref.txt (FIFO_DMA)
final class Pbdma {
    /** What became of a turn. */
    enum Turn {
        /** There is nothing left to do. */
        IDLE,
        /** There is more to do. */
        MORE,
        /** A semaphore is waited for. */
        BLOCKED
    }

    /** What fetching an entry costs, in bytes copied. */
    private static final long ENTRY_COST = 256;

    /** What a word costs, in bytes copied. */
    private static final long WORD_COST = 64;

    private final Runlist runlist;
    private final HostMethods hostMethods;
    private final CopyEngine copyEngine;
    private final GraphicsMethods graphics;
    private final int copyClass;

    Pbdma(Runlist runlist, HostMethods hostMethods, CopyEngine copyEngine, GraphicsMethods graphics, int copyClass) {
        this.runlist = runlist;
        this.hostMethods = hostMethods;
        this.copyEngine = copyEngine;
        this.graphics = graphics;
        this.copyClass = copyClass;
    }

    /** Works on a channel until it has nothing to do, has to wait, yields, or the budget is spent. */
    Turn run(Channel channel, WorkBudget budget) {
        PushState push = channel.push;
        while (!budget.isSpent()) {
            if (channel.copy.isActive()) {
                if (!copyEngine.run(channel.copy, channel.space, budget)) {
                    return Turn.MORE;
                }
                runlist.released();
            } else if (push.acquiring) {
                if (!hostMethods.tryAcquire(channel)) {
                    return Turn.BLOCKED;
                }
                budget.spend(WORD_COST);
            } else if (push.wordsLeft > 0) {
                budget.spend(WORD_COST);
                step(channel);
                if (channel.yielded) {
                    channel.yielded = false;
                    return Turn.MORE;
                }
            } else if (nextEntry(channel)) {
                budget.spend(ENTRY_COST);
            } else {
                return Turn.IDLE;
            }
        }
        return Turn.MORE;
    }

    /** Begins with the next entry; false if there is none. */
    private boolean nextEntry(Channel channel) {
        PushState push = channel.push;
        if (push.reportDue) {
            runlist.report(channel);
            push.reportDue = false;
        }
        int put = runlist.readPut(channel);
        if (push.get == put) {
            return false;
        }
        int entries = channel.gpFifoEntries;
        if (Integer.compareUnsigned(put, entries) >= 0 || Integer.compareUnsigned(push.get, entries) >= 0) {
            throw error("GP_PUT is beyond the GPFIFO: put=" + Integer.toUnsignedString(put) + " entries=" + entries);
        }
        long entry = channel.space.readLong(channel.gpFifoAddress + Integer.toUnsignedLong(push.get) * GpEntry.SIZE);
        push.get = push.get + 1 == entries ? 0 : push.get + 1;
        push.reportDue = true;
        begin(push, entry);
        runlist.countEntry();
        return true;
    }

    private static void begin(PushState push, long entry) {
        int length = (int) GpEntry.LENGTH.get(entry);
        if (length == 0) {
            int opcode = (int) GpEntry.OPCODE.get(entry);
            // Checksums are for bringing up hardware; ours would always agree.
            if (opcode != GpEntry.OPCODE_NOP && opcode != GpEntry.OPCODE_GP_CRC && opcode != GpEntry.OPCODE_PB_CRC) {
                throw error("GPFIFO entry is illegal: opcode=" + opcode);
            }
            return;
        }
        long address = GpEntry.GET.get(entry) << 2;
        if (address + 4L * length >= GpEntry.ADDRESS_END) {
            throw error("Push buffer ends beyond 40 bits: address=0x" + Long.toHexString(address) + " words=" + length);
        }
        if (GpEntry.FETCH_CONDITIONAL.isSet(entry) && !push.subdeviceActive) {
            return;
        }
        push.wordAddress = address;
        push.wordsLeft = length;
        push.topLevel = !GpEntry.LEVEL_SUBROUTINE.isSet(entry);
    }

    /** Takes one word. */
    private void step(Channel channel) {
        PushState push = channel.push;
        int word = channel.space.readInt(push.wordAddress);
        push.wordAddress += 4;
        push.wordsLeft--;
        if (push.dataLeft == 0) {
            header(channel, word);
            return;
        }
        int address = push.methodAddress;
        push.dataLeft--;
        if (push.headerOperation == PushHeader.SEC_OP_INC_METHOD) {
            push.methodAddress = next(address);
        } else if (push.headerOperation == PushHeader.SEC_OP_ONE_INC) {
            push.methodAddress = next(address);
            push.headerOperation = PushHeader.SEC_OP_NON_INC_METHOD;
        }
        method(channel, push.subchannel, address, word);
    }

    private void header(Channel channel, int word) {
        PushState push = channel.push;
        int operation = PushHeader.SEC_OP.get(word);
        switch (operation) {
            case PushHeader.SEC_OP_GRP0_USE_TERT -> subdevice(push, word);
            case PushHeader.SEC_OP_INC_METHOD, PushHeader.SEC_OP_NON_INC_METHOD, PushHeader.SEC_OP_ONE_INC -> {
                push.headerOperation = operation;
                push.methodAddress = PushHeader.METHOD_ADDRESS.get(word) << 2;
                push.subchannel = PushHeader.METHOD_SUBCHANNEL.get(word);
                push.dataLeft = PushHeader.METHOD_COUNT.get(word);
            }
            case PushHeader.SEC_OP_IMMD_DATA_METHOD ->
                method(
                        channel,
                        PushHeader.METHOD_SUBCHANNEL.get(word),
                        PushHeader.METHOD_ADDRESS.get(word) << 2,
                        PushHeader.IMMD_DATA.get(word));
            case PushHeader.SEC_OP_END_PB_SEGMENT -> push.wordsLeft = 0;
            default -> throw error("Push buffer entry is illegal: word=0x" + Integer.toHexString(word));
        }
    }

    /** A mask of twelve subdevices, of which we are the first. */
    private static void subdevice(PushState push, int word) {
        if (word == PushHeader.NOP) {
            return;
        }
        int mask = PushHeader.SUBDEVICE_MASK.get(word);
        switch (PushHeader.TERT_OP.get(word)) {
            case PushHeader.TERT_OP_GRP0_SET_SUB_DEV_MASK -> push.subdeviceActive = (mask & 1) != 0;
            case PushHeader.TERT_OP_GRP0_STORE_SUB_DEV_MASK -> push.storedMask = mask;
            case PushHeader.TERT_OP_GRP0_USE_SUB_DEV_MASK -> push.subdeviceActive = (push.storedMask & 1) != 0;
            default -> throw error("Push buffer entry is illegal: word=0x" + Integer.toHexString(word));
        }
    }

    private void method(Channel channel, int subchannel, int address, int data) {
        if (!channel.push.subdeviceActive) {
            return;
        }
        runlist.countMethod();
        if (address < HostMethod.FIRST_ENGINE_METHOD) {
            hostMethods.execute(channel, subchannel, address, data);
            return;
        }
        int objectClass = channel.push.classes[subchannel];
        if (objectClass == copyClass) {
            if (!copyEngine.method(channel.copy, channel.space, address, data)) {
                throw error("There is no copy method: address=0x" + Integer.toHexString(address));
            }
        } else if (graphics.hasClass(objectClass)) {
            graphics.execute(channel, objectClass, address, data);
        } else {
            throw error("Nothing is bound: subchannel=" + subchannel + " method=0x" + Integer.toHexString(address));
        }
    }

    private static int next(int methodAddress) {
        return (methodAddress + 4) & 0x3ffc;
    }

    private static ChannelError error(String message) {
        return new ChannelError(RobustChannel.PBDMA_ERROR, message);
    }
}
