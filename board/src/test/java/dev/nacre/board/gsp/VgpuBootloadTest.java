package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.gsp.GspVersion;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** BOOTLOAD_GSP_VGPU_PLUGIN_TASK. */
final class VgpuBootloadTest {
    private static final int[] WILD = {-1, 0x7fffffff, 0x80000000};

    private static void assertRefused(GspVersion version, int status, BiConsumer<PluginHost, WireStruct> spoil) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(2);
            WireStruct parameters = host.parameters();
            spoil.accept(host, parameters);

            assertThat(host.bootloadStatus(parameters)).isEqualTo(status);

            assertThat(host.bootloadStatus(host.parameters()))
                    .as("nothing is left")
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void pluginSaysThatItIsReady(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(2).bootload();

            assertThat(host.initLog()).contains("plugin is up: gfid=2");
            assertThat(fixture.guests.running).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void functionMustExist(GspVersion version) {
        for (int gfid : new int[] {0, 33, 64, -1, Integer.MIN_VALUE}) {
            assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(4, gfid));
        }
    }

    @ParameterizedTest
    @EnumSource
    void functionMustBeShown(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            fixture.guests.count = 1;

            assertThat(fixture.host(2).bootloadStatus(fixture.host(2).parameters()))
                    .isEqualTo(VgpuFixture.INVALID_ARGUMENT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void addressMustBeTheFunctions(GspVersion version) {
        assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(0, host.dbdf() + 1));
        assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(0, -1));
    }

