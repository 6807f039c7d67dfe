package dev.nacre.board.falcon;

import dev.nacre.board.gsp.GspFalconPort;
import dev.nacre.board.gsp.GspFirmware;
import dev.nacre.board.intr.InterruptLine;
import dev.nacre.board.rm.FirmwareMemory;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pgsp;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The GSP's falcon, on whose RISC-V core the GSP firmware runs until the unit is reset. With a booter, a driver runs
 * FWSEC on the falcon core first; the booter then starts the RISC-V core and stops it. With an FSP, that starts it, and
 * the firmware halts its core itself when it has ended.
 */
public final class GspFalcon implements GspFalconPort {
    // HW: nouveau nvkm/subdev/gsp/rm/r535/gsp.c (interrupt handler): with zero here the message bit is ignored.
    private static final int RISCV_INTERRUPT_MASK = Pfalcon.FALCON_IRQSTAT_SWGEN0.mask();

    private final InterruptLine interrupts;
    private final int vector;
    private final Falcon falcon;
    private @Nullable GspFirmware firmware;
    private @Nullable Runnable halted;

    private GspFalcon(FalconDma dma, @Nullable FalconProgram program, InterruptLine interrupts, int vector) {
        this.interrupts = interrupts;
        this.vector = vector;
        this.falcon = new Falcon(
                new Falcon.Unit(
                        "gsp-falcon",
                        Pgsp.BASE,
                        bank -> bank.store(Pgsp.MAILBOX)
                                .onWrite(Pgsp.QUEUE_HEAD, (index, old, value) -> doorbell(index, value)),
                        program == null ? unit -> unit.mailbox0(Falcon.LOAD_FAULT) : program,
                        this::halt,
                        RISCV_INTERRUPT_MASK,
                        this::raise,
                        program == null),
                dma);
    }

    /**
     * That of a chip with a booter.
     *
     * @param dma way to memory
     * @param fwsec what FWSEC does
     * @param interrupts where its interrupt goes
     * @param vector vector of its interrupt
     */
    public static GspFalcon withBooter(FalconDma dma, FalconProgram fwsec, InterruptLine interrupts, int vector) {
        return new GspFalcon(dma, fwsec, interrupts, vector);
    }

    /** That of a chip with an FSP: no firmware of a driver's runs on it, and it is locked until the GSP's does. */
    public static GspFalcon withFsp(FalconDma dma, InterruptLine interrupts, int vector) {
        return new GspFalcon(dma, null, interrupts, vector);
    }

    /** Gives it the firmware that runs on the RISC-V core; once, before any register is written. */
    public void connect(GspFirmware gspFirmware) {
        this.firmware = gspFirmware;
    }

    /**
     * Has somebody told when the RISC-V core has halted, by the firmware itself or by a reset; once, before any register
     * is written. With that, firmware that ends halts the core.
     *
     * @param told called by any thread
     */
    public void onHalted(Runnable told) {
        this.halted = told;
    }

    /** Its falcon: registers and state. */
    public Falcon falcon() {
        return falcon;
    }

    @Override
    public void mailbox0(int value) {
        falcon.mailbox0(value);
    }

    @Override
    public boolean ended() {
        Runnable told = halted;
        if (told == null) {
            return false;
        }
        falcon.riscvActive(false);
        told.run();
        return true;
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

    /** Starts the firmware for the first time, in memory that was laid out for it. Socket's thread. */
    public void boot(FirmwareMemory division, long libosArgumentsAddress) {
        falcon.mailbox0(0);
        falcon.riscvActive(true);
        firmware().boot(division, libosArgumentsAddress);
    }

    /** Lets the firmware go on after a suspend. Socket's thread. */
    public void resume(long srMetaAddress) {
        falcon.riscvActive(true);
        firmware().resume(srMetaAddress);
    }

    /** Stops the firmware, if it runs. */
    void halt() {
        if (falcon.isRiscvActive()) {
            falcon.riscvActive(false);
            if (halted != null) {
                halted.run();
            }
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
