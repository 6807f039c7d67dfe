package dev.nacre.testsupport.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.InterruptSink;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final long IOVA = 0x7_0000_0ff0L;
    private static final List<TimeLike> TIME = List.of(new TimeLike(FakeFunction.CLOCK, 1, 4, -1, "it is a clock"));

    private final Arena arena = Arena.ofShared();
    private final MemorySegment host = arena.allocate(0x4000, 0x1000);
    private final MemorySegment scratch = arena.allocate(64, 8);
    private AccessLog log;

    @BeforeEach
    void record() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FakeFunction function = new FakeFunction(0, 1000);
        function.memory().map(IOVA & -0x1000, host, true, true);
        function.interrupts().bind(InterruptKind.MSI, 0, new Ignored());
        LogHeader header = new LogHeader(Map.of(LogHeader.CHIP, "fake"));
        try (RecordingFunction recording = new RecordingFunction(function, () -> {}, header, bytes)) {
            exercise(recording);
        }
        log = AccessLog.read(new ByteArrayInputStream(bytes.toByteArray()));
    }

    @AfterEach
    void close() {
        arena.close();
    }

    /** Rings three times with different host memory, fills registers, polls the clock. */
    private void exercise(RecordingFunction function) {
        for (int round = 1; round <= 3; round++) {
            for (int at = 0; at < 64; at += 4) {
                host.set(ValueLayout.JAVA_INT_UNALIGNED, 0xff0 + at, round * at);
            }
            put(function, FakeFunction.ADDRESS, (int) IOVA);
            put(function, FakeFunction.ADDRESS + 4, (int) (IOVA >>> 32));
            put(function, FakeFunction.LENGTH, 64);
            put(function, FakeFunction.DOORBELL, 1);
            function.read(0, FakeFunction.SUM, scratch, 0, 4);
            assertThat(scratch.get(ValueLayout.JAVA_INT, 0)).isEqualTo(round * 480);
            function.read(0, FakeFunction.CLOCK, scratch, 0, 4);
        }
        for (int at = 0x2000; at < 0x3000; at++) {
            scratch.set(ValueLayout.JAVA_BYTE, 0, (byte) at);
            function.write(0, at, scratch, 0, 1);
        }
        for (int at = 0x2000; at < 0x3000; at += 8) {
            function.read(0, at, scratch, 0, 8);
        }
    }

    @Test
    void runsOfAccessesAreJoined() {
        assertThat(log.accessCount()).isEqualTo(3 * 6 + 4096 + 512);
        assertThat(log.entries())
                .filteredOn(LogEntry.Accesses.class::isInstance)
                .hasSize(3 * 4 + 2);
    }

    @Test
    void theSameFunctionPlaysToTheEnd() {
        try (Replay replay = replay()) {
            replay.attach(target(new FakeFunction(0, 5)));

            replay.play();

            assertThat(replay.position()).isEqualTo(log.accessCount());
        }
    }

    @Test
    void anotherResultIsFoundAtItsAccess() {
        try (Replay replay = replay()) {
            replay.attach(target(new FakeFunction(1, 5)));

            assertThatThrownBy(replay::play)
                    .isInstanceOfSatisfying(
                            ReplayDifference.class,
                            difference -> assertThat(difference.access()).isEqualTo(4))
                    .hasMessageContaining("host memory written");
        }
    }

    @Test
    void aClockThatIsNotNamedIsADifference() {
        try (Replay replay = new Replay(log, List.of(), offset -> "")) {
            replay.attach(target(new FakeFunction(0, 5)));

            assertThatThrownBy(replay::play)
                    .isInstanceOf(ReplayDifference.class)
                    .hasMessageContaining("0x009400");
        }
    }

    @Test
    void anotherFunctionGoesOnWhereTheFirstStopped() {
        for (long stop = 0; stop < log.accessCount(); stop += 7) {
            try (Replay replay = replay()) {
                FakeFunction first = new FakeFunction(0, 5);
                replay.attach(target(first));
                replay.playTo(stop);
                FakeFunction second = new FakeFunction(0, 7);
                second.takeOver(first);

                replay.attach(target(second));
                replay.play();

                assertThat(replay.position()).isEqualTo(log.accessCount());
            }
        }
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (java.util.zip.GZIPOutputStream zip = new java.util.zip.GZIPOutputStream(bytes)) {
            zip.write(new byte[100]);
        }

        assertThatThrownBy(() -> AccessLog.read(new ByteArrayInputStream(bytes.toByteArray())))
                .isInstanceOf(IOException.class);
    }

    private Replay replay() {
        return new Replay(log, TIME, offset -> "");
    }

    private static ReplayTarget target(FakeFunction function) {
        return new ReplayTarget(function, () -> {});
    }

    private void put(RecordingFunction function, int offset, int value) {
        scratch.set(ValueLayout.JAVA_INT, 0, value);
        function.write(0, offset, scratch, 0, 4);
    }

    private static final class Ignored implements InterruptSink {
        @Override
        public void signal() {}

        @Override
        public void close() {}
    }
}
