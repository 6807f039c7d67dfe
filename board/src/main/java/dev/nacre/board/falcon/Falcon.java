package dev.nacre.board.falcon;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Pfalcon;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A falcon: a driver loads firmware into its memories, by DMA or through ports, starts it, and waits until it has
 * halted. What the firmware does is a {@link FalconProgram}; it has ended when the write that starts it has.
 *
 * <p>A start without firmware since the last reset, or with the RISC-V core selected, does nothing. A start after a
 * transfer that met no memory halts at once with {@link #LOAD_FAULT} in mailbox 0, as when the boot ROM finds no
 * signature. Registers belong to the socket's thread, save mailboxes and IRQSTAT, which any thread may set.
 */
public final class Falcon implements Stateful {
    /** Result in mailbox 0 when the firmware could not be loaded. */
    // HW: drivers take any value but zero for a failure; this one is ours.
    public static final int LOAD_FAULT = 0x0000_00fa;

    /** Bytes of registers, both blocks. */
    public static final int SIZE_BYTES = 0x4000;

    private static final int BLOCK_BYTES = 256;

    private final int base;
    private final FalconDma dma;
    private final Unit unit;
    private final RegisterBank registers;
    private final Reg irqStat;
    private final Reg mailbox0;
    private final Reg mailbox1;
    private final FalconMemory imem =
            new FalconMemory(Pfalcon.FALCON_HWCFG_IMEM_SIZE.get(Pfalcon.FALCON_HWCFG.reset()) * BLOCK_BYTES);
    private final FalconMemory dmem =
            new FalconMemory(Pfalcon.FALCON_HWCFG_DMEM_SIZE.get(Pfalcon.FALCON_HWCFG.reset()) * BLOCK_BYTES);
    private boolean loaded;
    private boolean faulted;
    private volatile boolean riscvActive;
    private final AtomicLong faults = new AtomicLong();

    /**
     * What is particular to one falcon.
     *
     * @param name its name in saved state
     * @param base address of its registers
     * @param own adds the registers that only it has
     * @param program what firmware on its falcon core does
     * @param stop stops what runs on its RISC-V core, since the unit is being reset
     * @param riscvInterruptMask interrupts that its RISC-V core lets through to the host
     * @param retrigger says again that an interrupt is pending, if one is
     * @param lockedUntilRiscvRuns whether drivers find it locked until firmware runs on its RISC-V core
     */
    record Unit(
            String name,
            int base,
            Consumer<RegisterBank.Builder> own,
            FalconProgram program,
            Runnable stop,
            int riscvInterruptMask,
            Runnable retrigger,
            boolean lockedUntilRiscvRuns) {}

    /** Makes a falcon, halted and empty. */
    Falcon(Unit unit, FalconDma dma) {
        this.base = unit.base();
        this.dma = dma;
        this.unit = unit;
        this.irqStat = Pfalcon.FALCON_IRQSTAT.at(base);
        this.mailbox0 = Pfalcon.FALCON_MAILBOX0.at(base);
        this.mailbox1 = Pfalcon.FALCON_MAILBOX1.at(base);
        this.registers = describe();
    }

    /** Its registers. */
    public RegisterBank registers() {
        return registers;
    }

    /** Both mailboxes: an address, mailbox 0 its low half. */
    long mailboxes() {
        return (long) registers.value(mailbox1) << 32 | Integer.toUnsignedLong(registers.value(mailbox0));
    }

    /** Sets mailbox 0. Any thread. */
    void mailbox0(int value) {
        registers.set(mailbox0, value);
    }

    /** Pending interrupts. Any thread. */
    int interrupts() {
        return registers.value(irqStat);
    }

    /** Sets pending interrupts. Any thread. */
    void interrupt(int bits) {
        registers.or(irqStat, bits);
    }

    /** Its data memory, as firmware sees it. */
    FalconMemory dataMemory() {
        return dmem;
    }

    /** Whether the RISC-V core runs. */
    boolean isRiscvActive() {
        return riscvActive;
    }

    /** Lets the RISC-V core run, or stops it. Any thread. */
    void riscvActive(boolean active) {
        riscvActive = active;
    }

    /** Transfers that met no memory, or did not fit. Any thread. */
    public long faults() {
        return faults.get();
    }

    @Override
    public String stateName() {
        return unit.name();
    }

    @Override
    public void save(StateWriter out) {
        StateWriter bank = new StateWriter();
        registers.save(bank);
        out.put("registers", bank);
        out.put("imem", imem.save());
        out.put("dmem", dmem.save());
        out.put("loaded", loaded);
        out.put("faulted", faulted);
        out.put("riscvActive", riscvActive);
    }

    @Override
    public void restore(StateReader in) {
        byte[] code = in.bytes("imem", imem.sizeBytes());
        byte[] data = in.bytes("dmem", dmem.sizeBytes());
        boolean nowLoaded = in.booleanValue("loaded");
        boolean nowFaulted = in.booleanValue("faulted");
        boolean nowActive = in.booleanValue("riscvActive");
        registers.restore(in.group("registers"));
        imem.restore(code);
        dmem.restore(data);
        loaded = nowLoaded;
        faulted = nowFaulted;
        riscvActive = nowActive;
    }

    @Override
    public void reset() {
        registers.reset();
        scrub();
        riscvActive = false;
    }

    private RegisterBank describe() {
        RegisterBank.Builder bank = RegisterBank.builder(unit.name() + "-registers", base, SIZE_BYTES);
        interruptRegisters(bank);
        cpuRegisters(bank);
        loadRegisters(bank);
        riscvRegisters(bank);
        unit.own().accept(bank);
        return bank.build();
    }

    private void interruptRegisters(RegisterBank.Builder bank) {
        Reg mask = Pfalcon.FALCON_IRQMASK.at(base);
        bank.store(irqStat, mask, Pfalcon.FALCON_IRQDEST.at(base))
                .onWrite(Pfalcon.FALCON_IRQSCLR.at(base), (index, old, bits) -> {
                    registers().clear(irqStat, bits);
                    return 0;
                })
                .onWrite(Pfalcon.FALCON_IRQMSET.at(base), (index, old, bits) -> {
                    registers().or(mask, bits);
                    return 0;
                })
                .onWrite(Pfalcon.FALCON_IRQMCLR.at(base), (index, old, bits) -> {
                    registers().clear(mask, bits);
                    return 0;
                })
                .onWrite(Pfalcon.FALCON_INTR_RETRIGGER.in(base), (index, old, value) -> {
                    if (index == 0 && (value & 1) != 0) {
                        unit.retrigger().run();
                    }
                    return 0;
                });
    }

    private void cpuRegisters(RegisterBank.Builder bank) {
        bank.store(
                        mailbox0,
                        mailbox1,
                        Pfalcon.FALCON_ITFEN.at(base),
                        Pfalcon.FALCON_OS.at(base),
                        Pfalcon.FALCON_RM.at(base),
                        Pfalcon.FALCON_DEBUGINFO.at(base),
                        Pfalcon.FALCON_BOOTVEC.at(base))
                .constant(Pfalcon.FALCON_HWCFG.at(base), Pfalcon.FALCON_HWCFG.reset())
                .constant(Pfalcon.FALCON_HWCFG1.at(base), Pfalcon.FALCON_HWCFG1.reset())
                .computed(
                        Pfalcon.FALCON_HWCFG2.at(base),
                        () -> Pfalcon.FALCON_HWCFG2_RISCV_BR_PRIV_LOCKDOWN.set(
                                Pfalcon.FALCON_HWCFG2.reset(), unit.lockedUntilRiscvRuns() && !riscvActive))
                .computed(
                        Pfalcon.FALCON_CPUCTL.at(base),
                        () -> Pfalcon.FALCON_CPUCTL_HALTED.mask(),
                        (index, old, value) -> {
                            if (Pfalcon.FALCON_CPUCTL_STARTCPU.get(value)) {
                                start();
                            }
                            return 0;
                        })
                // Never enabled (ALIAS_EN of CPUCTL reads 0), so that it starts nothing.
                .store(Pfalcon.FALCON_CPUCTL_ALIAS.at(base))
                .onWrite(Pfalcon.FALCON_ENGINE.at(base), (index, old, value) -> {
                    if (Pfalcon.FALCON_ENGINE_RESET.get(value)) {
                        engineReset();
                    }
                    return value;
                });
    }

    private void loadRegisters(RegisterBank.Builder bank) {
        bank.store(
                        Pfalcon.FALCON_DMATRFBASE.at(base),
                        Pfalcon.FALCON_DMATRFBASE1.at(base),
                        Pfalcon.FALCON_DMATRFMOFFS.at(base),
                        Pfalcon.FALCON_DMATRFFBOFFS.at(base),
                        Pfalcon.FBIF_CTL.at(base))
                .store(Pfalcon.FBIF_TRANSCFG.in(base))
                .onWrite(Pfalcon.FALCON_DMACTL.at(base), (index, old, value) -> value & 1)
                .computed(
                        Pfalcon.FALCON_DMATRFCMD.at(base),
                        () -> Pfalcon.FALCON_DMATRFCMD_IDLE.mask(),
                        (index, old, value) -> {
                            transfer(value);
                            return 0;
                        })
                .store(Pfalcon.FALCON_IMEMC.in(base))
                .store(Pfalcon.FALCON_IMEMT.in(base))
                .store(Pfalcon.FALCON_DMEMC.in(base))
                .port(
                        Pfalcon.FALCON_IMEMD.in(base),
                        index -> readPort(Pfalcon.FALCON_IMEMC.first().offset() + 16 * index, imem),
                        (index, old, value) -> {
                            loaded = true;
                            return writePort(Pfalcon.FALCON_IMEMC.first().offset() + 16 * index, imem, value);
                        })
                .port(
                        Pfalcon.FALCON_DMEMD.in(base),
                        index -> readPort(Pfalcon.FALCON_DMEMC.first().offset() + 8 * index, dmem),
                        (index, old, value) ->
                                writePort(Pfalcon.FALCON_DMEMC.first().offset() + 8 * index, dmem, value));
    }

    private void riscvRegisters(RegisterBank.Builder bank) {
        bank.store(
                        Pfalcon.FALCON2_MOD_SEL.at(base),
                        Pfalcon.FALCON2_BROM_CURR_UCODE_ID.at(base),
                        Pfalcon.FALCON2_BROM_ENGIDMASK.at(base),
                        Pfalcon.RISCV_IRQDEST.at(base))
                .store(Pfalcon.FALCON2_BROM_PARAADDR.in(base))
                .computed(
                        Pfalcon.RISCV_CPUCTL.at(base),
                        () -> riscvActive
                                ? Pfalcon.RISCV_CPUCTL_ACTIVE_STAT.mask()
                                : Pfalcon.RISCV_CPUCTL_HALTED.mask())
                .constant(Pfalcon.RISCV_IRQMASK.at(base), unit.riscvInterruptMask())
                .onWrite(Pfalcon.RISCV_BCR_CTRL.at(base), (index, old, value) -> {
                    int kept =
                            value & (Pfalcon.RISCV_BCR_CTRL_CORE_SELECT.mask() | Pfalcon.RISCV_BCR_CTRL_BRFETCH.mask());
                    return kept | Pfalcon.RISCV_BCR_CTRL_VALID.mask();
                });
    }

    private void start() {
        boolean riscv = Pfalcon.RISCV_BCR_CTRL_CORE_SELECT.get(registers.peek(base + Pfalcon.RISCV_BCR_CTRL.offset()));
        if (riscv || !loaded) {
            return;
        }
        if (faulted) {
            mailbox0(LOAD_FAULT);
        } else {
            unit.program().run(this);
        }
        interrupt(Pfalcon.FALCON_IRQSTAT_HALT.mask());
    }

    /** Mailboxes survive: drivers put arguments there before they reset. */
    private void engineReset() {
        unit.stop().run();
        registers.resetAllBut(mailbox0, mailbox1);
        scrub();
    }

    private void scrub() {
        imem.scrub();
        dmem.scrub();
        loaded = false;
        faulted = false;
    }

    private void transfer(int command) {
        int length = 4 << Pfalcon.FALCON_DMATRFCMD_SIZE.get(command);
        boolean code = Pfalcon.FALCON_DMATRFCMD_IMEM.get(command);
        int context = Pfalcon.FALCON_DMATRFCMD_CTXDMA.get(command);
        int configuration = registers.peek(base + Pfalcon.FBIF_TRANSCFG.first().offset() + 4 * context);
        int base1 = registers.peek(base + Pfalcon.FALCON_DMATRFBASE1.offset());
        long address = Integer.toUnsignedLong(registers.peek(base + Pfalcon.FALCON_DMATRFBASE.offset())) << 8;
        address += (long) Pfalcon.FALCON_DMATRFBASE1_BASE.get(base1) << 40;
        address += Integer.toUnsignedLong(registers.peek(base + Pfalcon.FALCON_DMATRFFBOFFS.offset()));
        int offset = Pfalcon.FALCON_DMATRFMOFFS_OFFS.get(registers.peek(base + Pfalcon.FALCON_DMATRFMOFFS.offset()));
        // Transfers out of the falcon are not modelled: no driver makes one.
        boolean done = !Pfalcon.FALCON_DMATRFCMD_WRITE.get(command)
                && dma.load(
                        Pfalcon.FBIF_TRANSCFG_TARGET.get(configuration), address, code ? imem : dmem, offset, length);
        loaded |= code;
        if (!done) {
            faulted = true;
            faults.incrementAndGet();
        }
    }

    private int readPort(int controlOffset, FalconMemory memory) {
        int control = registers.peek(base + controlOffset);
        int value = memory.readInt(control & Pfalcon.PORT_ADDRESS_MASK);
        advance(controlOffset, control, Pfalcon.PORT_AINCR);
        return value;
    }

    private int writePort(int controlOffset, FalconMemory memory, int value) {
        int control = registers.peek(base + controlOffset);
        memory.writeInt(control & Pfalcon.PORT_ADDRESS_MASK, value);
        advance(controlOffset, control, Pfalcon.PORT_AINCW);
        return 0;
    }

    private void advance(int controlOffset, int control, int when) {
        if ((control & when) != 0) {
            int next = (control + 4) & Pfalcon.PORT_ADDRESS_MASK;
            registers.write(base + controlOffset, (control & ~Pfalcon.PORT_ADDRESS_MASK) | next);
        }
    }
}
