package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.ServerStatistics.Times;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server counts of all its clients. */
@ExtendWith(LeavesNothing.class)
class ServerStatisticsTest {
    private static byte[] read(int region) {
        return Bytes.of().u32(0, 0, region, 4).get();
    }

    /** The last of what was counted is counted after its answer has been sent. */
    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadlineNs);
            LockSupport.parkNanos(100_000);
        }
    }

    @Test
    void messages_areCountedByCommand() {
        try (Served served = Served.negotiated()) {
            assertThat(served.client
                            .call(RawClient.REGION_READ, read(FakeFunction.BAR0))
                            .errno())
                    .isZero();
            assertThat(served.client.call(RawClient.REGION_READ, read(77)).errno())
                    .isNotZero();
            assertThat(served.client.call(99, new byte[0]).errno()).isNotZero();

            ServerStatistics seen = served.statistics();

            assertThat(seen.messages())
                    .containsOnlyKeys("version", "region_read", "unknown")
                    .containsEntry("region_read", 2L)
                    .containsEntry("unknown", 1L);
            assertThat(seen.rejected()).isPositive();
            assertThat(seen.connections()).isEqualTo(1);
            assertThat(seen.times()).isEmpty();
        }
    }

    @Test
    void timedServer_tellsHowLongMessagesTook() {
        try (Served served = Served.negotiated(builder -> builder.timed(true))) {
            for (int i = 0; i < 50; i++) {
                served.client.call(RawClient.REGION_READ, read(FakeFunction.BAR0));
            }
            await(() -> served.statistics().times().orElseThrow().counts().stream()
                            .mapToLong(Long::longValue)
                            .sum()
                    == 51);

            assertThat(served.statistics().times().orElseThrow().sumNs()).isPositive();
        }
    }

    @Test
    void slowMessage_isTold() {
        List<String> slow = new CopyOnWriteArrayList<>();
        ServerListener listener = new ServerListener() {
            @Override
            public void slow(String command, long ns) {
                slow.add(command + " " + (ns >= 20_000_000));
            }
        };
        try (Served served = Served.negotiated(builder -> builder.timed(true).listener(listener))) {
            served.function.onRead = () -> LockSupport.parkNanos(30_000_000);
            served.client.call(RawClient.REGION_READ, read(FakeFunction.BAR0));

            await(() -> slow.contains("region_read true"));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 0", "1024, 0", "1025, 1", "2048, 1", "2049, 2", "1048576, 10", "9223372036854775807, 15"})
    void times_areSortedIntoRanges(long ns, int range) {
        assertThat(Times.range(ns)).isEqualTo(range);
    }
}
