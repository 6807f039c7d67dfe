package dev.nacre.corejava.boot;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.corejava.falcon.Falcon;
import dev.nacre.corejava.firmware.Fmc;
import dev.nacre.corejava.firmware.GspFirmware;
import dev.nacre.corejava.gsp.FbLayout;
import dev.nacre.corejava.gsp.StartMemory;
import dev.nacre.corejava.gsp.StaticInfo;
import dev.nacre.corejava.io.Registers;
import dev.nacre.corejava.io.Waits;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.fsp.FmcBootParams;
import dev.nacre.hw.fsp.FspCot;
import dev.nacre.hw.fsp.FspPacket;
import dev.nacre.hw.gsp.BootLayout;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Therm;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hopper and Blackwell: one message has the FSP verify GSP-FMC and start it, which divides the GPU's memory, makes the
 * protected region and starts the GSP's firmware.
 */
final class FspStarter implements GspStarter {
    private static final long FRTS_ALIGN = 2 << 20;
    private static final long VGA_WORKSPACE_BYTES = 128 << 10;

    // HW: what a register reads as long as only the boot ROM may use the unit
    private static final int LOCKED = 0xbadf_4100;
    private static final int LOCKED_MASK = ~0xff;

    // TIMEOUT: drivers allow 4 s for each.
    private static final long PATIENCE_NS = 10_000_000_000L;

    private final Hardware hardware;
    private final FirmwareSource source;
    private final Registers registers;
    private final Falcon gsp;
    private final FspCot cot;
    private @Nullable GspFirmware firmware;
    private @Nullable Fmc fmc;
    private DmaMemory.@Nullable Buffer image;
    private DmaMemory.@Nullable Buffer parameters;
    private StartMemory.@Nullable Shares shares;
    private long nonWprHeap;
    private long frts;

    FspStarter(Hardware hardware, FirmwareSource source) {
        this.hardware = hardware;
        this.source = source;
        this.registers = hardware.registers();
        this.gsp = hardware.gsp();
        this.cot = FspCot.of(hardware.hal().chip()).orElseThrow();
    }

    @Override
    public void awaitPowerOn() {
        Reg complete = hardware.hal().places().fspBootComplete().orElseThrow();
        registers.await(complete, "the FSP has booted", PATIENCE_NS, raw -> (raw & 0xff) == Therm.FSP_BOOT_COMPLETE);
    }

    @Override
    public boolean isClean() {
        int state = gsp.read(Pfalcon.RISCV_CPUCTL);
        return (state & LOCKED_MASK) == LOCKED || !Pfalcon.RISCV_CPUCTL_ACTIVE_STAT.get(state);
    }

    @Override
    public void prepare(GspFirmware chosen, int virtualFunctions) {
        firmware = chosen;
        Fmc parsed = Fmc.parse(chosen.companion(source, hardware.hal().chip().id(), "fmc"), cot);
        fmc = parsed;
        DmaMemory.Buffer loaded = hardware.dma().allocate(parsed.image().size());
        MemorySegment.copy(
                MemorySegment.ofArray(parsed.image().copy()),
                0,
                loaded.segment(),
                0,
                parsed.image().size());
        image = loaded;
        parameters = hardware.dma().allocate(FmcBootParams.BYTES);
        FbLayout.Sizes sizes = new FbLayout.Sizes(
                hardware.fbBytes(),
                hardware.fbBytes() - VGA_WORKSPACE_BYTES,
                chosen.bootloader().image().size(),
                chosen.image().size(),
                hardware.hal().heapBaseBytes(),
                hardware.hal().nonWprHeapBytes());
        shares = new StartMemory.Shares(
                hardware.hal().nonWprHeapBytes(),
                FbLayout.heapBytes(sizes, chosen.abi(), virtualFunctions),
                FbLayout.FRTS_BYTES,
                VGA_WORKSPACE_BYTES,
                hardware.hal().pmuReservedBytes(),
                FbLayout.vfPartitions(virtualFunctions));
    }

    @Override
    public void start(StartMemory memory) {
        memory.describe(Objects.requireNonNull(firmware), Objects.requireNonNull(shares));
        long reserved = hardware.hal().nonWprHeapBytes() + hardware.hal().pmuReservedBytes();
        boot(memory, memory.wprMeta(), BootLayout.WPR_META_BYTES, Math.ceilDiv(reserved, FRTS_ALIGN) * FRTS_ALIGN);
    }

    @Override
    public void resume(StartMemory memory, long srMeta) {
        boot(memory, srMeta, BootLayout.SR_META_BYTES, 0);
    }

