package dev.nacre.board.falcon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.rom.FwsecImage;
import dev.nacre.board.rom.Vbios;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.BootLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** FWSEC and the booter, driven as drivers do. */
class BootTest {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int IMAGE = 0x1000;
    private static final int META = 0x8000;
    private static final long META_IOVA = FalconRig.GUEST_BASE + META;
    private static final long LIBOS_IOVA = 0x7_0000_1000L;
    private static final long FRTS_START = 0x7fe0_0000L;
    private static final long WPR_START = 0x7830_0000L;
    private static final long WPR_END = 0x7ff0_0000L;
    // Where the synthetic VBIOS keeps FWSEC: behind base image, header, descriptor and signature.
    private static final int ROM_IMEM = 0x1000 + 0x100 + 0x2c + 384;

    private final FalconRig rig = new FalconRig();
    private final Falcon gsp = rig.gsp.falcon();
    private final Falcon sec2 = rig.sec2.falcon();

    @BeforeEach
    void loadImage() {
        byte[] rom = Vbios.build(Chip.AD102);
        MemorySegment.copy(rom, ROM_IMEM, rig.guestBytes, ValueLayout.JAVA_BYTE, IMAGE, 0xa00);
    }

    @Test
    void frtsPutsUpTheRegionThatTheDriverAskedFor() {
        assertThat(rig.memory.isWpr2Up()).isFalse();

        runFwsec(FwsecImage.CMD_FRTS, FRTS_START, 0x10_0000);

        assertThat(FalconRig.mailbox0(gsp)).isZero();
        assertThat(rig.pbus.registers().read(0x1438) >>> 16).isZero();
        assertThat(rig.memory.mmu().read(0x1fa824)).isEqualTo((int) (FRTS_START >> 12 << 4));
        assertThat(rig.memory.mmu().read(0x1fa828)).isEqualTo((int) ((FRTS_START + 0xe0000) >> 12 << 4));
        assertThat(FalconRig.read(gsp, 0x008) & 0x10).isEqualTo(0x10);
    }

    @Test
    void frtsIsRefusedWhileARegionIsUp() {
        runFwsec(FwsecImage.CMD_FRTS, FRTS_START, 0x10_0000);

        runFwsec(FwsecImage.CMD_FRTS, FRTS_START - 0x10_0000, 0x10_0000);

        assertThat(rig.pbus.registers().read(0x1438) >>> 16).isEqualTo(FwsecProgram.ERROR_WPR2_UP);
        assertThat(rig.memory.mmu().read(0x1fa824)).isEqualTo((int) (FRTS_START >> 12 << 4));
    }

    @Test
    void frtsOutsideTheMemoryIsRefused() {
        runFwsec(FwsecImage.CMD_FRTS, FalconRig.FB_BYTES - 0x8_0000, 0x10_0000);
        assertThat(rig.pbus.registers().read(0x1438) >>> 16).isEqualTo(FwsecProgram.ERROR_REGION);

        runFwsec(FwsecImage.CMD_FRTS, FRTS_START, 0x1000);
        assertThat(rig.pbus.registers().read(0x1438) >>> 16).isEqualTo(FwsecProgram.ERROR_REGION);
        assertThat(rig.memory.isWpr2Up()).isFalse();
    }

    @Test
    void anErrorIsGoneAfterTheNextSuccess() {
        runFwsec(FwsecImage.CMD_FRTS, FRTS_START, 0x1000);

        runFwsec(FwsecImage.CMD_FRTS, FRTS_START, 0x10_0000);

        assertThat(rig.pbus.registers().read(0x1438)).isZero();
    }

    @Test
    void anUnknownCommandIsAnError() {
        runFwsec(0x77, 0, 0);

        assertThat(FalconRig.mailbox0(gsp)).isEqualTo(FwsecProgram.ERROR_COMMAND);
        assertThat(rig.pbus.registers().read(0x1438) >>> 16).isEqualTo(FwsecProgram.ERROR_COMMAND);
        assertThat(rig.pbus.registers().read(0x1454) & 0xffff).isEqualTo(FwsecProgram.ERROR_COMMAND);
    }

