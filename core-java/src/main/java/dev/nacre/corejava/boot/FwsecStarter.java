package dev.nacre.corejava.boot;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.corejava.falcon.Falcon;
import dev.nacre.corejava.firmware.Booter;
import dev.nacre.corejava.firmware.GspFirmware;
import dev.nacre.corejava.gsp.FbLayout;
import dev.nacre.corejava.gsp.StartMemory;
import dev.nacre.corejava.gsp.StaticInfo;
import dev.nacre.corejava.io.Registers;
import dev.nacre.corejava.io.Waits;
import dev.nacre.corejava.vbios.Fwsec;
import dev.nacre.corejava.vbios.Prom;
import dev.nacre.corejava.vbios.Vbios;
import dev.nacre.hw.reg.RegArray;
import dev.nacre.hw.regs.Fuse;
import dev.nacre.hw.regs.Pbus;
import dev.nacre.hw.regs.Pdisp;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pfb;
import dev.nacre.hw.regs.Pgc6;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Ampere and Ada: FWSEC, from the VBIOS, makes the protected region on the GSP's falcon; a booter on SEC2's falcon fills it
 * and starts the GSP's RISC-V core.
 */
final class FwsecStarter implements GspStarter {
    private static final long MIB = 1 << 20;
    private static final int ADDRESS_SHIFT = 12;
    private static final int FUSE_VERSION_MASK = 0xffff;

    // HW: argument of the booter that unloads: nouveau nvkm/subdev/gsp/tu102.c, nova-core gsp/boot.rs
    private static final long BOOTER_UNLOAD = 0xff_0000_00ffL;

    // HW: bit mask of the engine SEC2 in a ucode's description
    private static final int ENGINE_SEC2 = 1;

    // HW: address of the VGA workspace in NV_PDISP_VGA_WORKSPACE_BASE: bits 31:8 in 64 KiB
    private static final int VGA_BASE_MASK = ~0xff;
    private static final int VGA_BASE_SHIFT = 8;

    // TIMEOUT: drivers allow 4 s for the board's firmware and 5 s for the core to run.
    private static final long PATIENCE_NS = 10_000_000_000L;

    private final Hardware hardware;
    private final FirmwareSource source;
    private final Registers registers;
    private final Falcon gsp;
    private final Falcon sec2;
    private @Nullable Fwsec fwsec;
    private @Nullable Booter load;
    private @Nullable Booter unload;
    private @Nullable GspFirmware firmware;
    private @Nullable FbLayout fb;

    FwsecStarter(Hardware hardware, FirmwareSource source) {
        this.hardware = hardware;
        this.source = source;
        this.registers = hardware.registers();
        this.gsp = hardware.gsp();
        this.sec2 = hardware.sec2();
    }

    @Override
    public void awaitPowerOn() {
        registers.await(Pgc6.AON_SECURE_SCRATCH_GROUP_05_PRIV_LEVEL_MASK_READ_PROTECTION_LEVEL0, true, PATIENCE_NS);
        registers.await(
                Pgc6.AON_SECURE_SCRATCH_GROUP_05.at(0),
                "the board's firmware is done",
                PATIENCE_NS,
                raw -> Pgc6.AON_SECURE_SCRATCH_GROUP_05_0_GFW_BOOT_PROGRESS.get(raw)
                        == Pgc6.GFW_BOOT_PROGRESS_COMPLETED);
    }

    @Override
    public boolean isClean() {
        return registers.read(Pfb.WPR2_ADDR_HI) == 0 && !gsp.isRiscvActive();
    }

    @Override
    public void prepare(GspFirmware chosen, int virtualFunctions) {
        String chip = hardware.hal().chip().id();
        firmware = chosen;
        load = Booter.parse(chosen.companion(source, chip, "booter_load"));
        unload = Booter.parse(chosen.companion(source, chip, "booter_unload"));
        fwsec = Vbios.parse(new Prom(registers).read()).fwsec();
        FbLayout.Sizes sizes = new FbLayout.Sizes(
                hardware.fbBytes(),
                vgaWorkspace(),
                chosen.bootloader().image().size(),
                chosen.image().size(),
                hardware.hal().heapBaseBytes(),
                hardware.hal().nonWprHeapBytes());
        fb = FbLayout.of(sizes, chosen.abi(), virtualFunctions);
    }

