package dev.nacre.board.disp;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.bus.RegisterBlock;
import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.hw.disp.Nvc67a;
import dev.nacre.hw.regs.Pdisp;
import dev.nacre.hw.regs.PdispHead;
import dev.nacre.hw.regs.RegisterPlaces;

/** The display engine's registers in BAR0: the heads' in a bank, the channels' windows by address. Socket's thread. */
final class DisplayRegisters implements RegisterBlock {
    /** First address. */
    static final int START = 0x610000;

    /** Bytes. */
    static final int SIZE_BYTES = 0xe0000;

    // HW: nouveau's gv100_disp_caps_init reads this page; zero means no restriction.
    private static final int CAPABILITIES_START = 0x640000;
    private static final int CAPABILITIES_END = 0x641000;
    // HW: clc67a.h; nouveau waits for 4 or more before it writes.
    private static final int CURSOR_FREE_ENTRIES = 0x3f;

    private final Display display;
    private final RegisterBank heads;

    DisplayRegisters(Display display, RegisterPlaces places) {
        this.display = display;
        RegisterBank.Builder bank = RegisterBank.builder("display.heads", START, CAPABILITIES_START - START)
                .constant(Pdisp.VGA_WORKSPACE_BASE, 0)
                .computed(PdispHead.EVENT_STATUS, display::pendingEvents, (head, old, value) -> {
                    display.acknowledge(head, value);
                    return value;
                })
                .computed(PdispHead.INTERRUPT_STATUS, display::interruptingEvents)
                .computed(places.headInterruptEnable(), display::enabledEvents, (head, old, value) -> {
                    display.enableEvents(head, value);
                    return value;
                })
                .computed(PdispHead.INTERRUPT_DISPATCH, display::dispatch)
                .port(PdispHead.RASTER_LINE, display::rasterLine, (head, old, value) -> old)
                .computed(PdispHead.RASTER_PIXEL, display::rasterPixel);
        places.headInterruptRetrigger()
                .ifPresent(reg -> bank.onWrite(reg, (index, old, value) -> {
                    display.raiseIfPending();
                    return 0;
                }));
        this.heads = bank.build();
    }

    @Override
    public boolean models(int address) {
        if (address < CAPABILITIES_START) {
            return heads.models(address);
        }
        return address < CAPABILITIES_END || display.channels().at(address) != null;
    }

    @Override
    public int read(int address) {
        if (address < CAPABILITIES_START) {
            return heads.read(address);
        }
        ChannelState channel = display.channels().at(address);
        if (channel == null) {
            return 0;
        }
        if (channel.kind() == ChannelKind.CORE) {
            return display.core(address - PdispHead.CORE_CHANNEL);
        }
        int offset = address & (PdispHead.CHANNEL_STRIDE - 1);
        if (channel.kind() == ChannelKind.CURSOR && offset == Nvc67a.FREE) {
            return CURSOR_FREE_ENTRIES;
        }
        return display.channelRegister(channel, offset);
    }

    @Override
    public int peek(int address) {
        return address < CAPABILITIES_START ? heads.peek(address) : read(address);
    }

    @Override
    public void write(int address, int value) {
        if (address < CAPABILITIES_START) {
            heads.write(address, value);
            return;
        }
        ChannelState channel = display.channels().at(address);
        if (channel == null) {
            return;
        }
        int offset = channel.kind() == ChannelKind.CORE
                ? address - PdispHead.CORE_CHANNEL
                : address & (PdispHead.CHANNEL_STRIDE - 1);
        if (channel.kind() == ChannelKind.CURSOR) {
            if (offset >= Nvc67a.UPDATE) {
                display.cursorMethod(channel, offset, value);
            }
        } else if (offset == PdispHead.PUT) {
            display.put(channel, value);
        }
    }
}
