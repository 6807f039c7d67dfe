package dev.nacre.board.falcon;

import dev.nacre.board.gsp.GspFalconPort;
import dev.nacre.board.gsp.GspFirmware;
import dev.nacre.board.intr.InterruptLine;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pgsp;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The GSP's falcon. On its falcon core a driver runs FWSEC; then the booter starts its RISC-V core, on which the GSP
 * firmware runs until the unit is reset or the booter stops it.
 */
public final class GspFalcon implements GspFalconPort {
    // HW: nouveau nvkm/subdev/gsp/rm/r535/gsp.c (interrupt handler): with zero here the message bit is ignored.
    private static final int RISCV_INTERRUPT_MASK = Pfalcon.FALCON_IRQSTAT_SWGEN0.mask();

    private final InterruptLine interrupts;
    private final int vector;
    private final Falcon falcon;
    private @Nullable GspFirmware firmware;

    /**
     * Makes it.
     *
     * @param dma way to memory
     * @param fwsec what FWSEC does
     * @param interrupts where its interrupt goes
     * @param vector vector of its interrupt
     */
    public GspFalcon(FalconDma dma, FalconProgram fwsec, InterruptLine interrupts, int vector) {
        this.interrupts = interrupts;
        this.vector = vector;
        this.falcon = new Falcon(
                new Falcon.Unit(
                        "gsp-falcon",
                        Pgsp.BASE,
                        bank -> bank.store(Pgsp.MAILBOX)
                                .onWrite(Pgsp.QUEUE_HEAD, (index, old, value) -> doorbell(index, value)),
                        fwsec,
                        this::halt,
                        RISCV_INTERRUPT_MASK,
                        this::raise),
                dma);
    }

    /** Gives it the firmware that runs on the RISC-V core; once, before any register is written. */
    public void connect(GspFirmware gspFirmware) {
        this.firmware = gspFirmware;
    }

    /** Its falcon: registers and state. */
    public Falcon falcon() {
        return falcon;
    }

    @Override
    public void mailbox0(int value) {
        falcon.mailbox0(value);
    }

    // ORDERING: the status bit is set before the vector is raised, so that whoever takes the vector finds it; if the
    // driver clears it meanwhile, it has seen the message's pointer, which was written before this call.
    @Override
    public void messageInterrupt() {
        falcon.interrupt(Pfalcon.FALCON_IRQSTAT_SWGEN0.mask());
        raise();
    }

    /** Starts the firmware for the first time; the libos arguments' address is in the mailboxes. */
    void boot(long wprMetaAddress) {
        falcon.riscvActive(true);
        firmware().boot(wprMetaAddress, falcon.mailboxes());
    }

    /** Lets the firmware go on after a suspend. */
    void resume(long srMetaAddress) {
        falcon.riscvActive(true);
        firmware().resume(srMetaAddress);
    }

    /** Stops the firmware, if it runs. */
    void halt() {
        if (falcon.isRiscvActive()) {
            falcon.riscvActive(false);
            firmware().halt();
        }
    }

    private int doorbell(int queue, int value) {
        if (queue == 0) {
            firmware().doorbell();
        }
        return value;
    }

    private void raise() {
        if ((falcon.interrupts() & RISCV_INTERRUPT_MASK) != 0) {
            interrupts.raise(vector);
        }
    }

    private GspFirmware firmware() {
        return Objects.requireNonNull(firmware, "The GSP's falcon has no firmware: connect() was not called");
    }
}
