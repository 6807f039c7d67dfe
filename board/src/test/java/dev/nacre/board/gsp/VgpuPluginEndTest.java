package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.gsp.GspVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** SHUTDOWN_GSP_VGPU_PLUGIN_TASK, VGPU_PLUGIN_CLEANUP and FREE_STATES. */
final class VgpuPluginEndTest {
    @ParameterizedTest
    @EnumSource
    void endedPluginIsToldAndTouchesNothingMore(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).running();

            host.end();

            assertThat(fixture.guests.running).isEmpty();
            host.write(4, 1);
            host.write(8, 99);
            fixture.gsp.pluginDoorbell(1);
            assertThat(fixture.gsp.drainPlugins(60_000_000_000L)).isTrue();
            assertThat(host.read(0x1000 + host.at(4, 0))).isNotEqualTo(99);
        }
    }

    @ParameterizedTest
    @EnumSource
    void functionsWithoutPluginAreRefused(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            for (int gfid : new int[] {0, 1, 33, 64, -1, Integer.MIN_VALUE}) {
                byte[] params = VgpuFixture.words(gfid);
                assertThat(fixture.status(VgpuFixture.SHUTDOWN, params)).isEqualTo(VgpuFixture.NOT_FOUND);
                assertThat(fixture.status(VgpuFixture.CLEANUP, params)).isEqualTo(VgpuFixture.NOT_FOUND);
                fixture.gsp.pluginDoorbell(gfid);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void runningPluginIsNotForgotten(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).running();

            assertThat(host.cleanUp()).isEqualTo(VgpuFixture.IN_USE);

            assertThat(host.message(14, new byte[0])).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void endedPluginCanBeFollowedByAnother(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            fixture.host(1).running().end();

            fixture.host(1).running();

            assertThat(fixture.guests.calls()).containsExactly("start 1", "stop 1", "start 1");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "R570_144")
    void statesAreFreedOnlyOfWhatDoesNotRun(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).running();

            assertThat(fixture.status(VgpuFixture.FREE_STATES, VgpuFixture.words(1, 0)))
                    .isEqualTo(VgpuFixture.IN_USE);
            assertThat(fixture.status(VgpuFixture.FREE_STATES, VgpuFixture.words(0, 0)))
                    .isEqualTo(VgpuFixture.INVALID_ARGUMENT);
            assertThat(fixture.status(VgpuFixture.FREE_STATES, VgpuFixture.words(-1, 0)))
                    .isEqualTo(VgpuFixture.INVALID_ARGUMENT);
            host.end();
            assertThat(fixture.status(VgpuFixture.FREE_STATES, VgpuFixture.words(1, 0)))
                    .isZero();
        }
    }
}
