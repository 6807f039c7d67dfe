package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.rm.WireStruct;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory in which the firmware publishes live figures. Numbers are written out, not taken from tables. */
@Timeout(60)
class LiveFiguresTest {
    private static final int ADDRESS = 0x50_0000;
    private static final int INIT = 0x20800afe;
    private static final int POLL = 0x20800aff;
    private static final long EVERYTHING = -1;
    private static final int[] STAMPS = {72, 96, 112, 264, 280, 296, 368, 392};

    private final GspFixture fixture = new GspFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private WireStruct page() {
        return WireStruct.over(fixture.driver.ram).part(ADDRESS, 0x1000);
    }

    private static byte[] address(long at) {
        WireStruct params = WireStruct.ofSize(8);
        params.put64(0, at);
        return params.toByteArray();
    }

    private static byte[] wanted(long mask, int everyMs) {
        WireStruct params = WireStruct.ofSize(16);
        params.put64(0, mask);
        params.put32(8, everyMs);
        return params.toByteArray();
    }

    private int status(int command, byte[] params) {
        return fixture.controlStatus(GspFixture.INTERNAL_CLIENT, GspFixture.SUBDEVICE, command, params);
    }

    private void publish(long mask) {
        fixture.internal(INIT, address(ADDRESS));
        fixture.internal(POLL, wanted(mask, 100));
    }

    private static void await(BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadlineNs);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void everythingWanted_isPublished() {
        fixture.boot(928);
        fixture.sensors.now = FakeSensors.of(40);

        publish(EVERYTHING);

        for (int stamp : STAMPS) {
            assertThat(page().get64(stamp)).as("stamp at %d", stamp).isEqualTo(5_000);
        }
        assertThat(page().get32(80)).as("graphics clock").isEqualTo(240);
        assertThat(page().get32(84)).as("memory clock").isEqualTo(440);
        assertThat(page().get32(88)).as("video clock").isEqualTo(540);
        assertThat(page().get32(92)).as("SM clock").isEqualTo(240);
        assertThat(page().get32(104)).as("reasons to be slow").isZero();
        assertThat(page().get32(120)).as("GPU").isEqualTo(40);
        assertThat(page().get32(124)).as("memory").isEqualTo(40);
        assertThat(page().get32(272)).as("performance state").isEqualTo(1);
        assertThat(page().get32(288)).as("requested limit").isEqualTo(300_000);
        assertThat(page().get32(292)).as("enforced limit").isEqualTo(300_000);
        assertThat(page().get32(304)).as("temperature").isEqualTo(40 * 256);
        assertThat(page().get32(376)).as("average power").isEqualTo(2040);
        assertThat(page().get32(400)).as("power").isEqualTo(1040);
        assertThat(page().get64(312)).as("HBM has no sensor").isZero();
        assertThat(page().get64(0)).as("the driver's own section").isZero();
        assertThat(page().part(464, 0x1000 - 464).toByteArray()).containsOnly(0);
    }

    @Test
    void anIdleGpuSaysSo() {
        fixture.boot(928);

        publish(EVERYTHING);

        assertThat(page().get32(104)).isEqualTo(1);
        assertThat(page().get32(272)).as("P8").isEqualTo(0x100);
    }

    @Test
    void onlyWantedSectionsAreWritten() {
        fixture.boot(928);

        publish(0x10);

        assertThat(page().get64(296)).isNotZero();
        for (int stamp : new int[] {72, 96, 112, 264, 280, 368, 392}) {
            assertThat(page().get64(stamp)).isZero();
        }
    }

    @Test
    void theyAreWrittenAgainAndSensorsRestWhileNothingIsWanted() {
        fixture.boot(928);
        publish(8);
        fixture.timeNs.set(9_000_000);
        fixture.sensors.now = FakeSensors.of(7);

        await(() -> page().get64(392) == 9_000);

        assertThat(page().get32(400)).isEqualTo(1007);
        fixture.internal(POLL, wanted(0, 0));
        int reads = fixture.sensors.reads.get();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
        fixture.ring();
        assertThat(fixture.sensors.reads.get()).isEqualTo(reads);
    }

