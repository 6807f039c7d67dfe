package dev.nacre.board.mmu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.board.bus.Aperture;
import dev.nacre.board.ce.CopyContext;
import dev.nacre.board.ce.CopyEngine;
import dev.nacre.board.engine.Semaphores;
import dev.nacre.board.engine.WorkBudget;
import dev.nacre.board.fb.Vmmu;
import dev.nacre.board.fb.Vram;
import dev.nacre.board.fb.VramStore;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.reg.Reg;
import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a guest's GPU can say to its memory management unit and its copy engines to get out of its window. */
class WindowIsolationTest {
    private static final long SEGMENT = Vmmu.SEGMENT_BYTES;
    private static final long PAGE = 4096;
    private static final int SECRET = 0x5ec4e700;

    /** Where the page at an address outside is mapped. */
    private static final long HOSTILE = 0x10_0000;

    /** Where pages of the window are mapped. */
    private static final long OWN = 0x20_0000;

    private final VramStore store = new VramStore(3 * SEGMENT);
    private final Vram all = store.vram();
    private final MmuFixture fixture = new MmuFixture(
            Encoding.V2, new Vmmu(store).open(1, SEGMENT, SEGMENT).orElseThrow().vram());

    /** Addresses beyond the window, among them those that lead to neighbours if they are added up carelessly. */
    static LongStream outside() {
        return LongStream.of(SEGMENT, 2 * SEGMENT, 3 * SEGMENT, SEGMENT - PAGE + (1L << 36), (1L << 36) - SEGMENT);
    }

    @BeforeEach
    void hideSecrets() {
        for (long at = 0; at < PAGE; at += 4) {
            all.writeInt(at, SECRET);
            all.writeInt(SEGMENT - PAGE + at, SECRET);
            all.writeInt(2 * SEGMENT + at, SECRET);
            all.writeInt(3 * SEGMENT - PAGE + at, SECRET);
        }
        fixture.tables.mapVideo(OWN, 0, PAGE);
    }

    @AfterEach
    void nothingOutsideHasChanged() {
        for (long at = 0; at < PAGE; at += 4) {
            assertThat(all.readInt(at)).isEqualTo(SECRET);
            assertThat(all.readInt(SEGMENT - PAGE + at)).isEqualTo(SECRET);
            assertThat(all.readInt(2 * SEGMENT + at)).isEqualTo(SECRET);
            assertThat(all.readInt(3 * SEGMENT - PAGE + at)).isEqualTo(SECRET);
        }
        store.close();
    }

    @ParameterizedTest
    @MethodSource("outside")
    void bothBarsReachNothingByPageTables(long address) {
        fixture.tables.small(HOSTILE, Encoding.V2.video(address));
        fixture.mmu.bar1PageDirectory(fixture.tables.root());
        fixture.mmu.bar2PageDirectory(fixture.tables.root());

        assertUnreachable(fixture.mmu.bar1(), HOSTILE);
        assertUnreachable(fixture.mmu.bar2(), HOSTILE);
    }

    @ParameterizedTest
    @MethodSource("outside")
    void bothBarsReachNothingByPhysicalAddresses(long address) {
        assertUnreachable(fixture.mmu.bar1(), address);
        assertUnreachable(fixture.mmu.bar2(), address);
    }

    @ParameterizedTest
    @MethodSource("outside")
    void aPageDirectoryOutsideIsNotFollowed(long address) {
        fixture.mmu.bar1PageDirectory(address);

        assertUnreachable(fixture.mmu.bar1(), OWN);
    }

    @ParameterizedTest
    @MethodSource("outside")
    void aPageTableOutsideIsNotFollowed(long address) {
        for (int entry = 0; entry < 4; entry++) {
            fixture.vram.writeLong(fixture.tables.root() + 8L * entry, Encoding.V2.directory(false, address));
        }
        fixture.mmu.bar1PageDirectory(fixture.tables.root());

        assertUnreachable(fixture.mmu.bar1(), OWN);
    }

