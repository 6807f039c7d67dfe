package dev.nacre.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.rom.FwsecImage;
import dev.nacre.board.rom.Vbios;
import dev.nacre.board.vgpu.GuestGpuSpec;
import dev.nacre.board.vgpu.GuestGpuType;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.BootLayout;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Replays what nouveau did on a working board, register by register, up to the start of the GSP. */
class BootHandshakeTest {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    // Bus addresses in the recording: FWSEC's data, the booter's image, the description of the firmware's memory.
    private static final long FWSEC_PAGE = 0x380_9000L;
    private static final int FWSEC_DATA = 0x400;
    private static final long BOOTER = 0x39d_0000L;
    private static final long META = 0x81d_9000L;
    private static final long FRTS_START = 0x7fe0_0000L;

    @Test
    void everyStepUpToTheGspsStartIsAnsweredAsRecorded() throws Exception {
        try (BoardRig rig = new BoardRig()) {
            replay(rig);

            assertThat(rig.board.faults()).containsEntry("falcon transfer reached nothing", 0L);
            assertThat(rig.board.unknownRegisters())
                    .extracting(UnknownRegister::address)
                    .isSubsetOf(0x625f04);
            assertThat(rig.board.drain(TimeUnit.SECONDS.toNanos(30))).isTrue();
        }
    }

    @Test
    void aGuestsGpuBootsAsAWholeBoardDoes() throws Exception {
        try (VfRig rig = new VfRig()) {
            rig.show(2);
            Chip chip = Chip.AD102;
            GuestGpuType type =
                    new GuestGpuType(chip.productName(), chip.deviceId(), chip.subsystemId(), 1, 0, 0, 0, 256 << 20, 4);
            FunctionRig guest =
                    rig.started(new GuestGpuSpec(2, new UUID(1, 2), 4 * VfRig.GIB, BoardRig.FB_BYTES, 512, type));

            replay(guest);
        }
    }

    private static void replay(FunctionRig rig) throws Exception {
        prepareMemory(rig);
        int line = 0;
        for (String access : recording()) {
            line++;
            String[] words = access.split(" ");
            int address = Integer.parseInt(words[1], 16);
            if (words[0].equals("W")) {
                rig.write(address, Integer.parseUnsignedInt(words[2], 16));
            } else {
                int value = rig.read(address);
                if (!words[2].equals("?")) {
                    assertThat(String.format(java.util.Locale.ROOT, "%08x", value))
                            .as("line %d: %s", line, access)
                            .isEqualTo(words[2]);
                }
            }
        }

        assertThat(rig.read(0x840100) & 0x10).isEqualTo(0x10);
        assertThat(rig.read(0x840040)).as("result of the booter").isZero();
        assertThat(rig.read(0x1fa824) >>> 4).isEqualTo((int) (0x7830_0000L >> 12));
        assertThat(rig.read(0x111388)).isEqualTo(0x80);
    }

    private static void prepareMemory(FunctionRig rig) {
        MemorySegment fwsec = rig.map(FWSEC_PAGE, 0x1000);
        rig.map(BOOTER, 0x10000);
        MemorySegment meta = rig.map(META, 0x1000);
        byte[] rom = Vbios.build(Chip.AD102);
        int romData = 0x1000 + 0x100 + 0x2c + 384 + 0x200;
        MemorySegment.copy(rom, romData, fwsec, ValueLayout.JAVA_BYTE, FWSEC_DATA, 0x800);
        int entry = FWSEC_DATA + FwsecImage.INTERFACE_OFFSET + 4 + 8;
        int mapper = FWSEC_DATA + fwsec.get(INT, entry + 4);
        fwsec.set(INT, mapper + FwsecImage.DMEMMAPPER_INIT_CMD, FwsecImage.CMD_FRTS);
        int region = FWSEC_DATA
                + fwsec.get(INT, mapper + FwsecImage.DMEMMAPPER_CMD_IN_BUFFER_OFFSET)
                + FwsecImage.FRTS_REGION_OFFSET;
        fwsec.set(INT, region + FwsecImage.FRTS_REGION_ADDRESS, (int) (FRTS_START >> 12));
        fwsec.set(INT, region + FwsecImage.FRTS_REGION_SIZE, 0x100);
        fwsec.set(INT, region + FwsecImage.FRTS_REGION_TYPE, FwsecImage.FRTS_REGION_TYPE_FB);
        meta.set(LONG, 0, BootLayout.WPR_META_MAGIC);
        meta.set(LONG, BootLayout.WPR_REVISION, BootLayout.WPR_META_REVISION);
        meta.set(LONG, BootLayout.GSP_FW_WPR_START, 0x7830_0000L);
        meta.set(LONG, BootLayout.GSP_FW_WPR_END, 0x7ff0_0000L);
    }

    private static List<String> recording() throws Exception {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(
                        BootHandshakeTest.class.getResourceAsStream("nouveau-7.2-ad102-boot.txt"),
                        "the recording is missing"),
                StandardCharsets.UTF_8))) {
            return in.lines().filter(line -> !line.startsWith("#")).toList();
        }
    }
}
