package dev.nacre.corejava.falcon;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Registers;
import dev.nacre.corejava.io.Waits;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pmc;
import java.lang.foreign.MemorySegment;

/** A falcon of the GPU. One thread at a time. */
public final class Falcon {
    private static final int BLOCK_BYTES = 256;

    /** Of {@link Pfalcon#FALCON_DMATRFCMD_SIZE}: 256 bytes. */
    private static final int SIZE_256_BYTES = 6;

    // HW: nouveau nvkm/falcon/ga102.c; nova-core falcon/hal/ga102.rs
    private static final int DMATRFCMD_SECURE = 1 << 2;
    private static final int MOD_SEL_RSA3K = 1;
    private static final int TRANSCFG_MASK = 7;
    private static final int TRANSCFG_COHERENT_SYSTEM_PHYSICAL = 5;
    private static final int FBIF_CTL_ALLOW_PHYSICAL = 1 << 7;

    // TIMEOUT: drivers allow 150 us, and go on if it never shows.
    private static final long RESET_READY_NS = 150_000;

    // TIMEOUT: hardware needs 10 us between the two writes.
    private static final long RESET_HOLD_NS = 10_000;

    // TIMEOUT: drivers allow 20 ms for scrubbing and 2 s for the rest; a software GPU on a busy host may take longer.
    private static final long PATIENCE_NS = 10_000_000_000L;

    private final String name;
    private final int base;
    private final Registers registers;

    /**
     * A falcon.
     *
     * @param name for messages
     * @param base where its registers begin
     */
    public Falcon(String name, int base, Registers registers) {
        this.name = name;
        this.base = base;
        this.registers = registers;
    }

    /** Resets the unit; its falcon core is selected afterwards. */
    public void reset() {
        read(Pfalcon.RISCV_BCR_CTRL);
        write(Pfalcon.FALCON_IRQMCLR, -1);
        Waits.until(RESET_READY_NS, () -> Pfalcon.FALCON_HWCFG2_RESET_READY.get(read(Pfalcon.FALCON_HWCFG2)));
        write(Pfalcon.FALCON_ENGINE, Pfalcon.FALCON_ENGINE_RESET.set(0, true));
        Waits.pause(RESET_HOLD_NS);
        write(Pfalcon.FALCON_ENGINE, Pfalcon.FALCON_ENGINE_RESET.set(0, false));
        registers.await(at(Pfalcon.FALCON_HWCFG2_MEM_SCRUBBING), false, PATIENCE_NS);
        if (registers.read(at(Pfalcon.RISCV_BCR_CTRL_CORE_SELECT))) {
            write(Pfalcon.RISCV_BCR_CTRL, 0);
            registers.await(at(Pfalcon.RISCV_BCR_CTRL_VALID), true, PATIENCE_NS);
        }
        write(Pfalcon.FALCON_RM, registers.read(Pmc.BOOT_0));
    }

    /** Resets the unit and selects its RISC-V core, which waits for somebody to start it. */
    public void resetToRiscv() {
        reset();
        int selected = Pfalcon.RISCV_BCR_CTRL_CORE_SELECT.mask()
                | Pfalcon.RISCV_BCR_CTRL_BRFETCH.mask()
                | Pfalcon.RISCV_BCR_CTRL_VALID.mask();
        registers.update(Pfalcon.RISCV_BCR_CTRL.at(base), raw -> raw | selected);
    }

    /**
     * Loads firmware by DMA.
     *
     * @param dma memory for the transfer; given back
     * @throws CoreException with {@link CoreError#IO} if the falcon's memories are too small
     */
    public void load(FalconUcode ucode, DmaMemory dma) {
        checkSize("IMEM", Pfalcon.FALCON_HWCFG_IMEM_SIZE, ucode.imemAddress(), ucode.imem());
        checkSize("DMEM", Pfalcon.FALCON_HWCFG_DMEM_SIZE, ucode.dmemAddress(), ucode.dmem());
        registers.update(Pfalcon.FBIF_CTL.at(base), raw -> raw | FBIF_CTL_ALLOW_PHYSICAL);
        write(Pfalcon.FALCON_DMACTL, 0);
        registers.update(
                Pfalcon.FBIF_TRANSCFG.at(0).at(base),
                raw -> (raw & ~TRANSCFG_MASK) | TRANSCFG_COHERENT_SYSTEM_PHYSICAL);
        transfer(dma, ucode.imem(), ucode.imemAddress(), ucode.imemVirtualAddress(), true);
        transfer(dma, ucode.dmem(), ucode.dmemAddress(), 0, false);
        write(Pfalcon.FALCON2_BROM_PARAADDR.at(0), ucode.signatureOffset());
        write(Pfalcon.FALCON2_BROM_ENGIDMASK, ucode.engineIdMask());
        write(Pfalcon.FALCON2_BROM_CURR_UCODE_ID, ucode.ucodeId());
        write(Pfalcon.FALCON2_MOD_SEL, MOD_SEL_RSA3K);
        write(Pfalcon.FALCON_BOOTVEC, ucode.bootVector());
    }

