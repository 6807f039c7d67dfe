package dev.nacre.testsupport.driver;

import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Pfalcon;

/** A falcon as its driver uses it: reset, load by DMA, start through the boot ROM. One thread. */
final class Falcon {
    private static final int BLOCK = 256;
    private static final int DMA_BYTES_256 = 6;
    // HW: nouveau nvkm/falcon/ga102.c; nova-core falcon/hal/ga102.rs
    private static final int MOD_SEL_RSA3K = 1;
    private static final int TARGET_COHERENT_SYSTEM_PHYSICAL = 5;
    private static final int FBIF_CTL_ALLOW_PHYSICAL = 0x80;

    private final String name;
    private final int base;
    private final Registers registers;
    private final Check check;

    Falcon(String name, int base, Registers registers, Check check) {
        this.name = name;
        this.base = base;
        this.registers = registers;
        this.check = check;
    }

    /** Resets the unit; the falcon core is selected afterwards, and the mailboxes keep their values. */
    void reset(Chip chip) {
        registers.expect(at(Pfalcon.RISCV_BCR_CTRL_VALID), true);
        write(Pfalcon.FALCON_MAILBOX0, 0x5eed_0001);
        write(Pfalcon.FALCON_MAILBOX1, 0x5eed_0002);
        write(Pfalcon.FALCON_IRQMCLR, -1);
        registers.await(at(Pfalcon.FALCON_HWCFG2_RESET_READY), true);
        write(Pfalcon.FALCON_ENGINE, Pfalcon.FALCON_ENGINE_RESET.set(0, true));
        registers.expect(at(Pfalcon.FALCON_ENGINE_RESET), true);
        write(Pfalcon.FALCON_ENGINE, Pfalcon.FALCON_ENGINE_RESET.set(0, false));
        registers.expect(at(Pfalcon.FALCON_ENGINE_RESET), false);
        registers.await(at(Pfalcon.FALCON_HWCFG2_MEM_SCRUBBING), false);
        registers.expect(at(Pfalcon.FALCON_HWCFG2_RISCV), true);
        registers.expect(at(Pfalcon.RISCV_BCR_CTRL_CORE_SELECT), false);
        registers.expect(at(Pfalcon.RISCV_BCR_CTRL_VALID), true);
        registers.expect(at(Pfalcon.FALCON_CPUCTL_HALTED), true);
        registers.expect(at(Pfalcon.FALCON_MAILBOX0), 0x5eed_0001);
        registers.expect(at(Pfalcon.FALCON_MAILBOX1), 0x5eed_0002);
        write(Pfalcon.FALCON_RM, chip.boot0());
    }

    /** Resets the unit with its RISC-V core selected; the core waits for the booter. */
    void resetToRiscv(Chip chip) {
        reset(chip);
        int selected = Pfalcon.RISCV_BCR_CTRL_CORE_SELECT.mask()
                | Pfalcon.RISCV_BCR_CTRL_BRFETCH.mask()
                | Pfalcon.RISCV_BCR_CTRL_VALID.mask();
        registers.update(at(Pfalcon.RISCV_BCR_CTRL), raw -> raw | selected);
        registers.expect(at(Pfalcon.RISCV_BCR_CTRL), selected);
        registers.expect(at(Pfalcon.RISCV_CPUCTL_ACTIVE_STAT), false);
    }

