package dev.nacre.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.Errno;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Migratable;
import dev.nacre.pci.MigrationException;
import dev.nacre.pci.PciFunction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bench device's state as a stream: what it holds, and what is refused. */
class BenchStateTest {
    private static final long IOVA = 0x1_0000_0000L;
    private static final int MOST_BYTES = 80 << 20;
    private static final int LENGTH = 0x08;
    private static final int RINGS = 0x10;
    private static final int MSIX_TABLE = 0x8000;
    private static final int COMMAND = 0x04;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment guest = arena.allocate(1 << 20);
    private final MemorySegment stream = arena.allocate(MOST_BYTES);
    private final BenchDevice source = new BenchDevice();
    private final BenchDevice target = new BenchDevice();

    @AfterEach
    void close() {
        source.close();
        target.close();
        arena.close();
    }

    @Test
    void stateRestoredIntoAnotherDeviceIsTheSame() {
        fill();

        int bytes = save(source, 1 << 20);
        restore(target, bytes, 777_777);

        assertThat(bytes).isBetween(64 << 20, MOST_BYTES - 1);
        assertThat(registers(target).read(BenchRegisters.SCRATCH, 4)).isEqualTo(0x1234_5678L);
        assertThat(registers(target).read(BenchRegisters.ID, 4)).isEqualTo(BenchRegisters.IDENTITY);
        assertThat(registers(target).read(BenchRegisters.COPY_NS, 8))
                .isPositive()
                .isEqualTo(registers(source).read(BenchRegisters.COPY_NS, 8));
        assertThat(registers(target).read(MSIX_TABLE + 3 * 16, 8)).isEqualTo(0x1_fee0_0000L);
        assertThat(new Ports(target, BenchRegisters.BAR_MEMORY).read(0x1f_fff8, 8))
                .isEqualTo(0x11L);
        assertThat(new Ports(target, BenchRegisters.BAR_FILE).read(0xf_fff8, 8)).isEqualTo(0x22L);
        assertThat(new Ports(target, PciFunction.CONFIG_REGION).read(COMMAND, 2))
                .isEqualTo(6);
        MemorySegment before = arena.allocate(MOST_BYTES).copyFrom(stream);
        assertThat(save(target, 1 << 20)).isEqualTo(bytes);
        assertThat(stream.mismatch(before)).isEqualTo(-1);
    }

