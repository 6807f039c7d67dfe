package dev.nacre.board.vgpu;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.hw.regs.VirtualFunction;
import dev.nacre.hw.vgpu.SharedArea;
import java.util.function.IntConsumer;

/** The register by which a host calls plugins. */
public final class PluginDoorbell {
    /** Address of its page in a physical function's BAR0. */
    public static final int BASE = VirtualFunction.BASE + 0x2000;

    /** Bytes of the page. */
    public static final int SIZE_BYTES = 0x1000;

    private final RegisterBank registers;

    /**
     * Makes the register.
     *
     * @param doorbell takes the number of the function whose plugin is called, on the socket's thread
     */
    public PluginDoorbell(IntConsumer doorbell) {
        registers = RegisterBank.builder("plugin-doorbell", BASE, SIZE_BYTES)
                .onWrite(VirtualFunction.PRIV_DOORBELL, (index, old, value) -> {
                    // GUEST: any 32 bits; other vectors are nobody's.
                    if (value > 0 && value % SharedArea.VECTORS_PER_GFID == SharedArea.CPU_PLUGIN_VECTOR) {
                        doorbell.accept(value / SharedArea.VECTORS_PER_GFID);
                    }
                    return 0;
                })
                .build();
    }

    /** Its registers. */
    public RegisterBank registers() {
        return registers;
    }
}
