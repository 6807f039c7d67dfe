package dev.nacre.pci;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GuestMemoryTest {
    private static final long PAGE = 0x1000;
    private static final long BASE = 0x1_0000_0000L;

    private final GuestMemory memory = new GuestMemory();

    @BeforeEach
    void enableBusMaster() {
        memory.busMaster(true);
    }

    private static MemorySegment page() {
        return MemorySegment.ofArray(new byte[(int) PAGE]);
    }

    private static MemorySegment counted(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 8));
        }
        return MemorySegment.ofArray(bytes);
    }

    private static DmaFault faultOf(Runnable transfer) {
        return catchThrowableOfType(DmaFault.class, transfer::run);
    }

    @Test
    void scalarsAreLittleEndianAndOfAnyAlignment() {
        MemorySegment page = page();
        memory.map(BASE, page, true, true);

        memory.writeInt(BASE + 1, 0x44332211);
        memory.writeLong(BASE + 11, 0x8877665544332211L);

        assertThat(page.get(ValueLayout.JAVA_BYTE, 1)).isEqualTo((byte) 0x11);
        assertThat(page.get(ValueLayout.JAVA_BYTE, 4)).isEqualTo((byte) 0x44);
        assertThat(page.get(ValueLayout.JAVA_BYTE, 11)).isEqualTo((byte) 0x11);
        assertThat(page.get(ValueLayout.JAVA_BYTE, 18)).isEqualTo((byte) 0x88);
        assertThat(memory.readInt(BASE + 1)).isEqualTo(0x44332211);
        assertThat(memory.readLong(BASE + 11)).isEqualTo(0x8877665544332211L);
    }

    @Test
    void orderedScalarsReadBackWhatTheyWrote() {
        memory.map(BASE, page(), true, true);

        memory.writeIntRelease(BASE + 4, 0xcafe_f00d);
        memory.writeLongRelease(BASE + 8, 0x0123_4567_89ab_cdefL);

        assertThat(memory.readIntAcquire(BASE + 4)).isEqualTo(0xcafe_f00d);
        assertThat(memory.readLongAcquire(BASE + 8)).isEqualTo(0x0123_4567_89ab_cdefL);
    }

    @Test
    void scalarAcrossAdjacentMappingsIsPutTogether() {
        memory.map(BASE + PAGE, page(), true, true);
        memory.map(BASE, page(), true, true);

        memory.writeLong(BASE + PAGE - 3, 0x8877665544332211L);
        memory.writeInt(BASE + PAGE - 9, 0xf4f3f2f1);

        assertThat(memory.readLong(BASE + PAGE - 3)).isEqualTo(0x8877665544332211L);
        assertThat(memory.readInt(BASE + PAGE)).isEqualTo(0x77665544);
        assertThat(memory.readInt(BASE + PAGE - 9)).isEqualTo(0xf4f3f2f1);
    }

    @Test
    void scalarAcrossTheEndOfTheMapFaultsAndWritesNothing() {
        MemorySegment page = page();
        memory.map(BASE, page, true, true);

        DmaFault write = faultOf(() -> memory.writeLong(BASE + PAGE - 4, -1));
        DmaFault read = faultOf(() -> memory.readInt(BASE + PAGE - 1));

        assertThat(write.iova()).isEqualTo(BASE + PAGE);
        assertThat(write.isWrite()).isTrue();
        assertThat(read.iova()).isEqualTo(BASE + PAGE);
        assertThat(read.isWrite()).isFalse();
        assertThat(page.get(ValueLayout.JAVA_INT_UNALIGNED, PAGE - 4)).isZero();
    }

    @Test
    void firstAndLastByteOfAMappingAreReachedAndTheirNeighboursAreNot() {
        memory.map(BASE, page(), true, true);
        MemorySegment one = MemorySegment.ofArray(new byte[1]);

        memory.read(BASE, one, 0, 1);
        memory.read(BASE + PAGE - 1, one, 0, 1);

        assertThat(faultOf(() -> memory.read(BASE - 1, one, 0, 1)).iova()).isEqualTo(BASE - 1);
        assertThat(faultOf(() -> memory.read(BASE + PAGE, one, 0, 1)).iova()).isEqualTo(BASE + PAGE);
    }

    @Test
    void bulkTransferCrossesManyAdjacentMappings() {
        int pages = 300;
        for (int i = pages - 1; i >= 0; i--) {
            memory.map(BASE + i * PAGE, page(), true, true);
        }
        int length = (int) (pages * PAGE) - 200;
        MemorySegment source = counted(length + 7);
        MemorySegment target = MemorySegment.ofArray(new byte[length + 9]);

        memory.write(BASE + 100, source, 7, length);
        memory.read(BASE + 100, target, 9, length);

        assertThat(target.asSlice(9).mismatch(source.asSlice(7))).isEqualTo(-1);
    }

    @Test
    void bulkTransferOverAHoleFaultsAtTheHoleAndMovesNothing() {
        MemorySegment first = page();
        memory.map(BASE, first, true, true);
        memory.map(BASE + 2 * PAGE, page(), true, true);
        MemorySegment source = counted((int) (3 * PAGE));
        MemorySegment target = MemorySegment.ofArray(new byte[(int) (3 * PAGE)]);

        DmaFault write = faultOf(() -> memory.write(BASE, source, 0, 3 * PAGE));
        DmaFault read = faultOf(() -> memory.read(BASE + 1, target, 0, 2 * PAGE));

        assertThat(write.iova()).isEqualTo(BASE + PAGE);
        assertThat(write.isWrite()).isTrue();
        assertThat(read.iova()).isEqualTo(BASE + PAGE);
        assertThat(first.mismatch(page())).isEqualTo(-1);
        assertThat(target.mismatch(MemorySegment.ofArray(new byte[(int) (3 * PAGE)])))
                .isEqualTo(-1);
    }

    @Test
    void copyMovesBetweenRangesCutDifferently() {
        int length = 600 << 10;
        MemorySegment source = counted(length);
        memory.map(BASE, source.asSlice(0, 5000), true, false);
        memory.map(BASE + 5000, source.asSlice(5000), true, false);
        MemorySegment target = MemorySegment.ofArray(new byte[length]);
        long to = 2 * BASE;
        memory.map(to, target.asSlice(0, 300_001), false, true);
        memory.map(to + 300_001, target.asSlice(300_001), false, true);

        memory.copy(BASE, to, length);

        assertThat(target.mismatch(source)).isEqualTo(-1);
    }

    @Test
    void copyFaultsOnTheSideThatIsNotPermitted() {
        memory.map(BASE, page(), true, false);
        memory.map(2 * BASE, page(), false, true);

        DmaFault source = faultOf(() -> memory.copy(2 * BASE, BASE, 8));
        DmaFault target = faultOf(() -> memory.copy(BASE, BASE + 16, 8));

        assertThat(source.isWrite()).isFalse();
        assertThat(source.iova()).isEqualTo(2 * BASE);
        assertThat(target.isWrite()).isTrue();
        assertThat(target.iova()).isEqualTo(BASE + 16);
    }

    @Test
    void permissionsAreCheckedPerMapping() {
        memory.map(BASE, page(), true, false);
        memory.map(BASE + PAGE, page(), false, true);

        assertThat(memory.readInt(BASE)).isZero();
        memory.writeInt(BASE + PAGE, 1);
        assertThat(faultOf(() -> memory.writeInt(BASE, 1)).isWrite()).isTrue();
        assertThat(faultOf(() -> memory.readInt(BASE + PAGE)).isWrite()).isFalse();
        assertThat(faultOf(() -> memory.readLong(BASE + PAGE - 4)).iova()).isEqualTo(BASE + PAGE);
    }

    @Test
    void lastAddressIsUsableAndNothingWrapsPastIt() {
        MemorySegment low = page();
        memory.map(0, low, true, true);
        memory.map(-PAGE, page(), true, true);
        MemorySegment buffer = counted((int) (2 * PAGE));

        memory.writeInt(-4, 0x12345678);

        assertThat(memory.readInt(-4)).isEqualTo(0x12345678);
        assertThat(faultOf(() -> memory.readLong(-4)).iova()).isZero();
        assertThat(faultOf(() -> memory.writeInt(-1, -1)).iova()).isZero();
        assertThat(faultOf(() -> memory.write(-PAGE, buffer, 0, PAGE + 1)).iova())
                .isZero();
        assertThat(faultOf(() -> memory.copy(-8, 0, 16)).iova()).isZero();
        assertThat(low.mismatch(page())).isEqualTo(-1);
        assertThat(memory.isMapped(-PAGE, PAGE, true)).isTrue();
        assertThat(memory.isMapped(-PAGE, PAGE + 1, true)).isFalse();
    }

    @Test
    void lengthBelowZeroFaultsAndZeroMovesNothing() {
        MemorySegment buffer = page();
        memory.map(BASE, page(), true, true);

        memory.read(0xdead_0000L, buffer, 0, 0);
        memory.write(0xdead_0000L, buffer, 0, 0);
        memory.copy(0xdead_0000L, 0xdead_1000L, 0);

        assertThat(faultOf(() -> memory.read(BASE, buffer, 0, -1)).iova()).isEqualTo(BASE);
        assertThat(faultOf(() -> memory.write(BASE, buffer, 0, Long.MIN_VALUE)).iova())
                .isEqualTo(BASE);
        assertThat(faultOf(() -> memory.copy(BASE, BASE, -1)).iova()).isEqualTo(BASE);
        assertThat(memory.isMapped(BASE, -1, false)).isFalse();
    }

    @Test
    void bufferTooShortIsTheCallersError() {
        memory.map(BASE, page(), true, true);
        MemorySegment buffer = MemorySegment.ofArray(new byte[8]);

        assertThatThrownBy(() -> memory.read(BASE, buffer, 4, 8)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.write(BASE, buffer, -1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void withoutBusMasterEverythingFaults() {
        memory.map(BASE, page(), true, true);
        memory.busMaster(false);

        assertThat(faultOf(() -> memory.readInt(BASE)).iova()).isEqualTo(BASE);
        assertThat(faultOf(() -> memory.writeLong(BASE, 1)).isWrite()).isTrue();
        assertThat(faultOf(() -> memory.read(BASE, page(), 0, 16))).isNotNull();
        assertThat(faultOf(() -> memory.write(BASE, page(), 0, 16))).isNotNull();
        assertThat(faultOf(() -> memory.copy(BASE, BASE + 64, 16))).isNotNull();
        memory.busMaster(true);
        assertThat(memory.readInt(BASE)).isZero();
    }

    @Test
    void newMemoryHasBusMasterOff() {
        GuestMemory fresh = new GuestMemory();
        fresh.map(BASE, page(), true, true);

        assertThat(faultOf(() -> fresh.readInt(BASE))).isNotNull();
    }

    @Test
    void foreignRangeIsKnownButFaults() {
        memory.mapForeign(BASE, 8L << 30);

        assertThat(faultOf(() -> memory.readInt(BASE)).iova()).isEqualTo(BASE);
        assertThat(faultOf(() -> memory.writeInt(BASE + 16, 1)).iova()).isEqualTo(BASE + 16);
        assertThat(memory.isMapped(BASE, 4, false)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> memory.map(BASE + PAGE, page(), true, true));
        assertThat(memory.unmap(BASE, 8L << 30)).isTrue();
        assertThat(memory.unmap(BASE, 8L << 30)).isFalse();
    }

    @Test
    void overlapFromEitherSideOrAroundIsRefused() {
        memory.map(BASE + PAGE, counted((int) (2 * PAGE)), true, true);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> memory.map(BASE + 1, page(), true, true))
                .withMessageContaining("iova=0x100000001")
                .withMessageContaining("other iova=0x100001000 size=0x2000");
        assertThatIllegalArgumentException().isThrownBy(() -> memory.map(BASE + 3 * PAGE - 1, page(), true, true));
        assertThatIllegalArgumentException().isThrownBy(() -> memory.mapForeign(BASE, 4 * PAGE));
        assertThatIllegalArgumentException().isThrownBy(() -> memory.mapForeign(BASE + PAGE, 2 * PAGE));
        assertThatIllegalArgumentException().isThrownBy(() -> memory.mapForeign(BASE + PAGE + 16, 16));
        memory.map(BASE, page(), true, true);
        memory.map(BASE + 3 * PAGE, page(), true, true);
    }

    @Test
    void emptyWrappingAndReadOnlyMapsAreRefused() {
        MemorySegment readOnly = page().asReadOnly();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> memory.map(BASE, MemorySegment.ofArray(new byte[0]), true, true))
                .withMessageContaining("empty or wraps");
        assertThatIllegalArgumentException().isThrownBy(() -> memory.mapForeign(BASE, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> memory.mapForeign(BASE, -PAGE));
        assertThatIllegalArgumentException().isThrownBy(() -> memory.map(-PAGE + 1, page(), true, true));
        assertThatIllegalArgumentException().isThrownBy(() -> memory.map(BASE, readOnly, true, true));
        memory.map(BASE, readOnly, true, false);
    }

    @Test
    void unmapNeedsExactlyOneEarlierMap() {
        memory.map(BASE, page(), true, true);
        memory.map(BASE + PAGE, page(), true, true);

        assertThat(memory.unmap(BASE, 2 * PAGE)).isFalse();
        assertThat(memory.unmap(BASE, PAGE - 1)).isFalse();
        assertThat(memory.unmap(BASE + 1, PAGE - 1)).isFalse();
        assertThat(memory.unmap(BASE - PAGE, PAGE)).isFalse();
        assertThat(memory.unmap(BASE, PAGE)).isTrue();
        assertThat(faultOf(() -> memory.readInt(BASE))).isNotNull();
        assertThat(memory.readInt(BASE + PAGE)).isZero();
    }

    @Test
    void clearUnmapsEverythingAndKeepsBusMaster() {
        memory.map(BASE, page(), true, true);
        memory.mapForeign(2 * BASE, PAGE);

        memory.clear();

        assertThat(memory.isMapped(BASE, 4, false)).isFalse();
        memory.map(BASE, page(), true, true);
        assertThat(memory.readInt(BASE)).isZero();
    }

    @Test
    void isMappedTellsPerAccess() {
        memory.map(BASE, page(), true, false);
        memory.map(BASE + PAGE, page(), true, true);

        assertThat(memory.isMapped(BASE, 2 * PAGE, false)).isTrue();
        assertThat(memory.isMapped(BASE, 2 * PAGE, true)).isFalse();
        assertThat(memory.isMapped(BASE + PAGE, PAGE, true)).isTrue();
        assertThat(memory.isMapped(BASE, 2 * PAGE + 1, false)).isFalse();
        assertThat(memory.isMapped(0xdead_0000L, 0, true)).isTrue();
    }

    @Test
    void memoryReleasedWithoutUnmapFaults() {
        try (Arena arena = Arena.ofShared()) {
            memory.map(BASE, arena.allocate(PAGE), true, true);
        }

        assertThat(faultOf(() -> memory.readInt(BASE)).iova()).isEqualTo(BASE);
        assertThat(faultOf(() -> memory.writeInt(BASE, 1)).isWrite()).isTrue();
        assertThat(faultOf(() -> memory.read(BASE, page(), 0, 16))).isNotNull();
        assertThat(faultOf(() -> memory.write(BASE, page(), 0, 16))).isNotNull();
        assertThat(faultOf(() -> memory.copy(BASE, BASE + 64, 16))).isNotNull();
    }

    @Test
    void memoryWhoseFileWasShrunkFaults(@TempDir Path folder) throws IOException {
        try (Arena arena = Arena.ofShared();
                FileChannel file = FileChannel.open(folder.resolve("ram"), CREATE_NEW, READ, WRITE)) {
            memory.map(BASE, file.map(FileChannel.MapMode.READ_WRITE, 0, 16 * PAGE, arena), true, true);
            file.truncate(0);

            assertThat(faultOf(() -> memory.read(BASE, page(), 0, PAGE))).isNotNull();
            assertThat(faultOf(() -> memory.write(BASE + PAGE, page(), 0, PAGE)).isWrite())
                    .isTrue();
        }
    }

    @Test
    void callersReleasedBufferIsNotAFault() {
        memory.map(BASE, page(), true, true);
        MemorySegment buffer;
        try (Arena arena = Arena.ofShared()) {
            buffer = arena.allocate(16);
        }

        assertThatThrownBy(() -> memory.read(BASE, buffer, 0, 16)).isExactlyInstanceOf(IllegalStateException.class);
    }

    @Test
    void faultNamesAddressLengthAndDirection() {
        assertThat(new DmaFault(0x1234_5000L, 64, true))
                .hasMessage("DMA write fault: iova=0x12345000 length=64")
                .hasNoCause();
        assertThat(new DmaFault(0, -1, false)).hasMessage("DMA read fault: iova=0x0 length=18446744073709551615");
        assertThat(new DmaFault(0, 1, false).getStackTrace()).isEmpty();
    }
}
