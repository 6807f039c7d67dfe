package dev.nacre.board.ce;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.hal.EngineInfo;
import dev.nacre.board.hal.EngineInfo.Kind;
import dev.nacre.hw.reg.Reg;
import java.util.List;

/** What a chip's registers tell of its copy engines: which of them share the graphics engine's runlist. */
public final class CopyEngineRegisters {
    /** Bytes of the registers. */
    public static final int SIZE_BYTES = 0x1000;

    private final int base;
    private final RegisterBank registers;

    /**
     * Makes them.
     *
     * @param grceMask the register
     * @param engines the chip's engines
     */
    public CopyEngineRegisters(Reg grceMask, List<EngineInfo> engines) {
        base = grceMask.offset() & -SIZE_BYTES;
        registers = RegisterBank.builder("copy-engines", base, SIZE_BYTES)
                .constant(grceMask, mask(engines))
                .build();
    }

    /** Their address. */
    public int base() {
        return base;
    }

    /** The registers. */
    public RegisterBank registers() {
        return registers;
    }

    private static int mask(List<EngineInfo> engines) {
        int mask = 0;
        for (EngineInfo engine : engines) {
            boolean ofGraphics = engine.kind() == Kind.COPY
                    && engines.stream().anyMatch(e -> e.kind() == Kind.GRAPHICS && e.runlist() == engine.runlist());
            mask |= ofGraphics ? 1 << engine.instance() : 0;
        }
        return mask;
    }
}
