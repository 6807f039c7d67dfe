package dev.nacre.testsupport.driver;

import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Fuse;
import dev.nacre.hw.regs.Pextdev;
import dev.nacre.hw.regs.Pfb;
import dev.nacre.hw.regs.Pgc6;
import dev.nacre.hw.regs.Pmc;
import dev.nacre.hw.regs.Ptimer;
import dev.nacre.hw.regs.VirtualFunction;
import dev.nacre.hw.regs.Xve;

/** What drivers ask a board before they touch it: chip, time, straps, memory. */
final class ChipProbe {
    /** Config space's header and the capabilities; what follows differs in the mirror. */
    private static final int MIRRORED_BYTES = 0x40;

    private static final long MIB = 1 << 20;

    private final Device device;
    private final Registers registers;
    private final Check check;

    ChipProbe(Device device) {
        this.device = device;
        this.registers = device.registers;
        this.check = device.check;
    }

    /** Identifies the chip. @return a line about it */
    String identify() {
        registers.expect(Pmc.BOOT_1, 0);
        registers.expect(Pmc.BOOT_0, device.chip.boot0());
        registers.expect(Pmc.BOOT_42, device.chip.boot42());
        check.equal(
                "NV_PMC_BOOT_0 and BOOT_1 in 8 bytes",
                device.chip.boot0() & 0xffff_ffffL,
                device.bar0.longAt(Pmc.BOOT_0.offset()));
        check.equal("NV_PMC_BOOT_0 byte 3", device.chip.boot0() >>> 24, device.bar0.byteAt(3));
        check.equal("NV_PMC_BOOT_0 bytes 2:1", (device.chip.boot0() >>> 8) & 0xffff, device.bar0.shortAt(1));
        registers.expect(Pextdev.BOOT_0_CRYSTAL_1, true);
        registers.expect(Pextdev.BOOT_0_CRYSTAL_0, false);
        timers();
        mirror();
        boolean display = !registers.read(Fuse.STATUS_OPT_DISPLAY_DISABLED);
        return "%s, NV_PMC_BOOT_0 %08x, %s"
                .formatted(device.chip, device.chip.boot0(), display ? "display" : "headless");
    }

    /** Waits for the board's own firmware. @return bytes of the board's memory */
    long awaitBoardFirmware() {
        registers.await(Pgc6.AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK_READ_PROTECTION_LEVEL0, true);
        Reg.Bits progress = Pgc6.AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT_PROGRESS;
        registers.await(
                progress.reg(), "GFW boot progress", raw -> progress.get(raw) == Pgc6.GFW_BOOT_PROGRESS_COMPLETED);
        registers.expect(Pgc6.BSI_SECURE_SCRATCH_14_BOOT_STAGE_3_HANDOFF, true);
        long bytes = (registers.read(Pgc6.AON_SECURE_SCRATCH_GROUP_42) & 0xffff_ffffL) * MIB;
        check.that("memory size", bytes >= 256 * MIB && bytes % (64 * MIB) == 0, "a board's", bytes / MIB + " MiB");
        DmaBuffer flush = device.memory.allocate(1);
        registers.write(Pfb.NISO_FLUSH_SYSMEM_ADDR_HI, (int) (flush.iova(0) >>> 40));
        registers.write(Pfb.NISO_FLUSH_SYSMEM_ADDR, (int) (flush.iova(0) >>> 8));
        registers.expect(Pfb.NISO_FLUSH_SYSMEM_ADDR_HI, (int) (flush.iova(0) >>> 40));
        registers.expect(Pfb.NISO_FLUSH_SYSMEM_ADDR, (int) (flush.iova(0) >>> 8));
        return bytes;
    }

    private void timers() {
        registers.expect(Ptimer.TIME_PRIV_LEVEL_MASK, 0xff);
        registers.write(Ptimer.INTR_EN_0, 0);
        advances("NV_PTIMER_TIME", Ptimer.TIME_0, Ptimer.TIME_1);
        advances("NV_VIRTUAL_FUNCTION_TIME", VirtualFunction.TIME_0, VirtualFunction.TIME_1);
        // GUEST: drivers set the wall clock once, high half first, and time their loops by the result.
        long wallNs = System.currentTimeMillis() * 1_000_000;
        registers.write(Ptimer.TIME_1, (int) (wallNs >>> 32));
        registers.write(Ptimer.TIME_0, (int) wallNs);
        advances("NV_PTIMER_TIME after it was set", Ptimer.TIME_0, Ptimer.TIME_1);
    }

    private void advances(String what, Reg low, Reg high) {
        long first = time(low, high);
        // HW: multiples of 32 ns; drivers give up when two reads in a loop of a few turns are the same.
        check.await(what + " advances", () -> time(low, high) > first, () -> "it stays at " + Check.hex(first));
    }

    private long time(Reg low, Reg high) {
        int before;
        int after = registers.read(high);
        long lowHalf;
        do {
            before = after;
            lowHalf = registers.read(low) & 0xffff_ffffL;
            after = registers.read(high);
        } while (before != after);
        return ((long) after << 32) | lowHalf;
    }

    private void mirror() {
        for (int at = 0; at < MIRRORED_BYTES; at += 4) {
            check.equal(
                    "config space in BAR0 at " + Check.hex(at),
                    device.config.word(at) & 0xffff_ffffL,
                    device.bar0.intAt(Xve.MIRROR_BASE + at) & 0xffff_ffffL);
        }
    }
}
