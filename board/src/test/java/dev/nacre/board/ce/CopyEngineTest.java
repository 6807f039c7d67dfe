package dev.nacre.board.ce;

import static dev.nacre.board.ce.CopyFixture.BASE;
import static dev.nacre.board.mmu.MmuFixture.SYSTEM_BASE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nacre.board.mmu.MmuFault;
import dev.nacre.board.mmu.PageTables;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.mmu.FaultType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyEngineTest {
    private static final int NON_PIPELINED = 2;
    private static final int PITCH_TO_PITCH = 0x180;
    private static final int MULTI_LINE = 0x200;
    private static final int REMAP = 0x400;
    private static final int COPY = NON_PIPELINED | PITCH_TO_PITCH;
    private static final long SEM = BASE + 0x8000;

    private final CopyFixture fixture = new CopyFixture(1);

    @Test
    void movesOfTheKernelCopyWholePages() {
        fixture.source(BASE).destination(BASE + 0x80000);
        fixture.set(Nvc7b5.PITCH_IN, 0x1000).set(Nvc7b5.PITCH_OUT, 0x1000);
        fixture.set(Nvc7b5.LINE_LENGTH_IN, 0x1000).set(Nvc7b5.LINE_COUNT, 0x20);

        fixture.launch(0x386);

        assertThat(fixture.content(0x80000, 0x20000)).isEqualTo(model(0, 0x20000));
        assertThat(fixture.engine.bytes()).isEqualTo(0x20000);
        assertThat(fixture.engine.launches()).isEqualTo(1);
    }

    @Test
    void withoutMultiLineOnlyOneLineIsCopied() {
        fixture.source(BASE).destination(BASE + 0x80000);
        fixture.set(Nvc7b5.PITCH_IN, 100).set(Nvc7b5.PITCH_OUT, 100);
        fixture.set(Nvc7b5.LINE_LENGTH_IN, 100).set(Nvc7b5.LINE_COUNT, 9);

        fixture.launch(COPY);

        assertThat(fixture.content(0x80000, 100)).isEqualTo(model(0, 100));
        assertThat(fixture.content(0x80000 + 100, 800)).isEqualTo(model(0x80000 + 100, 800));
    }

    @Test
    void negativePitchTurnsPicturesUpsideDown() {
        fixture.source(BASE + 300).destination(BASE + 0x80000);
        fixture.set(Nvc7b5.PITCH_IN, -100).set(Nvc7b5.PITCH_OUT, 100);
        fixture.set(Nvc7b5.LINE_LENGTH_IN, 100).set(Nvc7b5.LINE_COUNT, 4);

        fixture.launch(COPY | MULTI_LINE);

        for (int line = 0; line < 4; line++) {
            assertThat(fixture.content(0x80000 + 100 * line, 100)).isEqualTo(model(300 - 100 * line, 100));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 700, 4096, 5000})
    void overlappingCopyGoesUpwards(int distance) {
        fixture.source(BASE).destination(BASE + distance).set(Nvc7b5.LINE_LENGTH_IN, 0x3000);
        byte[] expected = fixture.model.clone();
        for (int i = 0; i < 0x3000; i++) {
            expected[i + distance] = expected[i];
        }

        fixture.launch(COPY);

        assertThat(fixture.content()).isEqualTo(expected);
    }

    @Test
    void overlappingCopyDownwardsIsExact() {
        fixture.source(BASE + 700).destination(BASE).set(Nvc7b5.LINE_LENGTH_IN, 0x3000);

        fixture.launch(COPY);

        assertThat(fixture.content(0, 0x3000)).isEqualTo(model(700, 0x3000));
    }

    @Test
    void launchWithoutTransferOnlyReleases() {
        fixture.source(BASE).destination(BASE + 0x80000).set(Nvc7b5.LINE_LENGTH_IN, 100);

        fixture.semaphore(SEM, 7).launch(0x188);

        assertThat(fixture.content(0x80000, 100)).isEqualTo(model(0x80000, 100));
        assertThat(fixture.space.readInt(SEM)).isEqualTo(7);
    }

    @Test
    void emptyLinesAreDoneAtOnceHoweverMany() {
        fixture.source(BASE).destination(BASE).set(Nvc7b5.LINE_LENGTH_IN, 0).set(Nvc7b5.LINE_COUNT, -1);

        fixture.semaphore(SEM, 7).launch(COPY | MULTI_LINE | 8);

        assertThat(fixture.space.readInt(SEM)).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "2, 0", "0, 1", "1, 2"})
    void physicalAddressesReachEitherMemory(int source, int destination) {
        fixture.memory.vram.writeLong(0x40_0000, 0x1111_2222_3333_4444L);
        fixture.memory.guest.writeLong(SYSTEM_BASE + 0x40_0000, 0x5555_6666_7777_8888L);
        fixture.source(0x40_0000 + (source == 0 ? 0 : SYSTEM_BASE));
        fixture.destination(0x50_0000 + (destination == 0 ? 0 : SYSTEM_BASE));
        fixture.set(Nvc7b5.SET_SRC_PHYS_MODE, source).set(Nvc7b5.SET_DST_PHYS_MODE, destination);

        fixture.set(Nvc7b5.LINE_LENGTH_IN, 8).launch(COPY | 0x3000);

        long copied = destination == 0
                ? fixture.memory.vram.readLong(0x50_0000)
                : fixture.memory.guest.readLong(SYSTEM_BASE + 0x50_0000);
        assertThat(copied).isEqualTo(source == 0 ? 0x1111_2222_3333_4444L : 0x5555_6666_7777_8888L);
    }

    @Test
    void peerMemoryIsAnError() {
        fixture.source(0).destination(0).set(Nvc7b5.SET_SRC_PHYS_MODE, 3).set(Nvc7b5.LINE_LENGTH_IN, 1);

        assertThatThrownBy(() -> fixture.launch(COPY | 0x1000)).isInstanceOf(CopyError.class);
    }

    @Test
    void physicalAddressBeyondVideoMemoryFaults() {
        fixture.source(16 << 20).destination(BASE).set(Nvc7b5.LINE_LENGTH_IN, 1);

        MmuFault fault = catchThrowableOfType(MmuFault.class, () -> fixture.launch(COPY | 0x1000));

        assertThat(fault.type()).isEqualTo(FaultType.REGION_VIOLATION);
    }

    @Test
    void sparseSourceGivesZerosAndSparseDestinationSwallows() {
        fixture.memory.tables.small(BASE + 0x20_0000, PageTables.SPARSE);
        fixture.source(BASE + 0x20_0000).destination(BASE + 0x10).set(Nvc7b5.LINE_LENGTH_IN, 0x800);
        fixture.launch(COPY);
        fixture.source(BASE).destination(BASE + 0x20_0000);
        fixture.launch(COPY);

        assertThat(fixture.content(0x10, 0x800)).containsOnly(0);
        assertThat(fixture.content(0x810, 0x100)).isEqualTo(model(0x810, 0x100));
    }

    @Test
    void faultNamesItsAddress() {
        fixture.source(BASE).destination(BASE + 0xff000).set(Nvc7b5.LINE_LENGTH_IN, 0x2000);

        MmuFault fault = catchThrowableOfType(MmuFault.class, () -> fixture.launch(COPY));

        assertThat(fault.address()).isEqualTo(BASE + 0x10_0000);
        assertThat(fault.type()).isEqualTo(FaultType.PTE);
        assertThat(fixture.content(0xff000, 0x1000)).isEqualTo(model(0, 0x1000));
    }

    @Test
    void systemMemoryThatIsGoneFaults() {
        fixture.memory.tables.small(BASE + 0x20_0000, PageTables.system(0x7000_0000_0000L));
        fixture.source(BASE).destination(BASE + 0x20_0000).set(Nvc7b5.LINE_LENGTH_IN, 16);

        MmuFault fault = catchThrowableOfType(MmuFault.class, () -> fixture.launch(COPY));

        assertThat(fault.address()).isEqualTo(BASE + 0x20_0000);
        assertThat(fault.type()).isEqualTo(FaultType.UNSUPPORTED_APERTURE);
    }

    @Test
    void constantsFill() {
        fixture.set(Nvc7b5.SET_REMAP_CONST_A, 0xa1b2_c3d4).set(Nvc7b5.SET_REMAP_COMPONENTS, 4 | 3 << 16);
        fixture.destination(BASE + 0x100).set(Nvc7b5.LINE_LENGTH_IN, 0x10000);

        fixture.launch(COPY | REMAP);

        byte[] filled = fixture.content(0x100, 0x40000);
        for (int i = 0; i < filled.length; i += 4) {
            assertThat(filled[i]).isEqualTo((byte) 0xd4);
            assertThat(filled[i + 3]).isEqualTo((byte) 0xa1);
        }
        assertThat(fixture.content(0x40100, 0x100)).isEqualTo(model(0x40100, 0x100));
    }

    @Test
    void componentFromNowhereIsAnError() {
        fixture.set(Nvc7b5.SET_REMAP_COMPONENTS, 7);
        fixture.destination(BASE).set(Nvc7b5.LINE_LENGTH_IN, 1);

        assertThatThrownBy(() -> fixture.launch(COPY | REMAP)).isInstanceOf(CopyError.class);
    }

    @Test
    void semaphoreOfOneWordLeavesTheNextAlone() {
        fixture.space.writeLong(SEM, -1);

        fixture.semaphore(SEM, 0x1_0000_0005L).launch(1 << 3);

        assertThat(fixture.space.readLong(SEM)).isEqualTo(0xffff_ffff_0000_0005L);
    }

    @Test
    void semaphoreOfTwoWordsHasAll() {
        fixture.semaphore(SEM, 0x1_0000_0005L).launch(1 << 3 | 1 << 27);

        assertThat(fixture.space.readLong(SEM)).isEqualTo(0x1_0000_0005L);
    }

    @Test
    void semaphoreOfFourWordsHasTheTime() {
        fixture.semaphore(SEM, 0x1_0000_0005L).launch(2 << 3);

        assertThat(fixture.space.readLong(SEM)).isEqualTo(5);
        assertThat(fixture.space.readLong(SEM + 8)).isEqualTo(0x1234_5678_9abcL);
    }

    @ParameterizedTest
    @CsvSource({"1, 4, 2", "1, 8, 4", "2, 16, 8"})
    void semaphoreThatIsNotAlignedIsAnError(int type, int size, int offset) {
        fixture.semaphore(SEM + offset, 1);

        assertThatThrownBy(() -> fixture.launch(type << 3 | (size == 8 ? 1 << 27 : 0)))
                .isInstanceOf(CopyError.class);
    }

    @Test
    void semaphoreIsReduced() {
        fixture.space.writeInt(SEM, 40);

        fixture.semaphore(SEM, 2).launch(1 << 3 | 5 << 14 | 1 << 18 | 1 << 19);

        assertThat(fixture.space.readInt(SEM)).isEqualTo(42);
    }

    @Test
    void reductionThatDoesNotExistIsAnError() {
        fixture.semaphore(SEM, 2);

        assertThatThrownBy(() -> fixture.launch(1 << 3 | 8 << 14 | 1 << 19)).isInstanceOf(CopyError.class);
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0x20, 1", "0x40, 1", "0x18, 1"})
    void interruptIsRaisedIfItIsWanted(String launch, int raised) {
        fixture.semaphore(SEM, 1).launch(Integer.decode(launch));

        assertThat(fixture.interrupts).hasSize(raised);
    }

    @ParameterizedTest
    @CsvSource({"0,0,0,0", "1,0,0,1", "2,0,0,0", "2,5,0,1", "3,5,5,1", "3,5,6,0", "4,5,5,0", "4,5,6,1"})
    void conditionDecidesWhetherALaunchCopies(int mode, int first, int second, int copies) {
        fixture.space.writeInt(SEM, first);
        fixture.space.writeInt(SEM + 16, second);
        fixture.set(Nvc7b5.SET_RENDER_ENABLE_A, SEM >>> 32).set(Nvc7b5.SET_RENDER_ENABLE_B, SEM);
        fixture.set(Nvc7b5.SET_RENDER_ENABLE_C, mode);
        fixture.source(BASE).destination(BASE + 0x80000).set(Nvc7b5.LINE_LENGTH_IN, 64);

        fixture.launch(COPY);

        assertThat(fixture.content(0x80000, 64)).isEqualTo(model(copies == 1 ? 0 : 0x80000, 64));
    }

    @Test
    void workIsDividedIntoPiecesOfTheBudget() {
        fixture.source(BASE).destination(BASE + 0x80000).set(Nvc7b5.LINE_LENGTH_IN, 0x40000);
        fixture.set(Nvc7b5.LAUNCH_DMA, COPY);
        int turns = 0;
        do {
            fixture.budget.grant(0x1000);
            turns++;
        } while (!fixture.engine.run(fixture.context, fixture.space, fixture.budget));

        assertThat(turns).isBetween(4, 0x41);
        assertThat(fixture.content(0x80000, 0x40000)).isEqualTo(model(0, 0x40000));
        assertThat(fixture.context.isActive()).isFalse();
    }

    private byte[] model(int offset, int length) {
        return java.util.Arrays.copyOfRange(fixture.model, offset, offset + length);
    }
}