    @ParameterizedTest
    @MethodSource("outside")
    void instanceBlocksAndChannelsMemoryOutsideAreNotReached(long address) {
        PhysicalSpace physical = new PhysicalSpace(fixture.mmu.memory(), false);

        assertThatThrownBy(() -> physical.readInt(address)).isInstanceOf(MmuFault.class);
        assertThatThrownBy(() -> physical.writeLong(address, 1)).isInstanceOf(MmuFault.class);
        assertThatThrownBy(() -> physical.readInt(-PAGE)).isInstanceOf(MmuFault.class);
    }

    @Test
    void whatBeginsInsideEndsAtTheEnd() {
        Aperture bar1 = fixture.mmu.bar1();
        byte[] bytes = new byte[(int) (2 * PAGE)];

        bar1.write(SEGMENT - PAGE, MemorySegment.ofArray(bytes), 0, bytes.length);
        bar1.read(SEGMENT - PAGE, MemorySegment.ofArray(bytes), 0, bytes.length);

        assertThat(bytes[(int) PAGE - 1]).isZero();
        assertThat(bytes[(int) PAGE]).isEqualTo((byte) 0xff);
    }

    @ParameterizedTest
    @MethodSource("outside")
    void copiesByPageTablesFault(long address) {
        fixture.tables.small(HOSTILE, Encoding.V2.video(address));

        assertThatThrownBy(() -> copy(HOSTILE, OWN, 0)).isInstanceOf(MmuFault.class);
        assertThatThrownBy(() -> copy(OWN, HOSTILE, 0)).isInstanceOf(MmuFault.class);
        assertThat(fixture.vram.readInt(0)).isZero();
    }

    @ParameterizedTest
    @MethodSource("outside")
    void physicalCopiesFault(long address) {
        int source = Nvc7b5.LAUNCH_DMA_SRC_TYPE_PHYSICAL.mask();
        int destination = Nvc7b5.LAUNCH_DMA_DST_TYPE_PHYSICAL.mask();

        assertThatThrownBy(() -> copy(address, OWN, source)).isInstanceOf(MmuFault.class);
        assertThatThrownBy(() -> copy(OWN, address, destination)).isInstanceOf(MmuFault.class);
        assertThat(fixture.vram.readInt(0)).isZero();
    }

    private void copy(long from, long to, int flags) {
        CopyEngine engine = new CopyEngine(fixture.mmu.memory(), new Semaphores(() -> 0), () -> {});
        CopyContext context = new CopyContext();
        VirtualSpace space = fixture.space();
        set(engine, context, Nvc7b5.OFFSET_IN_UPPER, from >>> 32);
        set(engine, context, Nvc7b5.OFFSET_IN_LOWER, from);
        set(engine, context, Nvc7b5.OFFSET_OUT_UPPER, to >>> 32);
        set(engine, context, Nvc7b5.OFFSET_OUT_LOWER, to);
        set(engine, context, Nvc7b5.LINE_LENGTH_IN, PAGE);
        set(engine, context, Nvc7b5.LINE_COUNT, 1);
        // HW: non-pipelined transfer, pitch to pitch
        set(engine, context, Nvc7b5.LAUNCH_DMA, 0x182 | flags);
        WorkBudget budget = new WorkBudget();
        budget.grant(Long.MAX_VALUE / 2);
        assertThat(engine.run(context, space, budget)).isTrue();
    }

    private void set(CopyEngine engine, CopyContext context, Reg method, long value) {
        engine.method(context, fixture.space(), method.offset(), (int) value);
    }

    private static void assertUnreachable(Aperture bar, long offset) {
        byte[] bytes = new byte[64];
        MemorySegment buffer = MemorySegment.ofArray(bytes);
        bar.write(offset, buffer, 0, bytes.length);

        bar.read(offset, buffer, 0, bytes.length);

        assertThat(bytes).containsOnly(0xff);
    }
}
