package dev.nacre.samples;

import static dev.nacre.samples.BenchRegisters.COPY_BYTES;
import static dev.nacre.samples.BenchRegisters.COPY_GO;
import static dev.nacre.samples.BenchRegisters.COPY_IOVA;
import static dev.nacre.samples.BenchRegisters.COPY_NS;
import static dev.nacre.samples.BenchRegisters.COPY_REPETITIONS;
import static dev.nacre.samples.BenchRegisters.COPY_STATUS;
import static dev.nacre.samples.BenchRegisters.DOORBELL;
import static dev.nacre.samples.BenchRegisters.ID;
import static dev.nacre.samples.BenchRegisters.IDENTITY;
import static dev.nacre.samples.BenchRegisters.MAX_COPY_BYTES;
import static dev.nacre.samples.BenchRegisters.SCRATCH;
import static dev.nacre.samples.BenchRegisters.STAMP_IOVA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Errno;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.samples.BenchRegisters.Copy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchDeviceTest {
    private static final int COMMAND = 0x04;
    private static final int COMMAND_BUS_MASTER = 0x4;
    private static final int MSIX_CONTROL = 0x82;
    private static final int MSIX_TABLE = 0x8000;
    private static final int MSIX_PBA = 0x9000;
    private static final long IOVA = 0x1_0000_0000L;
    private static final int GUEST_BYTES = 1 << 20;

    private final Arena arena = Arena.ofShared();
    private final BenchDevice device = new BenchDevice();
    private final Ports registers = new Ports(device, BenchRegisters.BAR_REGISTERS);
    private final Ports config = new Ports(device, PciFunction.CONFIG_REGION);
    private final MemorySegment guest = arena.allocate(GUEST_BYTES);

    @AfterEach
    void close() {
        device.close();
        arena.close();
    }

    @Test
    void regionsAreThoseOfTheLayout() {
        Stream<Region> regions =
                IntStream.range(0, PciFunction.REGIONS).mapToObj(device::region).map(BenchDeviceTest::withoutMapping);

        assertThat(device.region(BenchRegisters.BAR_FILE).mapping()).isNotNull();
        assertThat(regions)
                .containsExactly(
                        Region.readWrite(0x1_0000),
                        Region.readWrite(0x20_0000),
                        Region.readWrite(0x10_0000),
                        Region.ABSENT,
                        Region.ABSENT,
                        Region.ABSENT,
                        Region.ABSENT,
                        Region.readWrite(4096),
                        Region.ABSENT);
    }

    @Test
    void registersKeepWhatIsWrittenInAnyWidth() {
        registers.write(SCRATCH, 4, 0xdead_beefL);
        registers.write(SCRATCH + 1, 1, 0x11);
        registers.write(0x7fff, 2, 0);

        assertThat(registers.read(SCRATCH, 4)).isEqualTo(0xdead_11efL);
        assertThat(registers.read(SCRATCH + 1, 2)).isEqualTo(0xad11);
    }

    @Test
    void readOnlyRegistersStay() {
        registers.write(ID, 8, -1);
        registers.write(COPY_NS, 8, -1);
        registers.write(COPY_STATUS, 4, 77);

        assertThat(registers.read(ID, 4)).isEqualTo(IDENTITY);
        assertThat(registers.read(SCRATCH, 4)).isEqualTo(0xffff_ffffL);
        assertThat(registers.read(COPY_NS, 8)).isZero();
        assertThat(registers.read(COPY_STATUS, 4)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {BenchRegisters.BAR_MEMORY, BenchRegisters.BAR_FILE})
    void memoriesKeepBulkData(int bar) {
        MemorySegment out = arena.allocate(1 << 20).fill((byte) 0x5a);
        MemorySegment in = arena.allocate(1 << 20);

        device.write(bar, 0, out, 0, 1 << 20);
        device.read(bar, 0, in, 0, 1 << 20);

        assertThat(in.mismatch(out)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void doorbellRaisesItsVector(int vector) {
        CountingSink sink = new CountingSink();
        device.interrupts().bind(InterruptKind.MSIX, vector, sink);

        registers.write(DOORBELL, 4, vector);

        assertThat(sink.signals).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 0x7fff_ffff, 0xffff_ffffL})
    void doorbellOfNoVectorIsDropped(long vector) {
        device.interrupts().bind(InterruptKind.MSIX, 0, new CountingSink());

        registers.write(DOORBELL, 4, vector);

        assertThat(device.interrupts().messageCount()).isZero();
    }

    @Test
    void doorbellStampsTheTimeBeforeItsInterrupt() {
        device.memory().map(IOVA, guest, true, true);
        registers.write(STAMP_IOVA, 8, IOVA + 8);
        long before = System.nanoTime();

        registers.write(DOORBELL, 4, 0);

        assertThat(guest.get(ValueLayout.JAVA_LONG, 8)).isBetween(before, System.nanoTime());
    }

    @Test
    void doorbellWithAStampWhereNoMemoryIsStillRings() {
        CountingSink sink = new CountingSink();
        device.interrupts().bind(InterruptKind.MSIX, 0, sink);
        registers.write(STAMP_IOVA, 8, 0xdead_0000L);

        registers.write(DOORBELL, 4, 0);

        assertThat(sink.signals).isEqualTo(1);
    }

    @Test
    void maskedVectorIsPendingUntilItIsUnmasked() {
        CountingSink sink = new CountingSink();
        device.interrupts().bind(InterruptKind.MSIX, 2, sink);
        config.write(MSIX_CONTROL, 2, 0x8000);
        registers.write(MSIX_TABLE + 2 * 16, 4, 0xfee0_0000L);
        registers.write(MSIX_TABLE + 2 * 16 + 12, 4, 1);

        registers.write(DOORBELL, 4, 2);

        assertThat(registers.read(MSIX_PBA, 8)).isEqualTo(1 << 2);
        assertThat(sink.signals).isZero();
        registers.write(MSIX_TABLE + 2 * 16 + 12, 4, 0);
        assertThat(sink.signals).isEqualTo(1);
        assertThat(registers.read(MSIX_PBA, 8)).isZero();
    }

    @Test
    void accessAcrossTableAndRegistersReachesBoth() {
        registers.write(MSIX_TABLE - 4, 8, 0x1234_5678_9abc_def0L);
        registers.write(MSIX_PBA + 4, 8, -1);

        assertThat(registers.read(MSIX_TABLE - 4, 8)).isEqualTo(0x1234_5678_9abc_def0L);
        assertThat(registers.read(MSIX_PBA, 8)).as("pending bits").isZero();
        assertThat(registers.read(MSIX_PBA + 8, 4)).isEqualTo(0xffff_ffffL);
    }

    @Test
    void copiesMoveGuestMemoryIntoTheBufferAndBack() {
        device.memory().map(IOVA, guest, true, true);
        guest.asSlice(0, 4096).fill((byte) 0x77);

        assertThat(copy(Copy.FROM_GUEST, IOVA, 4096, 3)).isZero();
        guest.fill((byte) 0);
        assertThat(copy(Copy.TO_GUEST, IOVA + 8192, 4096, 1)).isZero();

        assertThat(guest.get(ValueLayout.JAVA_LONG, 8192 + 4088)).isEqualTo(0x7777_7777_7777_7777L);
        assertThat(guest.get(ValueLayout.JAVA_LONG, 8192 + 4096)).isZero();
        assertThat(copy(Copy.LOCAL, 0, MAX_COPY_BYTES, 1)).isZero();
        assertThat(registers.read(COPY_NS, 8)).isPositive();
    }

    @Test
    void copyThatMeetsNoMemorySaysSo() {
        device.memory().map(IOVA, guest, true, true);

        assertThat(copy(Copy.FROM_GUEST, IOVA + GUEST_BYTES - 8, 16, 1)).isEqualTo(Errno.EFAULT.number());
    }

    @ParameterizedTest
    @CsvSource({"0, 16, 1", "9, 16, 1", "-1, 16, 1", "3, 0x2000001, 1", "3, -1, 1", "3, 1, -1", "3, 0x2000000, 129"})
    void impossibleCopyIsRefused(int number, String bytes, int repetitions) {
        registers.write(COPY_BYTES, 8, Long.decode(bytes));
        registers.write(COPY_REPETITIONS, 4, repetitions);

        registers.write(COPY_GO, 4, number);

        assertThat(registers.read(COPY_STATUS, 4)).isEqualTo(Errno.EINVAL.number());
        assertThat(registers.read(COPY_NS, 8)).isZero();
    }

    @Test
    void busMasteringIsOnAtResetAndObeysTheCommandRegisterFromThenOn() {
        device.memory().map(IOVA, guest, true, true);
        int atReset = copy(Copy.FROM_GUEST, IOVA, 16, 1);

        config.write(COMMAND, 2, 0);
        int forbidden = copy(Copy.FROM_GUEST, IOVA, 16, 1);
        config.write(COMMAND, 2, COMMAND_BUS_MASTER);
        int allowed = copy(Copy.FROM_GUEST, IOVA, 16, 1);

        assertThat(new int[] {atReset, forbidden, allowed}).containsExactly(0, Errno.EFAULT.number(), 0);
    }

    @Test
    void functionLevelResetClearsRegistersAndMemories() {
        registers.write(SCRATCH, 4, 1);
        new Ports(device, BenchRegisters.BAR_MEMORY).write(0, 8, -1);
        new Ports(device, BenchRegisters.BAR_FILE).write(0, 8, -1);

        config.write(0x40 + 8, 2, 0x8000);

        assertThat(registers.read(ID, 8)).isEqualTo(IDENTITY);
        assertThat(new Ports(device, BenchRegisters.BAR_MEMORY).read(0, 8)).isZero();
        assertThat(new Ports(device, BenchRegisters.BAR_FILE).read(0, 8)).isZero();
    }

    @Test
    void deviceWhoseFileCannotBeMappedMapsNothing() {
        try (BenchDevice unmapped = new BenchDevice(false)) {
            assertThat(IntStream.range(0, PciFunction.REGIONS).mapToObj(unmapped::region))
                    .allMatch(region -> region.mapping() == null);
        }
    }

    private static Region withoutMapping(Region region) {
        return new Region(region.size(), region.readable(), region.writable());
    }

    private int copy(Copy copy, long iova, long bytes, int repetitions) {
        registers.write(COPY_IOVA, 8, iova);
        registers.write(COPY_BYTES, 8, bytes);
        registers.write(COPY_REPETITIONS, 4, repetitions);
        registers.write(COPY_GO, 4, copy.number());
        return (int) registers.read(COPY_STATUS, 4);
    }
}