    @Test
    void aReaderNeverSeesHalf() {
        fixture.boot(928);
        publish(EVERYTHING);
        Thread writer = Thread.ofPlatform().start(() -> {
            for (int i = 1; i <= 2_000; i++) {
                fixture.sensors.now = FakeSensors.of(i % 100);
                fixture.timeNs.set(5_000_000 + i * 1_000L);
                fixture.driver.send(
                        76,
                        FakeDriver.control(
                                GspFixture.INTERNAL_CLIENT, GspFixture.SUBDEVICE, POLL, wanted(EVERYTHING, 100)));
                fixture.ring();
                fixture.driver.receive();
            }
        });

        int seen = 0;
        while (writer.isAlive()) {
            long before = fixture.driver.memory.readLongAcquire(ADDRESS + 72);
            int graphics = fixture.driver.memory.readInt(ADDRESS + 80);
            int memory = fixture.driver.memory.readInt(ADDRESS + 84);
            int video = fixture.driver.memory.readInt(ADDRESS + 88);
            VarHandle.loadLoadFence();
            long after = fixture.driver.memory.readLong(ADDRESS + 72);
            if (before == after && before != -1) {
                assertThat(memory - graphics).isEqualTo(200);
                assertThat(video - memory).isEqualTo(100);
                seen++;
            }
        }
        assertThat(seen).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4, ADDRESS + 2, Long.MIN_VALUE + 1, -1, -8, -464})
    void addressThatSplitsStampsOrWraps_isRefused(long at) {
        fixture.boot(928);

        assertThat(status(INIT, address(at))).isEqualTo(0x1f);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x7fff_ffff_ffff_fff8L, -4096, 8 << 20, (8 << 20) - 400, Long.MIN_VALUE})
    void memoryThatCannotBeReached_isGivenUpAndCounted(long at) {
        fixture.boot(928);
        fixture.internal(INIT, address(at));
        fixture.internal(POLL, wanted(EVERYTHING, 100));

        assertThat(fixture.gsp.queueErrors()).containsEntry("memory of live figures cannot be reached", 1L);
        int reads = fixture.sensors.reads.get();
        fixture.ring();
        assertThat(fixture.sensors.reads.get()).isEqualTo(reads);
        publish(EVERYTHING);
        assertThat(page().get64(72)).isEqualTo(5_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7})
    void shortAddress_isRefused(int bytes) {
        fixture.boot(928);

        assertThat(status(INIT, new byte[bytes])).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99, -1, Integer.MIN_VALUE, 1_000_000})
    void impossiblePeriods_areBroughtIntoRange(int everyMs) {
        fixture.boot(928);
        fixture.internal(INIT, address(ADDRESS));
        fixture.internal(POLL, wanted(8, everyMs));
        fixture.timeNs.set(9_000_000);

        await(() -> page().get64(392) == 9_000);

        assertThat(fixture.sensors.reads.get()).isLessThan(20);
    }

    @Test
    void addressZero_takesTheMemoryBack() {
        fixture.boot(928);
        publish(EVERYTHING);
        fixture.internal(INIT, address(0));
        fixture.timeNs.set(9_000_000);

        fixture.internal(POLL, wanted(EVERYTHING, 100));

        assertThat(page().get64(72)).isEqualTo(5_000);
    }

    @Test
    void aNewDriver_isNotPublishedTo() {
        fixture.boot(928);
        publish(EVERYTHING);
        fixture.gsp.halt();
        fixture.settle();
        fixture.driver.prepare();
        fixture.timeNs.set(9_000_000);

        fixture.boot(928);
        fixture.internal(POLL, wanted(EVERYTHING, 100));

        assertThat(page().get64(72)).isEqualTo(5_000);
    }

    @Test
    void aRestoredGspGoesOn() {
        fixture.boot(928);
        publish(8);
        fixture.timeNs.set(9_000_000);

        fixture.saveAndRestore();

        await(() -> page().get64(392) == 9_000);
        assertThat(page().get64(72)).isZero();
    }

    @Test
    void olderFirmware_knowsNeitherMemoryNorControls() {
        fixture.boot(664);

        status(INIT, address(ADDRESS));
        status(POLL, wanted(EVERYTHING, 100));
        fixture.ring();

        assertThat(page().toByteArray()).containsOnly(0);
        assertThat(fixture.gsp.unknownControls()).hasSize(2);
    }

    @Test
    void performanceStateAndPowerSource_areAnswered() {
        fixture.boot(928);

        assertThat(fixture.internal(0x20802068, new byte[4]).get32(0)).isEqualTo(0x100);
        fixture.sensors.now = FakeSensors.of(3);
        assertThat(fixture.internal(0x20802068, new byte[4]).get32(0)).isEqualTo(1);
        assertThat(fixture.internal(0x2080205a, new byte[4]).get32(0))
                .as("mains")
                .isZero();
        assertThat(status(0x20802087, new byte[12])).as("no video engine").isEqualTo(0x56);
    }
}