    /** Loads a firmware from system memory, block by block, wherever each lies. */
    void load(FalconUcode ucode, SystemMemory memory) {
        checkSize("IMEM", registers.read(at(Pfalcon.FALCON_HWCFG_IMEM_SIZE)), ucode.imemAddress(), ucode.imem());
        checkSize("DMEM", registers.read(at(Pfalcon.FALCON_HWCFG_DMEM_SIZE)), ucode.dmemAddress(), ucode.dmem());
        registers.update(at(Pfalcon.FBIF_CTL), raw -> raw | FBIF_CTL_ALLOW_PHYSICAL);
        write(Pfalcon.FALCON_DMACTL, 0);
        registers.update(at(Pfalcon.FBIF_TRANSCFG.at(0)), raw -> (raw & ~7) | TARGET_COHERENT_SYSTEM_PHYSICAL);
        transfer(memory, ucode.imem(), ucode.imemAddress(), ucode.imemVirtualAddress(), true);
        transfer(memory, ucode.dmem(), ucode.dmemAddress(), 0, false);
        write(Pfalcon.FALCON2_BROM_PARAADDR.at(0), ucode.signatureOffset());
        write(Pfalcon.FALCON2_BROM_ENGIDMASK, ucode.engineIdMask());
        write(Pfalcon.FALCON2_BROM_CURR_UCODE_ID, ucode.ucodeId());
        write(Pfalcon.FALCON2_MOD_SEL, MOD_SEL_RSA3K);
        write(Pfalcon.FALCON_BOOTVEC, ucode.bootVector());
    }

    /**
     * Starts the falcon with an argument and waits until it has halted.
     *
     * @return the result in the first mailbox
     */
    int run(int mailbox0, int mailbox1) {
        write(Pfalcon.FALCON_MAILBOX0, mailbox0);
        write(Pfalcon.FALCON_MAILBOX1, mailbox1);
        start();
        return read(Pfalcon.FALCON_MAILBOX0);
    }

    /** Starts whatever is loaded, as the driver of the hardware must: through the alias if that is enabled. */
    void start() {
        boolean alias = registers.read(at(Pfalcon.FALCON_CPUCTL_ALIAS_EN));
        write(alias ? Pfalcon.FALCON_CPUCTL_ALIAS : Pfalcon.FALCON_CPUCTL, Pfalcon.FALCON_CPUCTL_STARTCPU.set(0, true));
        registers.await(at(Pfalcon.FALCON_CPUCTL_HALTED), true);
    }

    int read(Reg register) {
        return registers.read(register.at(base));
    }

    void write(Reg register, int value) {
        registers.write(register.at(base), value);
    }

    /** A register of this falcon. */
    Reg at(Reg register) {
        return register.at(base);
    }

    /** A flag of this falcon. */
    Reg.Flag at(Reg.Flag flag) {
        return new Reg.Flag(flag.reg().at(base), flag.bit());
    }

    /** A field of this falcon. */
    Reg.Bits at(Reg.Bits field) {
        return new Reg.Bits(field.reg().at(base), field.hi(), field.lo());
    }

    private void checkSize(String what, int blocks, int address, Words image) {
        check.that(
                name + " " + what,
                blocks * BLOCK >= address + image.size(),
                address + image.size() + " bytes or more",
                blocks * BLOCK + " bytes");
    }

    private void transfer(SystemMemory memory, Words image, int address, int virtualAddress, boolean imem) {
        DmaBuffer buffer = memory.allocate(image.size());
        buffer.putBytes(0, image.bytes());
        int command = Pfalcon.FALCON_DMATRFCMD_SIZE.set(0, DMA_BYTES_256);
        command = Pfalcon.FALCON_DMATRFCMD_IMEM.set(command, imem);
        command = imem ? command | 1 << 2 : command; // HW: nouveau falcon/ga102.c: the code is secure
        for (int at = 0; at < image.size(); at += BLOCK) {
            // HW: the address is base + FBOFFS, and FBOFFS is also the virtual address of a block of code, its tag.
            int offset = virtualAddress + at;
            long source = buffer.iova(at) - offset;
            write(Pfalcon.FALCON_DMATRFBASE, (int) (source >>> 8));
            write(Pfalcon.FALCON_DMATRFBASE1, Pfalcon.FALCON_DMATRFBASE1_BASE.set(0, (int) (source >>> 40)));
            write(Pfalcon.FALCON_DMATRFMOFFS, address + at);
            write(Pfalcon.FALCON_DMATRFFBOFFS, offset);
            write(Pfalcon.FALCON_DMATRFCMD, command);
            registers.await(at(Pfalcon.FALCON_DMATRFCMD_IDLE), true);
        }
    }
}