    @Test
    void anyDataMemoryWhateverIsSurvived() {
        Random random = new Random(7);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[0x800];
            random.nextBytes(bytes);
            if (i % 2 == 0) {
                // A sound interface table with a wild DMEMMAPPER.
                System.arraycopy(new byte[] {1, 4, 8, 1, 4, 0, 0, 0}, 0, bytes, 0x100, 8);
            }
            MemorySegment.copy(bytes, 0, rig.guestBytes, ValueLayout.JAVA_BYTE, IMAGE + 0x200, bytes.length);
            FalconRig.reset(gsp);
            FalconRig.load(gsp, FalconRig.GUEST_BASE + IMAGE, 0x200, 0x800);

            FalconRig.start(gsp);
        }

        assertThat(rig.memory.isWpr2Up()).isFalse();
        assertThat(gsp.faults()).isZero();
    }

    @Test
    void theBooterStartsTheFirmware() {
        boot();

        assertThat(FalconRig.mailbox0(sec2)).isZero();
        assertThat(rig.firmwareCalls)
                .containsExactly("boot " + Long.toHexString(META_IOVA) + " " + Long.toHexString(LIBOS_IOVA));
        assertThat(FalconRig.read(gsp, 0x1388)).isEqualTo(0x80);
        assertThat(rig.memory.mmu().read(0x1fa824)).isEqualTo((int) (WPR_START >> 12 << 4));
        assertThat(rig.memory.mmu().read(0x1fa828)).isEqualTo((int) ((WPR_END - 0x20000) >> 12 << 4));
    }

    @Test
    void theDoorbellReachesTheFirmwareByItsFirstQueueOnly() {
        FalconRig.write(gsp, 0xc00, 0);
        FalconRig.write(gsp, 0xc08, 0);

        assertThat(rig.firmwareCalls).containsExactly("doorbell");
    }

    @Test
    void unloadStopsTheFirmwareAndTakesTheRegionDown() {
        boot();
        FalconRig.reset(gsp);
        runFwsec(FwsecImage.CMD_SB, 0, 0);
        assertThat(rig.pbus.registers().read(0x1454) & 0xffff).isZero();

        runBooter(BooterProgram.UNLOAD);

        assertThat(FalconRig.mailbox0(sec2)).isZero();
        assertThat(rig.memory.mmu().read(0x1fa824)).isZero();
        assertThat(rig.memory.mmu().read(0x1fa828)).isZero();
        assertThat(rig.firmwareCalls)
                .endsWith("halt")
                .filteredOn("halt"::equals)
                .hasSize(1);
        assertThat(FalconRig.read(gsp, 0x1388)).isEqualTo(0x10);
    }

    @Test
    void aBoardCanBeBootedAgainAfterAnUnload() {
        boot();
        runBooter(BooterProgram.UNLOAD);

        boot();

        assertThat(rig.firmwareCalls)
                .filteredOn(call -> call.startsWith("boot"))
                .hasSize(2);
        assertThat(FalconRig.read(gsp, 0x1388)).isEqualTo(0x80);
    }

    @Test
    void aSuspendedFirmwareGoesOnInItsOldRegion() {
        boot();
        rig.guestBytes.set(LONG, META, BootLayout.SR_META_MAGIC);

        runBooter(META_IOVA);
        assertThat(rig.memory.isWpr2Up()).isFalse();
        runBooter(META_IOVA);

        assertThat(FalconRig.mailbox0(sec2)).isZero();
        assertThat(rig.firmwareCalls).endsWith("halt", "resume " + Long.toHexString(META_IOVA));
        assertThat(rig.memory.mmu().read(0x1fa824)).isEqualTo((int) (WPR_START >> 12 << 4));
        assertThat(FalconRig.read(gsp, 0x1388)).isEqualTo(0x80);
    }

    @Test
    void nothingCanGoOnThatWasNotSuspended() {
        rig.guestBytes.set(LONG, META, BootLayout.SR_META_MAGIC);

        runBooter(META_IOVA);

        assertThat(FalconRig.mailbox0(sec2)).isEqualTo(BooterProgram.ERROR_STATE);
        assertThat(rig.firmwareCalls).isEmpty();
    }

    @Test
    void aSecondStartIsRefused() {
        boot();

        runBooter(META_IOVA);

        assertThat(FalconRig.mailbox0(sec2)).isEqualTo(BooterProgram.ERROR_STATE);
        assertThat(rig.firmwareCalls).hasSize(1);
    }

    @Test
    void badDescriptionsAreRefused() {
        writeMeta(WPR_START, WPR_END);
        rig.guestBytes.set(LONG, META, 1L);
        runBooter(META_IOVA);
        assertThat(FalconRig.mailbox0(sec2)).isEqualTo(BooterProgram.ERROR_META);

        runBooter(0xffff_ffff_ffff_fff8L);
        assertThat(FalconRig.mailbox0(sec2)).isEqualTo(BooterProgram.ERROR_MEMORY);

        writeMeta(WPR_START, FalconRig.FB_BYTES + 1);
        runBooter(META_IOVA);
        assertThat(FalconRig.mailbox0(sec2)).isEqualTo(BooterProgram.ERROR_REGION);

        writeMeta(Long.MIN_VALUE, Long.MAX_VALUE);
        runBooter(META_IOVA);
        assertThat(FalconRig.mailbox0(sec2)).isEqualTo(BooterProgram.ERROR_REGION);
        assertThat(rig.firmwareCalls).isEmpty();
        assertThat(rig.memory.isWpr2Up()).isFalse();
    }

    @Test
    void aDescriptionThatEndsWithTheGuestsMemoryIsAFault() {
        long last = FalconRig.GUEST_BASE + FalconRig.GUEST_BYTES - 8;
        rig.guestBytes.set(LONG, FalconRig.GUEST_BYTES - 8, BootLayout.WPR_META_MAGIC);

        runBooter(last);

        assertThat(FalconRig.mailbox0(sec2)).isEqualTo(BooterProgram.ERROR_MEMORY);
    }

    @Test
    void aRestoredBoosterKnowsThatTheFirmwareRuns() {
        boot();
        StateWriter saved = new StateWriter();
        rig.booter.save(saved);
        rig.booter.reset();

        rig.booter.restore(new StateReader(saved.toByteArray()));
        runBooter(META_IOVA);

        assertThat(FalconRig.mailbox0(sec2)).isEqualTo(BooterProgram.ERROR_STATE);
    }

    private void boot() {
        runFwsec(FwsecImage.CMD_FRTS, FRTS_START, 0x10_0000);
        FalconRig.reset(gsp);
        FalconRig.write(gsp, 0x1668, 0x111);
        FalconRig.mailboxes(gsp, LIBOS_IOVA);
        writeMeta(WPR_START, WPR_END);
        runBooter(META_IOVA);
    }

    private void writeMeta(long start, long end) {
        rig.guestBytes.set(LONG, META, BootLayout.WPR_META_MAGIC);
        rig.guestBytes.set(LONG, META + BootLayout.WPR_REVISION, BootLayout.WPR_META_REVISION);
        rig.guestBytes.set(LONG, META + BootLayout.GSP_FW_WPR_START, start);
        rig.guestBytes.set(LONG, META + BootLayout.GSP_FW_WPR_END, end);
    }

    private void runBooter(long argument) {
        FalconRig.reset(sec2);
        FalconRig.load(sec2, FalconRig.GUEST_BASE + 0x2000, 0x300, 0x200);
        FalconRig.mailboxes(sec2, argument);
        FalconRig.start(sec2);
    }

    /** Patches data memory as drivers do, finding their way by the interface table. */
    private void runFwsec(int command, long address, long size) {
        int dmem = IMAGE + 0x200;
        int table = dmem + FwsecImage.INTERFACE_OFFSET;
        int entry = table + 4;
        while (rig.guestBytes.get(INT, entry) != 4) {
            entry += 8;
        }
        int mapper = dmem + rig.guestBytes.get(INT, entry + 4);
        rig.guestBytes.set(INT, mapper + 0x2c, command);
        int buffer = dmem + rig.guestBytes.get(INT, mapper + 8);
        int[] words = {1, 24, 0, 0, 0, 2, 1, 20, (int) (address >> 12), (int) (size >> 12), 2};
        for (int i = 0; i < words.length; i++) {
            rig.guestBytes.set(INT, buffer + 4 * i, words[i]);
        }
        FalconRig.reset(gsp);
        FalconRig.load(gsp, FalconRig.GUEST_BASE + IMAGE, 0x200, 0x800);
        FalconRig.mailboxes(gsp, 0);
        FalconRig.start(gsp);
    }
}
