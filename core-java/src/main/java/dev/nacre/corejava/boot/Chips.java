package dev.nacre.corejava.boot;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.io.Registers;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Pmc;
import java.util.Arrays;

/** Which chip a GPU is. */
final class Chips {
    // HW: architecture in bits 29:24 and implementation in 23:20 of NV_PMC_BOOT_42; revisions follow below
    private static final Reg.Bits CHIP_ID = Pmc.BOOT_42.bits(29, 20);

    private Chips() {}

    /**
     * Identifies a chip by its registers.
     *
     * @throws CoreException with {@link CoreError#NOT_SUPPORTED} if it is none that is known, or a virtual function
     */
    static Chip identify(Registers registers) {
        registers.requirePresent();
        if (registers.read(Pmc.BOOT_1_VGPU) != 0) {
            throw new CoreException(CoreError.NOT_SUPPORTED, "This is a virtual function: its physical one is booted");
        }
        int id = registers.read(CHIP_ID);
        return Arrays.stream(Chip.values())
                .filter(chip -> CHIP_ID.get(chip.boot42()) == id)
                .findFirst()
                .orElseThrow(() -> new CoreException(
                        CoreError.NOT_SUPPORTED,
                        "This chip is not known: id=0x" + Integer.toHexString(id) + " known="
                                + Arrays.toString(Chip.values())));
    }
}
