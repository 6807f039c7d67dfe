package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.vgpu.GuestGpuState;
import dev.nacre.board.vgpu.GuestUsage;
import dev.nacre.hw.gsp.GspVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is told of virtual GPUs: ENUMERATE_VGPU_PER_PGPU, CLEAR_GUEST_VM_INFO, GET_VGPU_FB_USAGE, SET_VGPU_ENCODER_CAPACITY
 * and samples of the engines' use.
 */
final class VgpuListTest {
    private static final GuestGpuState BUSY =
            new GuestGpuState(true, "570.144", 1, 7 << 20, List.of(), new GuestUsage(5000, 2500, 30, 40));

    private static VgpuFixture withTwo(GspVersion version) {
        VgpuFixture fixture = VgpuFixture.sharing(version).withType();
        fixture.host(1).running();
        fixture.host(4).running();
        fixture.guests.change(4, BUSY);
        fixture.awaitNotice(4, 1);
        VgpuFixture.await("plugins are idle", () -> fixture.gsp.drainPlugins(0));
        return fixture;
    }

    private static WireStruct entry(VgpuFixture fixture, int index) {
        WireStruct all = fixture.control(VgpuFixture.ENUMERATE, new byte[4872]);
        assertThat(all.get32(0)).isEqualTo(2);
        return WireStruct.over(all.part(8 + 152 * index, 152).toByteArray());
    }

    private static String version(WireStruct entry) {
        return new String(entry.toByteArray(), 33, 32, StandardCharsets.US_ASCII).replace("\0", "");
    }

    @ParameterizedTest
    @EnumSource
    void vgpusAreEnumerated(GspVersion version) {
        try (VgpuFixture fixture = withTwo(version)) {
            WireStruct idle = entry(fixture, 0);
            WireStruct busy = entry(fixture, 1);

            assertThat(idle.get32(104)).isOne();
            assertThat(idle.get32(100)).isZero();
            assertThat(idle.get8(144)).isZero();
            assertThat(busy.get32(0)).isEqualTo(1004);
            assertThat(busy.get32(16)).isEqualTo(60);
            assertThat(version(busy)).isEqualTo("570.144");
            assertThat(busy.get32(100)).isOne();
            assertThat(busy.get32(104)).isEqualTo(4);
            assertThat(busy.get64(112)).isEqualTo(fixture.host(4).dbdf());
            assertThat(busy.get32(120)).isEqualTo(0xc1d00004);
            assertThat(busy.get64(128)).isEqualTo(7 << 20);
            assertThat(busy.get32(136)).isEqualTo(100);
            assertThat(busy.get8(144)).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAGuestHasToldIsForgotten(GspVersion version) {
        try (VgpuFixture fixture = withTwo(version)) {
            assertThat(fixture.status(VgpuFixture.CLEAR_GUEST, VgpuFixture.words(4)))
                    .isZero();

            assertThat(version(entry(fixture, 1))).isEmpty();
            for (int gfid : new int[] {0, 2, 64, -1}) {
                assertThat(fixture.status(VgpuFixture.CLEAR_GUEST, VgpuFixture.words(gfid)))
                        .isEqualTo(VgpuFixture.NOT_FOUND);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void memoryInUseIsTold(GspVersion version) {
        try (VgpuFixture fixture = withTwo(version)) {
            WireStruct usage = fixture.control(VgpuFixture.FB_USAGE, new byte[520]);

            assertThat(usage.get32(0)).isEqualTo(2);
            assertThat(usage.get32(8)).isOne();
            assertThat(usage.get64(16)).isEqualTo(4096);
            assertThat(usage.get32(24)).isEqualTo(4);
            assertThat(usage.get64(32)).isEqualTo(7 << 20);
        }
    }

    @ParameterizedTest
    @EnumSource
    void encodersShareCanBeSet(GspVersion version) {
        try (VgpuFixture fixture = withTwo(version)) {
            assertThat(fixture.status(VgpuFixture.ENCODER, VgpuFixture.words(4, 25)))
                    .isZero();

            assertThat(entry(fixture, 1).get32(136)).isEqualTo(25);
            assertThat(fixture.status(VgpuFixture.ENCODER, VgpuFixture.words(4, 101)))
                    .isEqualTo(VgpuFixture.INVALID_ARGUMENT);
            assertThat(fixture.status(VgpuFixture.ENCODER, VgpuFixture.words(4, -1)))
                    .isEqualTo(VgpuFixture.INVALID_ARGUMENT);
            assertThat(fixture.status(VgpuFixture.ENCODER, VgpuFixture.words(9, 5)))
                    .isEqualTo(VgpuFixture.NOT_FOUND);
        }
    }

    @ParameterizedTest
    @EnumSource
    void useOfTheEnginesIsSampledWhileVgpusRun(GspVersion version) {
        try (VgpuFixture fixture = withTwo(version)) {
            // Those that were taken while the virtual GPUs came do not tell of both at work.
            fixture.settle();
            fixture.discardMessages();
            VgpuFixture.await("samples", () -> {
                while (fixture.driver.hasMessage()) {
                    fixture.events.add(fixture.driver.receive());
                }
                return fixture.events.stream().anyMatch(e -> e.function == 0x1008);
            });

            WireStruct samples = fixture.events.stream()
                    .filter(e -> e.function == 0x1008)
                    .findFirst()
                    .orElseThrow()
                    .body();
            assertThat(samples.length()).isGreaterThanOrEqualTo(16 + 72 * 56);
            assertThat(samples.get8(0)).isEqualTo(2);
            assertThat(samples.get32(8)).isEqualTo(2);
            int second = 16 + 56;
            assertThat(samples.get64(second)).isPositive();
            assertThat(samples.get32(second + 8)).isEqualTo(2500);
            assertThat(samples.get32(second + 12)).isEqualTo(1004);
            assertThat(samples.get32(second + 16)).isEqualTo(4);
            assertThat(samples.get32(second + 20)).isEqualTo(5000);
            assertThat(samples.get32(second + 32)).isEqualTo(30);
            assertThat(samples.get32(second + 44)).isEqualTo(40);
        }
    }
}
