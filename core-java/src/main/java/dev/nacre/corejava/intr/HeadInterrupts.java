package dev.nacre.corejava.intr;

import dev.nacre.corejava.io.Registers;
import dev.nacre.hw.regs.PdispHead;
import dev.nacre.hw.regs.RegisterPlaces;

/** The display's interrupt: the timing events of heads. */
public final class HeadInterrupts {
    private static final int HEADS = PdispHead.EVENT_STATUS.count();

    private final Registers registers;
    private final RegisterPlaces places;
    private final int vector;

    /**
     * That of a display.
     *
     * @param vector its interrupt vector
     */
    public HeadInterrupts(Registers registers, RegisterPlaces places, int vector) {
        this.registers = registers;
        this.places = places;
        this.vector = vector;
    }

    /** Its vector. */
    public int vector() {
        return vector;
    }

    /** Says whether a head's vertical blanks interrupt. Any thread. */
    public void enable(int head, boolean wanted) {
        registers.write(places.headInterruptEnable().at(head), wanted ? PdispHead.EVENT_LAST_DATA : 0);
    }

    /** Takes the events that interrupt now. @return their heads, a bit each */
    int take() {
        int heads = registers.read(PdispHead.INTERRUPT_DISPATCH) & ((1 << HEADS) - 1);
        for (int rest = heads; rest != 0; rest &= rest - 1) {
            int head = Integer.numberOfTrailingZeros(rest);
            int events = registers.read(PdispHead.INTERRUPT_STATUS.at(head));
            registers.write(PdispHead.EVENT_STATUS.at(head), events);
        }
        places.headInterruptRetrigger().ifPresent(retrigger -> registers.write(retrigger, 0));
        return heads;
    }
}