    private long vgaWorkspace() {
        long last = hardware.fbBytes() - MIB;
        if (registers.read(Fuse.STATUS_OPT_DISPLAY_DISABLED)) {
            return last;
        }
        int base = registers.read(Pdisp.VGA_WORKSPACE_BASE);
        if (!Pdisp.VGA_WORKSPACE_BASE_STATUS_VALID.get(base)) {
            return last;
        }
        long address = Integer.toUnsignedLong(base & VGA_BASE_MASK) << VGA_BASE_SHIFT;
        // HW: nouveau r535: a workspace that lies elsewhere than at the end is one that VGA does not use.
        return address >= last - MIB && address < hardware.fbBytes() ? address : last;
    }

    @Override
    public void start(StartMemory memory) {
        FbLayout layout = fb();
        memory.describe(Objects.requireNonNull(firmware), layout);
        runFwsec(Fwsec.Command.FRTS);
        int error = registers.read(Pbus.SW_SCRATCH_0E_FRTS_ERROR);
        require(error == 0, "FWSEC reports error 0x" + Integer.toHexString(error));
        require(registers.read(Pfb.WPR2_ADDR_HI) != 0, "FWSEC has made no protected region");
        long start = Integer.toUnsignedLong(registers.read(Pfb.WPR2_ADDR_LO_VAL)) << ADDRESS_SHIFT;
        require(start == layout.frts(), "protected region begins at 0x" + Long.toHexString(start));
        release(memory, memory.wprMeta());
    }

    @Override
    public void resume(StartMemory memory, long srMeta) {
        release(memory, srMeta);
    }

    /** Has the booter fill the region and start the GSP's core. */
    private void release(StartMemory memory, long meta) {
        gsp.resetToRiscv();
        gsp.mailboxes(memory.libosArguments());
        int result = runBooter(Objects.requireNonNull(load), meta);
        require(result == 0, "booter says 0x" + Integer.toHexString(result));
        gsp.write(
                Pfalcon.FALCON_OS, Objects.requireNonNull(firmware).bootloader().appVersion());
        registers.await(gsp.at(Pfalcon.RISCV_CPUCTL_ACTIVE_STAT), true, PATIENCE_NS);
    }

    @Override
    public void stop() {
        takeDown(BOOTER_UNLOAD);
    }

    @Override
    public void suspend(long srMeta) {
        takeDown(srMeta);
    }

    private void takeDown(long argument) {
        runFwsec(Fwsec.Command.SB);
        int error = registers.read(Pbus.SW_SCRATCH_15_SB_ERROR);
        require(error == 0, "FWSEC reports error 0x" + Integer.toHexString(error));
        if (registers.read(Pfb.WPR2_ADDR_HI) != 0) {
            int result = runBooter(Objects.requireNonNull(unload), argument);
            require(result == 0, "booter says 0x" + Integer.toHexString(result));
        }
        require(
                Waits.until(PATIENCE_NS, () -> registers.read(Pfb.WPR2_ADDR_HI) == 0),
                "protected region stays after the booter");
    }

    private void runFwsec(Fwsec.Command command) {
        Fwsec ucode = Objects.requireNonNull(fwsec);
        int version = fuseVersion(Fuse.OPT_FPF_GSP_UCODE_VERSION, ucode.ucodeId());
        gsp.reset();
        gsp.load(ucode.ucode(command, version, fb().frts(), FbLayout.FRTS_BYTES), hardware.dma());
        int result = gsp.run(0);
        require(result == 0, "FWSEC says 0x" + Integer.toHexString(result));
    }

    private int runBooter(Booter booter, long argument) {
        require((booter.engineIdMask() & ENGINE_SEC2) != 0, booter.name() + " is not for SEC2");
        int version = fuseVersion(Fuse.OPT_FPF_SEC2_UCODE_VERSION, booter.ucodeId());
        sec2.reset();
        sec2.load(booter.ucode(version), hardware.dma());
        return sec2.run(argument);
    }

    /** The highest bit that is set, counted from 1. */
    private int fuseVersion(RegArray fuses, int ucodeId) {
        require(ucodeId >= 1 && ucodeId <= fuses.count(), "there is no fuse of ucode " + ucodeId);
        return Integer.SIZE - Integer.numberOfLeadingZeros(registers.read(fuses.at(ucodeId - 1)) & FUSE_VERSION_MASK);
    }

    @Override
    public void laidOut(StaticInfo info) {
        // It is where this has put it.
    }

    @Override
    public long protectedBytes() {
        return fb().wprEnd() - fb().wprStart();
    }

    @Override
    public long nonWprHeap() {
        return fb().nonWprHeap();
    }

    @Override
    public long vgaWorkspaceBytes() {
        return hardware.fbBytes() - fb().vgaWorkspace();
    }

    private FbLayout fb() {
        return Objects.requireNonNull(fb);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new CoreException(CoreError.IO, "The GPU does not start or stop: " + what);
        }
    }
}
