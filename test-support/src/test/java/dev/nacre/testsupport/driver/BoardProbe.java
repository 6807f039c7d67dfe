package dev.nacre.testsupport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.regs.RegisterNames;
import dev.nacre.pci.PciFunction;
import dev.nacre.testsupport.replay.TimeLike;
import dev.nacre.testsupport.replay.TimeLikeRegisters;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;

/** Looks at a board without driving it. */
final class BoardProbe {
    private static final RegisterNames NAMES = RegisterNames.all();
    private static final int SLICE = 1 << 20;

    private final RegionView bar0;
    private final ConfigSpace config;
    private final Pramin pramin;

    private BoardProbe(GpuTransport transport) {
        Check check = new Check();
        bar0 = new RegionView(transport, 0, Arena.global());
        config =
                new ConfigSpace(transport, new RegionView(transport, PciFunction.CONFIG_REGION, Arena.global()), check);
        pramin = new Pramin(bar0, new Registers(bar0, check));
    }

    static BoardProbe over(GpuTransport transport) {
        return new BoardProbe(transport);
    }

    /** Lets the board answer. */
    void enable() {
        config.enable();
    }

    void functionLevelReset() {
        config.functionLevelReset();
    }

    /** All these registers read as on another board, but for clocks. */
    void expectSameRegisters(BoardProbe other, SortedSet<Integer> offsets) {
        assertThat(read(offsets)).isEqualTo(other.read(offsets));
    }

    /** A stretch of the board's memory is zero. */
    void expectClearMemory(long from, long to) {
        byte[] clear = new byte[SLICE];
        for (long at = from; at < to; at += SLICE) {
            assertThat(Arrays.mismatch(clear, pramin.bytesAt(at, SLICE)))
                    .as("first byte that is not 0 in the MiB at 0x%x", at)
                    .isNegative();
        }
    }

    private Map<String, String> read(SortedSet<Integer> offsets) {
        config.enable();
        Map<String, String> values = new TreeMap<>();
        for (int offset : offsets) {
            if (TimeLikeRegisters.all().stream().noneMatch(each -> isWhole(each, offset))) {
                values.put(
                        Check.hex(offset) + " " + NAMES.nameOf(offset).orElse(""),
                        Check.hex(bar0.intAt(offset) & 0xffff_ffffL));
            }
        }
        return values;
    }

    private static boolean isWhole(TimeLike each, int offset) {
        return each.mask() == -1 && each.matches(offset);
    }
}
