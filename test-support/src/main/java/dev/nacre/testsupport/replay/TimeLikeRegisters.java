package dev.nacre.testsupport.replay;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;
import dev.nacre.hw.regs.PdispHead;
import dev.nacre.hw.regs.Ptimer;
import dev.nacre.hw.regs.VirtualFunction;
import java.util.List;

/** The registers of a board whose values depend on when they are read. */
public final class TimeLikeRegisters {
    /** Vector of the display engine's interrupt, as the board's interrupt table tells drivers. */
    private static final int DISPLAY_VECTOR = 154;

    private static final int LEAF_BITS = 32;
    private static final String CLOCK = "a clock";
    private static final String RASTER = "the position of a display's raster";
    private static final String REFRESH = "pending after each refresh of a display";

    private TimeLikeRegisters() {}

    /** Those of a board with a display; without one only the clocks are read. */
    public static List<TimeLike> all() {
        int leaf = DISPLAY_VECTOR / LEAF_BITS;
        return List.of(
                whole(Ptimer.TIME_0, CLOCK),
                whole(Ptimer.TIME_1, CLOCK),
                whole(VirtualFunction.TIME_0, CLOCK),
                whole(VirtualFunction.TIME_1, CLOCK),
                whole(PdispHead.RASTER_LINE, RASTER),
                whole(PdispHead.RASTER_PIXEL, RASTER),
                whole(PdispHead.INTERRUPT_DISPATCH, REFRESH),
                whole(PdispHead.INTERRUPT_STATUS, REFRESH),
                part(VirtualFunction.PRIV_CPU_INTR_LEAF.at(leaf), 1 << (DISPLAY_VECTOR % LEAF_BITS), REFRESH),
                part(VirtualFunction.PRIV_CPU_INTR_TOP, 1 << (leaf / 2), REFRESH));
    }

    private static TimeLike whole(Reg register, String reason) {
        return part(register, -1, reason);
    }

    private static TimeLike whole(RegArray registers, String reason) {
        return new TimeLike(registers.first().offset(), registers.count(), registers.strideBytes(), -1, reason);
    }

    private static TimeLike part(Reg register, int mask, String reason) {
        return new TimeLike(register.offset(), 1, Integer.BYTES, mask, reason);
    }
}