    /**
     * Has the FSP start GSP-FMC.
     *
     * @param description address of what GSP-FMC is to start
     * @param bytes its size
     * @param frtsFromEnd where FRTS is to be, in bytes before the end of memory; 0 where it was before a suspend
     */
    private void boot(StartMemory memory, long description, int bytes, long frtsFromEnd) {
        DmaMemory.Buffer arguments = Objects.requireNonNull(parameters);
        byte[] content = new WireStruct(FmcBootParams.BYTES)
                .put32(FmcBootParams.BOOT_TARGET, FmcBootParams.TARGET_COHERENT_SYSTEM)
                .put32(FmcBootParams.GSP_RM_DESC_SIZE, bytes)
                .put64(FmcBootParams.GSP_RM_DESC_OFFSET, description)
                .put8(FmcBootParams.IS_GSP_RM_BOOT, 1)
                .put32(FmcBootParams.RM_TARGET, FmcBootParams.TARGET_NONCOHERENT_SYSTEM)
                .put64(FmcBootParams.RM_BOOT_ARGS_OFFSET, memory.libosArguments())
                .bytes();
        MemorySegment.copy(MemorySegment.ofArray(content), 0, arguments.segment(), 0, content.length);
        new FspMessages(registers).send(FspPacket.NVDM_TYPE_COT, chainOfTrust(arguments.iova(), frtsFromEnd));
        awaitRelease(arguments.iova());
        gsp.write(
                Pfalcon.FALCON_OS, Objects.requireNonNull(firmware).bootloader().appVersion());
        registers.await(gsp.at(Pfalcon.RISCV_CPUCTL_ACTIVE_STAT), true, PATIENCE_NS);
    }

    private byte[] chainOfTrust(long arguments, long frtsFromEnd) {
        Fmc file = Objects.requireNonNull(fmc);
        WireStruct payload = new WireStruct(FspCot.BYTES)
                // Version and size, 16 bits each.
                .put32(FspCot.VERSION, FspCot.BYTES << Short.SIZE | cot.version())
                .put64(
                        FspCot.GSP_FMC_SYSMEM_OFFSET,
                        Objects.requireNonNull(image).iova())
                .put(FspCot.HASH384, file.hash().copy())
                .put(FspCot.PUBLIC_KEY, file.publicKey().copy())
                .put(FspCot.SIGNATURE, file.signature().copy())
                .put64(FspCot.GSP_BOOT_ARGS_SYSMEM_OFFSET, arguments);
        if (frtsFromEnd != 0) {
            payload.put64(FspCot.FRTS_VIDMEM_OFFSET, frtsFromEnd);
            payload.put32(FspCot.FRTS_VIDMEM_SIZE, (int) FbLayout.FRTS_BYTES);
        }
        return payload.bytes();
    }

    /** Waits until GSP-FMC lets the driver at the GSP again, or reports an error. */
    private void awaitRelease(long arguments) {
        if (!Waits.until(PATIENCE_NS, () -> isReleased(arguments))) {
            registers.requirePresent();
            throw new CoreException(CoreError.TIMED_OUT, "GSP-FMC does not start");
        }
        int error = gsp.read(Pfalcon.FALCON_MAILBOX0);
        if (isError(error, arguments)) {
            throw new CoreException(CoreError.IO, "GSP-FMC does not start: error=0x" + Integer.toHexString(error));
        }
    }

    private boolean isReleased(long arguments) {
        int mailbox = gsp.read(Pfalcon.FALCON_MAILBOX0);
        if ((mailbox & LOCKED_MASK) == LOCKED) {
            return false;
        }
        return isError(mailbox, arguments)
                || !Pfalcon.FALCON_HWCFG2_RISCV_BR_PRIV_LOCKDOWN.get(gsp.read(Pfalcon.FALCON_HWCFG2));
    }

    // HW: until it has read them, the address of its arguments is in the mailboxes.
    private boolean isError(int mailbox, long arguments) {
        long both = Integer.toUnsignedLong(mailbox)
                | Integer.toUnsignedLong(gsp.read(Pfalcon.FALCON_MAILBOX1)) << Integer.SIZE;
        return mailbox != 0 && both != arguments;
    }

    @Override
    public void stop() {
        registers.await(gsp.at(Pfalcon.RISCV_CPUCTL_HALTED), true, PATIENCE_NS);
    }

    @Override
    public void suspend(long srMeta) {
        // HW: the firmware saves itself, where RM was told.
        stop();
    }

    @Override
    public void laidOut(StaticInfo info) {
        nonWprHeap = info.nonWprHeap();
        frts = info.frts();
        if (frts < nonWprHeap + hardware.hal().nonWprHeapBytes()) {
            throw new CoreException(
                    CoreError.IO,
                    "The firmware's memory is laid out impossibly: heap=0x" + Long.toHexString(nonWprHeap) + " frts=0x"
                            + Long.toHexString(frts));
        }
    }

    @Override
    public long protectedBytes() {
        return frts + FbLayout.FRTS_BYTES - nonWprHeap - hardware.hal().nonWprHeapBytes();
    }

    @Override
    public long nonWprHeap() {
        return nonWprHeap;
    }

    @Override
    public long vgaWorkspaceBytes() {
        return VGA_WORKSPACE_BYTES;
    }
}