    @ParameterizedTest
    @EnumSource
    void typeMustBeKnownOrLeftOpen(GspVersion version) {
        assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(8, 870));
        assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(8, -1));
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            WireStruct open = fixture.host(1).parameters();
            open.put32(8, 0);
            assertThat(fixture.host(1).bootloadStatus(open)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void partitionedGpusAreRefused(GspVersion version) {
        assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(0x10, 3));
    }

    @ParameterizedTest
    @EnumSource
    void channelsMustBePossible(GspVersion version) {
        for (int wild : WILD) {
            assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(0x14, wild));
            assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(0x18, wild));
            assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(0x1c + 4 * 9, wild));
        }
        assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(0x14, 0));
        assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(0x18, 65));
        assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(0x1c + 4 * 9, 1985));
    }

    @ParameterizedTest
    @EnumSource
    void memoryMustBeWholeSegmentsOfTheDrivers(GspVersion version) {
        long[] addresses = {1, 0x1000, -FakeGuests.SEGMENT, VgpuFixture.USABLE_END, 1L << 62, Long.MIN_VALUE};
        for (long address : addresses) {
            assertRefused(version, VgpuFixture.INVALID_ADDRESS, (host, p) -> p.put64(host.at(0x178, 0x120), address));
        }
        for (long bytes : new long[] {0, 1, FakeGuests.SEGMENT + 1, -1, VgpuFixture.USABLE_END, Long.MAX_VALUE}) {
            assertRefused(version, VgpuFixture.INVALID_ADDRESS, (host, p) -> p.put64(host.at(0xd78, 0xd20), bytes));
        }
    }

    @ParameterizedTest
    @EnumSource
    void numberOfSegmentsMustBePossible(GspVersion version) {
        for (int count : new int[] {0, 385, -1, Integer.MIN_VALUE}) {
            assertRefused(version, VgpuFixture.INVALID_ARGUMENT, (host, p) -> p.put32(host.at(0x170, 0x118), count));
        }
    }

    @ParameterizedTest
    @EnumSource
    void segmentsMustFollowEachOther(GspVersion version) {
        assertRefused(version, VgpuFixture.INVALID_ADDRESS, (host, p) -> {
            p.put32(host.at(0x170, 0x118), 2);
            p.put64(host.at(0x180, 0x128), host.memory() + 2 * FakeGuests.SEGMENT);
            p.put64(host.at(0xd80, 0xd28), FakeGuests.SEGMENT);
        });
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1);
            WireStruct parameters = host.parameters();
            parameters.put32(host.at(0x170, 0x118), 2);
            parameters.put64(host.at(0x180, 0x128), FakeGuests.SEGMENT);
            parameters.put64(host.at(0xd80, 0xd28), FakeGuests.SEGMENT);
            assertThat(host.bootloadStatus(parameters)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void heapMustBeTheDriversAndHaveRoom(GspVersion version) {
        for (long address : new long[] {-0x1000, 1, VgpuFixture.USABLE_END, 1L << 62, Long.MIN_VALUE}) {
            assertRefused(version, VgpuFixture.INVALID_ADDRESS, (host, p) -> p.put64(host.at(0x1978, 0x1920), address));
        }
        for (long bytes : new long[] {0, 0x273fff, -1, Long.MAX_VALUE}) {
            assertRefused(version, VgpuFixture.INVALID_ADDRESS, (host, p) -> p.put64(host.at(0x1980, 0x1928), bytes));
        }
        assertRefused(version, VgpuFixture.INVALID_ADDRESS, (host, p) -> p.put64(host.at(0x1988, 0x1930), 0x1000));
    }

    @ParameterizedTest
    @EnumSource
    void logsMustLieInTheHeapBehindTheSharedArea(GspVersion version) {
        assertRefused(version, VgpuFixture.INVALID_ADDRESS, (host, p) -> p.put64(host.at(0x1990, 0x1938), 0x204000));
        assertRefused(
                version,
                VgpuFixture.INVALID_ADDRESS,
                (host, p) -> p.put64(host.at(0x1990, 0x1938), host.heap + 0x2000));
        assertRefused(
                version,
                VgpuFixture.INVALID_ADDRESS,
                (host, p) -> p.put64(host.at(0x19a0, 0x1948), host.heap + 0x210000));
        for (long bytes : new long[] {0, 16, -1, PluginHost.HEAP_BYTES, Long.MAX_VALUE}) {
            assertRefused(version, VgpuFixture.INVALID_ADDRESS, (host, p) -> p.put64(host.at(0x19a8, 0x1950), bytes));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAnotherHasIsRefused(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost first = fixture.host(1).bootload();
            PluginHost host = fixture.host(2);
            List<BiConsumer<PluginHost, WireStruct>> conflicts = List.of(
                    (h, p) -> p.put64(h.at(0x178, 0x120), first.memory()),
                    (h, p) -> p.put64(h.at(0x178, 0x120), first.heap),
                    (h, p) -> p.put64(h.at(0xd78, 0xd20), 40L << 20),
                    (h, p) -> p.put32(0x1c + 4 * 9, 32));
            for (BiConsumer<PluginHost, WireStruct> conflict : conflicts) {
                WireStruct parameters = host.parameters();
                conflict.accept(host, parameters);
                assertThat(host.bootloadStatus(parameters)).isIn(VgpuFixture.IN_USE, VgpuFixture.INVALID_ADDRESS);
            }
            assertThat(first.bootloadStatus(first.parameters())).isEqualTo(VgpuFixture.IN_USE);
            assertThat(host.bootloadStatus(host.parameters())).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void noMoreThanTheHeapsPartitionsRun(GspVersion version) {
        try (VgpuFixture fixture = new VgpuFixture(version).boot(32, 2, 1).withType()) {
            fixture.host(1).bootload();
            fixture.host(2).bootload();

            assertThat(fixture.host(3).bootloadStatus(fixture.host(3).parameters()))
                    .isEqualTo(VgpuFixture.INSUFFICIENT_RESOURCES);

            fixture.host(1).end();
            fixture.host(3).bootload();
        }
    }

    @ParameterizedTest
    @EnumSource
    void thirtyTwoRunAtOnceAndEnd(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            for (int gfid = 1; gfid <= 32; gfid++) {
                fixture.host(gfid).running();
            }
            assertThat(fixture.guests.running).hasSize(32);

            for (int gfid = 1; gfid <= 32; gfid++) {
                assertThat(fixture.host(gfid).shutDown()).isZero();
                PluginHost host = fixture.host(gfid);
                VgpuFixture.await("cleaned up", () -> host.cleanUp() == VgpuFixture.OK);
            }
            assertThat(fixture.guests.running).isEmpty();
            assertThat(fixture.gsp.pluginDefects()).isZero();
        }
    }
}
