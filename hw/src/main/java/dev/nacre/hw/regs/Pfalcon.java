package dev.nacre.hw.regs;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.reg.RegArray;

/**
 * A falcon: a microcontroller that starts signed firmware. Offsets are relative to its base ({@link Pgsp#BASE}, {@link
 * Psec#BASE}). On GA10x and AD10x the second block of a falcon (boot ROM, RISC-V core) lies at +0x1000.
 */
// HW: open-gpu-kernel-modules published/ampere/ga102/dev_falcon_v4.h (+0), dev_fbif_v4.h (+0x600),
// dev_falcon_second_pri.h and dev_riscv_pri.h (+0x1000)
public final class Pfalcon {
    /** Clears bits of {@link #FALCON_IRQSTAT}. */
    public static final Reg FALCON_IRQSCLR = Reg.wo("NV_PFALCON_FALCON_IRQSCLR", 0x004);

    /** Pending interrupts of the falcon: levels. */
    public static final Reg FALCON_IRQSTAT = Reg.ro("NV_PFALCON_FALCON_IRQSTAT", 0x008);

    /** The core has halted. */
    public static final Reg.Flag FALCON_IRQSTAT_HALT = FALCON_IRQSTAT.flag(4);

    /** The firmware has raised its first software interrupt: GSP has put a message into its queue. */
    public static final Reg.Flag FALCON_IRQSTAT_SWGEN0 = FALCON_IRQSTAT.flag(6);

    /** Sets bits of {@link #FALCON_IRQMASK}. */
    public static final Reg FALCON_IRQMSET = Reg.wo("NV_PFALCON_FALCON_IRQMSET", 0x010);

    /** Clears bits of {@link #FALCON_IRQMASK}. */
    public static final Reg FALCON_IRQMCLR = Reg.wo("NV_PFALCON_FALCON_IRQMCLR", 0x014);

    /** Interrupts that reach the host while the falcon core is selected. */
    public static final Reg FALCON_IRQMASK = Reg.ro("NV_PFALCON_FALCON_IRQMASK", 0x018);

    /** Where interrupts go. */
    public static final Reg FALCON_IRQDEST = Reg.rw("NV_PFALCON_FALCON_IRQDEST", 0x01c);

    /** First mailbox: an argument before, a result after. Survives a reset of the falcon. */
    public static final Reg FALCON_MAILBOX0 = Reg.rw("NV_PFALCON_FALCON_MAILBOX0", 0x040);

    /** Second mailbox. Survives a reset of the falcon. */
    public static final Reg FALCON_MAILBOX1 = Reg.rw("NV_PFALCON_FALCON_MAILBOX1", 0x044);

    /** Which interfaces are on. */
    // HW: nouveau nvkm/falcon/gm200.c
    public static final Reg FALCON_ITFEN = Reg.rw("NV_PFALCON_FALCON_ITFEN", 0x048);

    /** Version of the firmware, as the driver notes it. */
    public static final Reg FALCON_OS = Reg.rw("NV_PFALCON_FALCON_OS", 0x080);

    /** NV_PMC_BOOT_0, as the driver notes it. */
    public static final Reg FALCON_RM = Reg.rw("NV_PFALCON_FALCON_RM", 0x084);

    /** What firmware reports for debugging. */
    public static final Reg FALCON_DEBUGINFO = Reg.rw("NV_PFALCON_FALCON_DEBUGINFO", 0x094);

    /** Abilities and state of the unit. */
    public static final Reg FALCON_HWCFG2 = Reg.ro("NV_PFALCON_FALCON_HWCFG2", 0x0f4, 0x8000_0400);

    /** There is a RISC-V core. */
    public static final Reg.Flag FALCON_HWCFG2_RISCV = FALCON_HWCFG2.flag(10);

    /** The memories are being scrubbed. */
    public static final Reg.Flag FALCON_HWCFG2_MEM_SCRUBBING = FALCON_HWCFG2.flag(12);

    /** Only the boot ROM and its firmware may use the unit: drivers wait until it is clear (FSP chips). */
    // HW: open-gpu-kernel-modules published/hopper/gh100/dev_falcon_v4.h (RISCV_BR_PRIV_LOCKDOWN)
    public static final Reg.Flag FALCON_HWCFG2_RISCV_BR_PRIV_LOCKDOWN = FALCON_HWCFG2.flag(13);

    /** The unit may be reset. */
    // HW: nova-core regs.rs (NV_PFALCON_FALCON_HWCFG2 reset_ready)
    public static final Reg.Flag FALCON_HWCFG2_RESET_READY = FALCON_HWCFG2.flag(31);

    /** Starts the falcon core. */
    public static final Reg FALCON_CPUCTL = Reg.rw("NV_PFALCON_FALCON_CPUCTL", 0x100, 1 << 4);

