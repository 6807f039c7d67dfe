package dev.nacre.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import java.io.ByteArrayInputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BoardTest {
    private static final int PRAMIN = 0x700000;
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(30);

    private final BoardRig rig = new BoardRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @EnumSource(Chip.class)
    void theFunctionIsWhatDriversMatch(Chip chip) {
        try (BoardRig other = new BoardRig(BoardConfig.of(chip))) {
            assertThat(other.config(0)).isEqualTo(chip.deviceId() << 16 | 0x10de);
            assertThat(other.config(8)).isEqualTo(BoardConfig.maxHeads(chip) > 0 ? 0x030000a1 : 0x030200a1);
            assertThat(other.config(0x2c)).isEqualTo(chip.subsystemId() << 16 | 0x10de);
            assertThat(other.read(0)).isEqualTo(chip.boot0());
            assertThat(other.read(4)).isZero();
            assertThat(other.read(0xa00)).isEqualTo(chip.boot42());
        }
    }

    @Test
    void regionsAreThoseOfTheLayout() {
        assertThat(rig.board.region(0)).isEqualTo(Region.readWrite(16 << 20));
        assertThat(rig.board.region(1)).isEqualTo(Region.readWrite(256 << 20));
        assertThat(rig.board.region(2)).isEqualTo(Region.ABSENT);
        assertThat(rig.board.region(3)).isEqualTo(Region.readWrite(32 << 20));
        assertThat(rig.board.region(4)).isEqualTo(Region.ABSENT);
        assertThat(rig.board.region(5)).isEqualTo(Region.readWrite(128));
        assertThat(rig.board.region(6)).isEqualTo(Region.ABSENT);
        assertThat(rig.board.region(PciFunction.CONFIG_REGION)).isEqualTo(Region.readWrite(4096));
        assertThat(rig.board.region(8)).isEqualTo(Region.ABSENT);
    }

    @Test
    void capabilitiesAreWhereDriversFoundThem() {
        assertThat(rig.config(0x34) & 0xff).isEqualTo(0x60);
        assertThat(rig.config(0x60) & 0xffff).isEqualTo(0x6801);
        assertThat(rig.config(0x68) & 0xffff).isEqualTo(0x7805);
        assertThat(rig.config(0x68) >>> 16 & 0x80).isEqualTo(0x80);
        assertThat(rig.config(0x78) & 0xffff).isEqualTo(0x0010);
        assertThat(rig.config(0x7c) & 1 << 28).isEqualTo(1 << 28);
        assertThat(rig.config(0x3c) >>> 8 & 0xff).isZero();
    }

    @Test
    void aBoardWithoutHeadsIsA3dControllerWithItsDisplayFusedOff() {
        try (BoardRig headless = new BoardRig(new BoardConfig(Chip.AD102, BoardRig.FB_BYTES, 0))) {
            assertThat(headless.config(8)).isEqualTo(0x030200a1);
            assertThat(headless.read(0x820c04)).isEqualTo(1);
        }
        assertThat(rig.read(0x820c04)).isZero();
    }

    @Test
    void nothingAnswersUntilMemoryIsDecoded() {
        rig.configWrite(4, 0);
        rig.write(0x1438, 5);

        assertThat(rig.read(0)).isEqualTo(-1);
        rig.enable();
        assertThat(rig.read(0)).isEqualTo(Chip.AD102.boot0());
        assertThat(rig.read(0x1438)).isZero();
    }

    @Test
    void ioPortsReadOnesAndSwallowWrites() {
        rig.write(5, 0, 1);

        assertThat(rig.read(5, 0)).isEqualTo(-1);
    }

    @Test
    void configSpaceIsMirrored() {
        assertThat(rig.read(0x88000)).isEqualTo(rig.config(0));
        assertThat(rig.read(0x88078)).isEqualTo(rig.config(0x78));
    }

    @Test
    void pramInAndBothBarsShowTheSameMemoryBeforeThereArePageTables() {
        rig.write(0x1700, 1);
        rig.write(PRAMIN + 0x10, 0x1234_5678);

        assertThat(rig.read(1, 0x1_0010)).isEqualTo(0x1234_5678);
        assertThat(rig.read(3, 0x1_0010)).isEqualTo(0x1234_5678);
    }

    @ParameterizedTest
    @EnumSource(
            value = Chip.class,
            names = {"GB202", "GH100"})
    void registersThatHaveMovedAreAtTheirLaterPlaces(Chip chip) {
        try (BoardRig other = new BoardRig(BoardConfig.of(chip))) {
            other.write(0x1700, 2);
            other.write(0x10fd40, 0xff80_0001);
            other.write(PRAMIN + 0x10, 0x1234_5678);

            assertThat(other.read(1, 0x1_0010)).isEqualTo(0x1234_5678);
            assertThat(other.read(0x10fd40)).isEqualTo(1);
            assertThat(other.read(0x92000)).isEqualTo(other.config(0));
            assertThat(other.read(0x1183a4)).isEqualTo(4096);
        }
    }

    @ParameterizedTest
    @CsvSource({"GB202, ad00bc, 8a1d58", "GH100, 0200bc, 100a34"})
    void eachChipHasItsOwnPlaces(Chip chip, String fspBootComplete, String flushAddress) {
        try (BoardRig other = new BoardRig(BoardConfig.of(chip))) {
            other.write(Integer.parseInt(flushAddress, 16), 0x1234_5000);

            assertThat(other.read(Integer.parseInt(fspBootComplete, 16))).isEqualTo(0xff);
            assertThat(other.read(Integer.parseInt(flushAddress, 16))).isEqualTo(0x1234_5000);
            assertThat(other.board.unknownRegisters()).isEmpty();
            other.board.reset();
            other.enable();
            assertThat(other.read(Integer.parseInt(flushAddress, 16))).isZero();
        }
    }

    @Test
    void copyEnginesOfGraphicsAreTold() {
        try (BoardRig other = new BoardRig(BoardConfig.of(Chip.GB202))) {
            assertThat(other.read(0x1040d8)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"GH100, 4096, 1, heads", "GB202, 4096, 5, heads", "GB202, 2048, 1, 4096M", "AD102, 1000, 1, 64M"})
    void aBoardThatAChipCannotHaveIsRefused(Chip chip, long fbMib, int heads, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BoardConfig(chip, fbMib << 20, heads))
                .withMessageContaining(said)
                .withMessageContaining(chip.id());
    }

    @ParameterizedTest
    @EnumSource(Chip.class)
    void stateOfEachChipIsTakenAgain(Chip chip) throws Exception {
        try (BoardRig first = new BoardRig(BoardConfig.of(chip));
                BoardRig second = new BoardRig(BoardConfig.of(chip))) {
            BoardStateTest.scribble(first, new Random(9), 2_000);
            byte[] state = BoardStateTest.saved(first);

            second.board.restore(new ByteArrayInputStream(state));

            assertThat(BoardStateTest.contents(BoardStateTest.saved(second))).isEqualTo(BoardStateTest.contents(state));
        }
    }

    @Test
    void theRomIsReadInOneSlice() {
        byte[] rom = new byte[1 << 20];

        rig.board.read(0, 0x300000, MemorySegment.ofArray(rom), 0, rom.length);

        assertThat(rom).startsWith(0x55, 0xaa);
        assertThat(rom[rom.length - 1]).isEqualTo((byte) 0xff);
    }

    @Test
    void theDriversInterruptSelfTestEndsInAMessage() {
        rig.write(0xb81200 + 16, -1);
        rig.write(0xb81608, 0xf);

        rig.write(0xb81640, 129);

        assertThat(rig.messages).hasValue(1);
        assertThat(rig.read(0xb81600)).isEqualTo(4);
        assertThat(rig.read(0xb81010)).isEqualTo(2);
    }

    @Test
    void copyEnginesHaveTwoRunlistsOfTheirOwn() {
        assertThat(rig.board.copyRunlists()).isEqualTo(2);
    }

    @Test
    void unmodelledRegistersAreListedWithTheirNames() {
        rig.read(0xb00000);
        rig.write(0xb00000, 7);

        assertThat(rig.board.unknownRegisters()).singleElement().satisfies(register -> {
            assertThat(register.address()).isEqualTo(0xb00000);
            assertThat(register.reads()).isOne();
            assertThat(register.writes()).isOne();
            assertThat(register.lastValue()).isEqualTo(7);
        });
    }

    @Test
    void afterAResetTheBoardIsAsItWasMade() throws Exception {
        Map<String, String> fresh;
        try (BoardRig other = new BoardRig()) {
            fresh = BoardStateTest.contents(BoardStateTest.saved(other));
        }
        BoardStateTest.scribble(rig, new Random(3), 5_000);
        rig.write(0x1700, 0x100);
        rig.write(PRAMIN, -1);

        rig.board.reset();

        rig.enable();
        assertThat(rig.read(PRAMIN)).isZero();
        assertThat(BoardStateTest.contents(BoardStateTest.saved(rig))).isEqualTo(fresh);
    }

    @Test
    void aFunctionLevelResetIsAResetButKeepsWhatMustSurvive() {
        rig.write(0x1438, 9);
        rig.write(0x1700, 3);
        rig.write(PRAMIN, 0x55aa);
        rig.configWrite(0x80, 0x8000);

        assertThat(rig.config(4) & 7).isZero();
        rig.enable();
        assertThat(rig.read(0x1438)).isZero();
        rig.write(0x1700, 3);
        assertThat(rig.read(PRAMIN)).isZero();
    }

    @Test
    void aBoardWhosePeerHasGoneIsReset() {
        rig.write(0x1438, 9);

        rig.board.disconnected();

        rig.enable();
        assertThat(rig.read(0x1438)).isZero();
    }

    @Test
    void anyAccessesWhateverAreSurvived() throws Exception {
        rig.map(0x10_0000, 0x10_0000);

        BoardStateTest.scribble(rig, new Random(11), 100_000);

        assertThat(rig.board.drain(DRAIN_NS)).isTrue();
        assertThat(rig.board.faults()).containsEntry("defects", 0L);
    }

    @Test
    void closingTwiceIsHarmless() {
        rig.board.close();

        rig.board.close();
    }

    @Test
    void largeReadsOfAnyRangeAreAnswered() {
        byte[] all = new byte[1 << 20];
        Random random = new Random(5);
        for (int i = 0; i < 20; i++) {
            int at = random.nextInt((16 << 20) - all.length);
            rig.board.read(0, at, MemorySegment.ofArray(all), 0, all.length);
        }

        rig.board.read(0, 0, MemorySegment.ofArray(all), 0, all.length);
        assertThat(Arrays.copyOf(all, 4)).containsExactly(0xa1, 0x00, 0x20, 0x19);
    }
}