    @Test
    void whatIsAskedOfAStoppedDeviceHappensWhenTheOtherIsStarted() {
        CountingSink there = new CountingSink();
        target.interrupts().bind(InterruptKind.MSIX, 5, there);
        target.memory().map(IOVA, guest, true, true);
        state(source).stop();
        registers(source).write(BenchRegisters.STAMP_IOVA, 8, IOVA);
        registers(source).write(BenchRegisters.DOORBELL, 4, 5);
        registers(source).write(BenchRegisters.COPY_BYTES, 8, 4096);
        registers(source).write(BenchRegisters.COPY_IOVA, 8, IOVA);
        registers(source).write(BenchRegisters.COPY_REPETITIONS, 4, 1);
        registers(source).write(BenchRegisters.COPY_GO, 4, 9);

        int bytes = saveStopped(source, 1 << 20);
        restore(target, bytes, 1 << 20);
        int before = there.signals;
        state(target).start();

        assertThat(before).isZero();
        assertThat(there.signals).isEqualTo(1);
        assertThat(guest.get(ValueLayout.JAVA_LONG, 0)).isNotZero();
        assertThat(registers(target).read(BenchRegisters.COPY_STATUS, 4)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void resetForgetsWhatWaitsForTheStart() {
        CountingSink sink = new CountingSink();
        source.interrupts().bind(InterruptKind.MSIX, 0, sink);
        state(source).stop();
        registers(source).write(BenchRegisters.DOORBELL, 4, 0);

        source.reset();
        state(source).start();

        assertThat(sink.signals).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, LENGTH, RINGS + 1, RINGS + 4})
    void headOfAnotherDeviceIsRefusedBeforeTheMemoriesAreTouched(int at) {
        fill();
        int bytes = save(source, 1 << 20);
        stream.set(ValueLayout.JAVA_BYTE, at, (byte) 0x7e);
        state(target).stop();

        try (Migratable.Loading loading = state(target).load()) {
            assertThatThrownBy(() -> loading.write(stream, 0, bytes)).isInstanceOf(MigrationException.class);
        }

        assertThat(registers(target).read(BenchRegisters.SCRATCH, 4)).isZero();
    }

    @Test
    void stateThatEndsEarlyIsRefused() {
        int bytes = save(source, 1 << 20);
        state(target).stop();

        try (Migratable.Loading loading = state(target).load()) {
            loading.write(stream, 0, bytes - 1);
            assertThatThrownBy(loading::finish).isInstanceOf(MigrationException.class);
        }
    }

    @Test
    void stateThatGoesOnIsRefused() {
        int bytes = save(source, 1 << 20);
        state(target).stop();

        try (Migratable.Loading loading = state(target).load()) {
            loading.write(stream, 0, bytes);
            assertThatThrownBy(() -> loading.write(stream, 0, 1)).isInstanceOf(MigrationException.class);
        }
    }

    @Test
    void stateThatIsShownAndReceivedInPlaceIsTheOneThatIsReadAndWritten() {
        fill();
        int bytes = save(source, 1 << 20);
        state(target).stop();
        int inPlace = 0;

        try (Migratable.Saving saving = state(source).save();
                Migratable.Loading loading = state(target).load()) {
            for (int done = 0; done < bytes; ) {
                int count = Math.min(1 << 20, bytes - done);
                MemorySegment from = saving.view(count);
                if (from == null) {
                    from = arena.allocate(count);
                    saving.read(from, 0, count);
                }
                MemorySegment to = loading.place(count);
                if (to == null) {
                    loading.write(from, 0, count);
                } else {
                    to.copyFrom(from);
                    inPlace++;
                }
                done += count;
            }
            loading.finish();
        }

        MemorySegment before = arena.allocate(MOST_BYTES).copyFrom(stream);
        assertThat(saveStopped(target, 1 << 20)).isEqualTo(bytes);
        assertThat(stream.mismatch(before)).isEqualTo(-1);
        assertThat(inPlace).isGreaterThan(60);
    }

    @Test
    void damagedHeadIsNotTakenOnEvenIfItsRefusalIsIgnored() {
        fill();
        int bytes = save(source, 1 << 20);
        stream.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x7e);
        state(target).stop();

        try (Migratable.Loading loading = state(target).load()) {
            assertThatThrownBy(() -> loading.write(stream, 0, bytes)).isInstanceOf(MigrationException.class);
            int memories = BenchRegisters.REGISTERS_BYTES
                    + BenchRegisters.MEMORY_BYTES
                    + BenchRegisters.FILE_BYTES
                    + (64 << 20);
            loading.write(stream, bytes - memories, memories);
            assertThatThrownBy(loading::finish).isInstanceOf(MigrationException.class);
        }
    }

    private void fill() {
        source.memory().map(IOVA, guest.fill((byte) 0x33), true, true);
        Ports ports = registers(source);
        ports.write(BenchRegisters.COPY_IOVA, 8, IOVA);
        ports.write(BenchRegisters.COPY_BYTES, 8, 1 << 20);
        ports.write(BenchRegisters.COPY_REPETITIONS, 4, 1);
        ports.write(BenchRegisters.COPY_GO, 4, BenchRegisters.Copy.FROM_GUEST.number());
        ports.write(BenchRegisters.SCRATCH, 4, 0x1234_5678L);
        ports.write(MSIX_TABLE + 3 * 16, 8, 0x1_fee0_0000L);
        new Ports(source, BenchRegisters.BAR_MEMORY).write(0x1f_fff8, 8, 0x11);
        new Ports(source, BenchRegisters.BAR_FILE).write(0xf_fff8, 8, 0x22);
        new Ports(source, PciFunction.CONFIG_REGION).write(COMMAND, 2, 6);
    }

    private int save(BenchDevice device, int piece) {
        state(device).stop();
        return saveStopped(device, piece);
    }

    private int saveStopped(BenchDevice device, int piece) {
        int done = 0;
        try (Migratable.Saving saving = state(device).save()) {
            while (true) {
                int got = saving.read(stream, done, Math.min(piece, MOST_BYTES - done));
                done += got;
                if (got < piece) {
                    return done;
                }
            }
        }
    }

    private void restore(BenchDevice device, int bytes, int piece) {
        state(device).stop();
        try (Migratable.Loading loading = state(device).load()) {
            for (int done = 0; done < bytes; done += piece) {
                loading.write(stream, done, Math.min(piece, bytes - done));
            }
            loading.finish();
        }
    }

    private static Migratable state(BenchDevice device) {
        return device.migration().orElseThrow();
    }

    private static Ports registers(BenchDevice device) {
        return new Ports(device, BenchRegisters.BAR_REGISTERS);
    }
}