    /** Start. */
    public static final Reg.Flag FALCON_CPUCTL_STARTCPU = FALCON_CPUCTL.flag(1);

    /** The core has halted. */
    public static final Reg.Flag FALCON_CPUCTL_HALTED = FALCON_CPUCTL.flag(4);

    /** The core is started through {@link #FALCON_CPUCTL_ALIAS}. */
    public static final Reg.Flag FALCON_CPUCTL_ALIAS_EN = FALCON_CPUCTL.flag(6);

    /** Where the core starts. */
    public static final Reg FALCON_BOOTVEC = Reg.rw("NV_PFALCON_FALCON_BOOTVEC", 0x104);

    /** Sizes of the memories. */
    public static final Reg FALCON_HWCFG = Reg.ro("NV_PFALCON_FALCON_HWCFG", 0x108, 0x100 << 9 | 0x80);

    /** Size of IMEM in blocks of 256 bytes. */
    public static final Reg.Bits FALCON_HWCFG_IMEM_SIZE = FALCON_HWCFG.bits(8, 0);

    /** Size of DMEM in blocks of 256 bytes. */
    // HW: nouveau nvkm/falcon/base.c
    public static final Reg.Bits FALCON_HWCFG_DMEM_SIZE = FALCON_HWCFG.bits(17, 9);

    /** DMA control; its scrubbing bits read 0 = done. */
    public static final Reg FALCON_DMACTL = Reg.rw("NV_PFALCON_FALCON_DMACTL", 0x10c);

    /** Memory address of a transfer, bits 39:8. */
    public static final Reg FALCON_DMATRFBASE = Reg.rw("NV_PFALCON_FALCON_DMATRFBASE", 0x110);

    /** Address of a transfer in IMEM or DMEM. */
    public static final Reg FALCON_DMATRFMOFFS = Reg.rw("NV_PFALCON_FALCON_DMATRFMOFFS", 0x114);

    /** The offset. */
    public static final Reg.Bits FALCON_DMATRFMOFFS_OFFS = FALCON_DMATRFMOFFS.bits(23, 0);

    /** Starts a transfer; reads its state. */
    public static final Reg FALCON_DMATRFCMD = Reg.rw("NV_PFALCON_FALCON_DMATRFCMD", 0x118);

    /** No transfer is under way. */
    public static final Reg.Flag FALCON_DMATRFCMD_IDLE = FALCON_DMATRFCMD.flag(1);

    /** Into IMEM, else DMEM. */
    public static final Reg.Flag FALCON_DMATRFCMD_IMEM = FALCON_DMATRFCMD.flag(4);

    /** From the falcon to memory. */
    public static final Reg.Flag FALCON_DMATRFCMD_WRITE = FALCON_DMATRFCMD.flag(5);

    /** Bytes: {@code 4 << n}; 6 = 256. */
    public static final Reg.Bits FALCON_DMATRFCMD_SIZE = FALCON_DMATRFCMD.bits(10, 8);

    /** Which of {@link #FBIF_TRANSCFG} says where memory is. */
    public static final Reg.Bits FALCON_DMATRFCMD_CTXDMA = FALCON_DMATRFCMD.bits(14, 12);

    /** Added to the memory address of a transfer. */
    public static final Reg FALCON_DMATRFFBOFFS = Reg.rw("NV_PFALCON_FALCON_DMATRFFBOFFS", 0x11c);

    /** Memory address of a transfer, bits 48:40. */
    public static final Reg FALCON_DMATRFBASE1 = Reg.rw("NV_PFALCON_FALCON_DMATRFBASE1", 0x128);

    /** The bits. */
    public static final Reg.Bits FALCON_DMATRFBASE1_BASE = FALCON_DMATRFBASE1.bits(8, 0);

    /** Revision of the core: 6, security model 3. */
    // HW: nouveau nvkm/falcon/base.c
    public static final Reg FALCON_HWCFG1 = Reg.ro("NV_PFALCON_FALCON_HWCFG1", 0x12c, 0x36);

    /** Starts the core for whom {@link #FALCON_CPUCTL} is protected. */
    public static final Reg FALCON_CPUCTL_ALIAS = Reg.wo("NV_PFALCON_FALCON_CPUCTL_ALIAS", 0x130);

    /** Address of each port to IMEM. */
    public static final RegArray FALCON_IMEMC = new RegArray(Reg.rw("NV_PFALCON_FALCON_IMEMC", 0x180), 4, 16);

    /** Data of each port to IMEM. */
    public static final RegArray FALCON_IMEMD = new RegArray(Reg.rw("NV_PFALCON_FALCON_IMEMD", 0x184), 4, 16);

    /** Tag of the block that each port to IMEM writes. */
    public static final RegArray FALCON_IMEMT = new RegArray(Reg.rw("NV_PFALCON_FALCON_IMEMT", 0x188), 4, 16);

