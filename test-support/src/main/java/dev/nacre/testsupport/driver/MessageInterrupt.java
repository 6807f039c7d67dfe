package dev.nacre.testsupport.driver;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Pfalcon;

/** The interrupt by which the firmware announces an event: a level of its falcon, a vector of the tree. One thread. */
final class MessageInterrupt {
    private final Device device;
    private final Falcon gsp;
    private final int vector;
    private final Reg.Flag message;

    /**
     * The interrupt of a falcon.
     *
     * @param vector its stalling vector
     */
    MessageInterrupt(Device device, Falcon gsp, int vector) {
        this.device = device;
        this.gsp = gsp;
        this.vector = vector;
        this.message = gsp.at(Pfalcon.FALCON_IRQSTAT_SWGEN0);
    }

    /** Clears it and lets it come. */
    void enable() {
        acknowledge();
        device.interrupts.quiesce();
        device.interrupts.enable(vector);
        device.registers.expect(message, false);
        device.check.equal(
                "NV_PRISCV_RISCV_IRQMASK lets messages through",
                Pfalcon.FALCON_IRQSTAT_SWGEN0.mask(),
                gsp.read(Pfalcon.RISCV_IRQMASK) & Pfalcon.FALCON_IRQSTAT_SWGEN0.mask());
    }

    /** Waits for it; it is a level, which comes again when asked for as long as it is not acknowledged. */
    void await() {
        device.interrupts.await(vector);
        device.registers.expect(message, true);
        gsp.write(Pfalcon.FALCON_INTR_RETRIGGER.at(0), 1);
        device.interrupts.await(vector);
        acknowledge();
        device.registers.expect(message, false);
        gsp.write(Pfalcon.FALCON_INTR_RETRIGGER.at(0), 1);
    }

    private void acknowledge() {
        gsp.write(Pfalcon.FALCON_IRQSCLR, Pfalcon.FALCON_IRQSTAT_SWGEN0.mask());
    }
}