    /**
     * Starts what is loaded, and waits until it has halted.
     *
     * @param argument in both mailboxes, the low half in the first
     * @return what is in the first mailbox then
     */
    public int run(long argument) {
        mailboxes(argument);
        start();
        awaitHalt();
        return read(Pfalcon.FALCON_MAILBOX0);
    }

    /** Starts what is loaded. */
    public void start() {
        boolean alias = registers.read(at(Pfalcon.FALCON_CPUCTL_ALIAS_EN));
        write(alias ? Pfalcon.FALCON_CPUCTL_ALIAS : Pfalcon.FALCON_CPUCTL, Pfalcon.FALCON_CPUCTL_STARTCPU.set(0, true));
    }

    /** Waits until the falcon core has halted. */
    public void awaitHalt() {
        registers.await(at(Pfalcon.FALCON_CPUCTL_HALTED), true, PATIENCE_NS);
    }

    /** Writes both mailboxes, the low half to the first. */
    public void mailboxes(long value) {
        write(Pfalcon.FALCON_MAILBOX0, (int) value);
        write(Pfalcon.FALCON_MAILBOX1, (int) (value >>> 32));
    }

    /** Whether the RISC-V core runs. */
    public boolean isRiscvActive() {
        return registers.read(at(Pfalcon.RISCV_CPUCTL_ACTIVE_STAT));
    }

    /** Readies the memory interface for firmware that brings its own transfers. */
    public void allowPhysicalDma() {
        registers.update(Pfalcon.FBIF_CTL.at(base), raw -> raw | FBIF_CTL_ALLOW_PHYSICAL);
        write(Pfalcon.FALCON_DMACTL, 0);
    }

    /** Reads a register of this falcon. */
    public int read(Reg register) {
        return registers.read(register.at(base));
    }

    /** Writes a register of this falcon. */
    public void write(Reg register, int value) {
        registers.write(register.at(base), value);
    }

    /** A flag of this falcon. */
    public Reg.Flag at(Reg.Flag flag) {
        return new Reg.Flag(flag.reg().at(base), flag.bit());
    }

    private void checkSize(String memory, Reg.Bits size, int address, HostileBytes image) {
        long bytes = (long) size.get(read(size.reg())) * BLOCK_BYTES;
        if (address < 0 || address + (long) image.size() > bytes || image.size() % BLOCK_BYTES != 0) {
            throw new CoreException(
                    CoreError.IO,
                    image + " does not fit " + name + " " + memory + ": address=" + address + " size=" + bytes);
        }
    }

    private void transfer(DmaMemory dma, HostileBytes image, int address, int virtualAddress, boolean code) {
        if (image.size() == 0) {
            return;
        }
        try (DmaMemory.Buffer buffer = dma.allocate(image.size())) {
            MemorySegment.copy(MemorySegment.ofArray(image.copy()), 0, buffer.segment(), 0, image.size());
            int command = Pfalcon.FALCON_DMATRFCMD_SIZE.set(0, SIZE_256_BYTES);
            command = code ? Pfalcon.FALCON_DMATRFCMD_IMEM.set(command, true) | DMATRFCMD_SECURE : command;
            // HW: the address is base + FBOFFS, and FBOFFS is also the tag of a block of code.
            long base256 = buffer.iova() - virtualAddress;
            write(Pfalcon.FALCON_DMATRFBASE, (int) (base256 >>> 8));
            write(Pfalcon.FALCON_DMATRFBASE1, Pfalcon.FALCON_DMATRFBASE1_BASE.set(0, (int) (base256 >>> 40)));
            for (int at = 0; at < image.size(); at += BLOCK_BYTES) {
                write(Pfalcon.FALCON_DMATRFMOFFS, address + at);
                write(Pfalcon.FALCON_DMATRFFBOFFS, virtualAddress + at);
                write(Pfalcon.FALCON_DMATRFCMD, command);
                registers.await(at(Pfalcon.FALCON_DMATRFCMD_IDLE), true, PATIENCE_NS);
            }
        }
    }
}
