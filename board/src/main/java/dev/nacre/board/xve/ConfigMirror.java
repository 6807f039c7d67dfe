package dev.nacre.board.xve;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.bus.RegisterBlock;
import dev.nacre.hw.regs.Xve;
import dev.nacre.pci.ConfigSpace;

/**
 * Config space as BAR0 shows it, and the two registers that are only there: ROM shadow, and the re-arming of the message
 * interrupt. Writes to config space act as those of the host do.
 */
public final class ConfigMirror implements RegisterBlock {
    private final ConfigSpace config;
    private final RegisterBank registers;

    /**
     * Makes the mirror.
     *
     * @param config what is mirrored
     * @param rearm called when the driver permits the next message
     */
    public ConfigMirror(ConfigSpace config, Runnable rearm) {
        this.config = config;
        this.registers = RegisterBank.builder("config-mirror", Xve.MIRROR_BASE, Xve.MIRROR_BYTES)
                .store(Xve.ROM_CTRL)
                .onWrite(Xve.CYA_2, (index, old, value) -> {
                    rearm.run();
                    return 0;
                })
                .build();
    }

    /** The registers that are no part of config space. */
    public RegisterBank registers() {
        return registers;
    }

    @Override
    public int read(int address) {
        return registers.models(address) ? registers.read(address) : config.read(address - Xve.MIRROR_BASE, 4);
    }

    @Override
    public int peek(int address) {
        return registers.models(address) ? registers.peek(address) : config.read(address - Xve.MIRROR_BASE, 4);
    }

    @Override
    public void write(int address, int value) {
        if (registers.models(address)) {
            registers.write(address, value);
        } else {
            config.write(address - Xve.MIRROR_BASE, 4, value);
        }
    }
}