    /** Address of each port to DMEM. */
    public static final RegArray FALCON_DMEMC = new RegArray(Reg.rw("NV_PFALCON_FALCON_DMEMC", 0x1c0), 8, 8);

    /** Data of each port to DMEM. */
    public static final RegArray FALCON_DMEMD = new RegArray(Reg.rw("NV_PFALCON_FALCON_DMEMD", 0x1c4), 8, 8);

    /** Byte address of an IMEMC or DMEMC: block and offset, a multiple of 4. */
    public static final int PORT_ADDRESS_MASK = 0x00ff_fffc;

    /** An IMEMC or DMEMC advances by 4 with each write. */
    public static final int PORT_AINCW = 1 << 24;

    /** An IMEMC or DMEMC advances by 4 with each read. */
    // HW: nouveau nvkm/falcon/v1.c
    public static final int PORT_AINCR = 1 << 25;

    /** Resets the unit. */
    public static final Reg FALCON_ENGINE = Reg.rw("NV_PFALCON_FALCON_ENGINE", 0x3c0);

    /** In reset. */
    public static final Reg.Flag FALCON_ENGINE_RESET = FALCON_ENGINE.flag(0);

    /** Sends pending interrupts again. */
    public static final RegArray FALCON_INTR_RETRIGGER =
            new RegArray(Reg.wo("NV_PFALCON_FALCON_INTR_RETRIGGER", 0x3e8), 2, 4);

    /** Where the memory of a DMA context is. */
    public static final RegArray FBIF_TRANSCFG = new RegArray(Reg.rw("NV_PFALCON_FBIF_TRANSCFG", 0x600), 8, 4);

    /** Memory of a {@link #FBIF_TRANSCFG}. */
    public static final Reg.Bits FBIF_TRANSCFG_TARGET = FBIF_TRANSCFG.at(0).bits(1, 0);

    /** {@link #FBIF_TRANSCFG_TARGET}: the board's own memory. The other values are system memory. */
    public static final int FBIF_TRANSCFG_TARGET_LOCAL_FB = 0;

    /** Control of the memory interface. */
    public static final Reg FBIF_CTL = Reg.rw("NV_PFALCON_FBIF_CTL", 0x624);

    /** Algorithm of the boot ROM: 1 = RSA3K. */
    public static final Reg FALCON2_MOD_SEL = Reg.rw("NV_PFALCON2_FALCON_MOD_SEL", 0x1180);

    /** Ucode that the boot ROM checks: 9 FWSEC, 3 booter. */
    public static final Reg FALCON2_BROM_CURR_UCODE_ID = Reg.rw("NV_PFALCON2_FALCON_BROM_CURR_UCODE_ID", 0x1198);

    /** Engines that the ucode is for: 0x400 GSP, 1 SEC2. */
    public static final Reg FALCON2_BROM_ENGIDMASK = Reg.rw("NV_PFALCON2_FALCON_BROM_ENGIDMASK", 0x119c);

    /** Where in DMEM the signature is. */
    public static final RegArray FALCON2_BROM_PARAADDR =
            new RegArray(Reg.rw("NV_PFALCON2_FALCON_BROM_PARAADDR", 0x1210), 1, 4);

    /** State of the RISC-V core. */
    public static final Reg RISCV_CPUCTL = Reg.ro("NV_PRISCV_RISCV_CPUCTL", 0x1388, 1 << 4);

    /** The core has halted. */
    public static final Reg.Flag RISCV_CPUCTL_HALTED = RISCV_CPUCTL.flag(4);

    /** The core runs. */
    public static final Reg.Flag RISCV_CPUCTL_ACTIVE_STAT = RISCV_CPUCTL.flag(7);

    /** Interrupts that reach the host while the RISC-V core is selected. */
    public static final Reg RISCV_IRQMASK = Reg.ro("NV_PRISCV_RISCV_IRQMASK", 0x1528);

    /** Where interrupts go while the RISC-V core is selected. */
    public static final Reg RISCV_IRQDEST = Reg.rw("NV_PRISCV_RISCV_IRQDEST", 0x152c);

    /** Boot configuration: which core runs after a reset. */
    public static final Reg RISCV_BCR_CTRL = Reg.rw("NV_PRISCV_RISCV_BCR_CTRL", 0x1668, 1);

    /** The register is valid. */
    public static final Reg.Flag RISCV_BCR_CTRL_VALID = RISCV_BCR_CTRL.flag(0);

    /** RISC-V, else falcon. */
    public static final Reg.Flag RISCV_BCR_CTRL_CORE_SELECT = RISCV_BCR_CTRL.flag(4);

    /** The boot ROM fetches its firmware. */
    public static final Reg.Flag RISCV_BCR_CTRL_BRFETCH = RISCV_BCR_CTRL.flag(8);

    private Pfalcon() {}
}
