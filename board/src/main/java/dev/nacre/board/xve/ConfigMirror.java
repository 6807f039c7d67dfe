package dev.nacre.board.xve;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.bus.RegisterBlock;
import dev.nacre.hw.regs.Xve;

/**
 * Config space as BAR0 shows it, and the two registers that are only there: ROM shadow, and the re-arming of the message
 * interrupt. Writes to config space act as those of the host do.
 */
public final class ConfigMirror implements RegisterBlock {
    private final MirroredConfig config;
    private final int base;
    private final RegisterBank registers;

    /**
     * Makes the mirror.
     *
     * @param config what is mirrored
     * @param rearm called when the driver permits the next message
     * @param base where the chip has the mirror; the registers of XVE are only at {@link Xve#MIRROR_BASE}
     */
    public ConfigMirror(MirroredConfig config, Runnable rearm, int base) {
        this.config = config;
        this.base = base;
        RegisterBank.Builder bank = RegisterBank.builder("config-mirror", base, Xve.MIRROR_BYTES);
        if (base == Xve.MIRROR_BASE) {
            bank.store(Xve.ROM_CTRL).onWrite(Xve.CYA_2, (index, old, value) -> {
                rearm.run();
                return 0;
            });
        }
        this.registers = bank.build();
    }

    /** Address of the mirror. */
    public int base() {
        return base;
    }

    /** The registers that are no part of config space. */
    public RegisterBank registers() {
        return registers;
    }

    @Override
    public int read(int address) {
        return registers.models(address) ? registers.read(address) : config.read(address - base);
    }

    @Override
    public int peek(int address) {
        return registers.models(address) ? registers.peek(address) : config.read(address - base);
    }

    @Override
    public void write(int address, int value) {
        if (registers.models(address)) {
            registers.write(address, value);
        } else {
            config.write(address - base, value);
        }
    }
}
