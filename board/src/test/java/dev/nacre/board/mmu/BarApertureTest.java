package dev.nacre.board.mmu;

import static dev.nacre.board.mmu.MmuFixture.MIB;
import static dev.nacre.board.mmu.MmuFixture.SYSTEM_BASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.bus.Aperture;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.mmu.GmmuV2;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarApertureTest {
    private final MmuFixture fixture = new MmuFixture();
    private final Aperture bar1 = fixture.mmu.bar1();
    private final Aperture bar2 = fixture.mmu.bar2();

    @Test
    void barsShowVideoMemoryBeforeThereArePageTables() {
        write(bar1, 0x1234, 1, 2, 3);
        write(bar2, 0x1237, 4, 5, 6);

        assertThat(read(fixture.video, 0x1234, 6)).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(read(bar1, 0x1235, 4)).containsExactly(2, 3, 4, 5);
    }

    @Test
    void barBeyondVideoMemoryReadsOnes() {
        assertThat(read(bar1, 16 * MIB - 1, 3)).containsExactly(0, 0xff, 0xff);
        write(bar1, 16 * MIB + 5, 1);

        assertThat(fixture.mmu.barFaults()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 16, 33, 4096, 9000})
    void anyWidthCrossesPages(int width) {
        fixture.tables.small(0, PageTables.video(0x5000)).small(0x1000, PageTables.system(SYSTEM_BASE + 0x2000));
        fixture.tables.small(0x2000, PageTables.video(0x9000)).small(0x3000, PageTables.video(0x1000));
        fixture.mmu.bar1PageDirectory(fixture.tables.root());
        int[] bytes = new int[width];
        for (int i = 0; i < width; i++) {
            bytes[i] = (i * 37 + 1) & 0xff;
        }
        long start = 0x1000L - Math.max(1, width / 3);

        write(bar1, start, bytes);

        assertThat(read(bar1, start, width)).containsExactly(bytes);
        for (int i = 0; i < width; i++) {
            int one = read(bar1, start + i, 1)[0];
            assertThat(one).isEqualTo(bytes[i]);
        }
        assertThat(read(fixture.video, 0x5000 + start, 1)[0]).isEqualTo(bytes[0]);
        assertThat(fixture.mmu.barFaults()).isZero();
    }

    @Test
    void unmappedPagesOfALongReadAreOnes() {
        fixture.video.fill((byte) 0x55);
        fixture.mmu.bar2PageDirectory(new PageTables(fixture.mmu.memory(), 12 * MIB, 0)
                .small(0, PageTables.video(0x5000))
                .small(0x2000, PageTables.SPARSE)
                .root());

        int[] got = read(bar2, 0xffe, 0x2004);

        assertThat(got[0]).isEqualTo(0x55);
        assertThat(got[1]).isEqualTo(0x55);
        assertThat(got[2]).isEqualTo(0xff);
        assertThat(got[0x1001]).isEqualTo(0xff);
        assertThat(got[0x1002]).isZero();
        assertThat(got[0x2001]).isZero();
        assertThat(got[0x2003]).isEqualTo(0xff);
        assertThat(fixture.mmu.barFaults()).isEqualTo(2);
    }

    @Test
    void systemMemoryThatIsGoneReadsOnes() {
        fixture.tables.small(0, PageTables.system(SYSTEM_BASE));
        fixture.mmu.bar1PageDirectory(fixture.tables.root());
        assertThat(read(bar1, 0, 1)).containsExactly(0);

        fixture.guest.unmap(SYSTEM_BASE, 16 * MIB);
        write(bar1, 0, 1);

        assertThat(read(bar1, 0, 2)).containsExactly(0xff, 0xff);
        assertThat(fixture.mmu.barFaults()).isEqualTo(2);
    }

    @Test
    void driverAddsToThePageDirectoryByItself() {
        fixture.mmu.bar1PageDirectory(fixture.tables.root());
        assertThat(read(bar1, 0x1000, 1)).containsExactly(0xff);

        fixture.tables.small(0x1000, PageTables.video(0x6000));

        assertThat(read(bar1, 0x1000, 1)).containsExactly(0);
    }

    @Test
    void physicalBarsShowVideoMemoryAgain() {
        fixture.mmu.bar1PageDirectory(fixture.tables.root());

        fixture.mmu.physicalBars();
        write(bar1, 0x77, 9);

        assertThat(read(fixture.video, 0x77, 1)).containsExactly(9);
    }

    @Test
    void savedStateKeepsPageDirectoriesAndRegisters() {
        fixture.tables.small(0, PageTables.video(0x5000));
        fixture.mmu.bar1PageDirectory(fixture.tables.root());
        fixture.mmu.registers().write(0xb83070, 0x12);
        fixture.vram.writeInt(0x5000, 0x1234_5678);
        StateWriter saved = new StateWriter();
        fixture.mmu.save(saved);

        Mmu fresh = new Mmu(fixture.vram, fixture.guest, GmmuV2.FORMAT);
        fresh.restore(new StateReader(saved.toByteArray()));

        assertThat(read(fresh.bar1(), 0, 4)).containsExactly(0x78, 0x56, 0x34, 0x12);
        assertThat(read(fresh.bar2(), 0x5000, 1)).containsExactly(0x78);
        assertThat(fresh.registers().read(0xb83070)).isEqualTo(0x12);
    }

    private static int[] read(Aperture aperture, long offset, int count) {
        MemorySegment bytes = MemorySegment.ofArray(new byte[count + 3]);
        aperture.read(offset, bytes, 3, count);
        return read(bytes, 3, count);
    }

    private static int[] read(MemorySegment memory, long offset, int count) {
        int[] result = new int[count];
        for (int i = 0; i < count; i++) {
            result[i] = memory.get(java.lang.foreign.ValueLayout.JAVA_BYTE, offset + i) & 0xff;
        }
        return result;
    }

    private static void write(Aperture aperture, long offset, int... values) {
        byte[] bytes = new byte[values.length + 5];
        for (int i = 0; i < values.length; i++) {
            bytes[5 + i] = (byte) values[i];
        }
        aperture.write(offset, MemorySegment.ofArray(bytes), 5, values.length);
    }
}
