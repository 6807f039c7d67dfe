package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.gsp.GspVersion;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ADD_VGPU_TYPE, SET_VGPU_MGR_CONFIG and SET_VGPU_HETEROGENEOUS_MODE. */
final class VgpuTypesTest {
    private static void assertRefused(GspVersion version, Consumer<WireStruct> spoil) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            WireStruct type = fixture.type(7, 4);
            spoil.accept(type);
            assertThat(fixture.status(VgpuFixture.ADD_TYPES, fixture.types(true, type)))
                    .isEqualTo(VgpuFixture.INVALID_ARGUMENT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void soundTypesAreTaken(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            assertThat(fixture.status(
                            VgpuFixture.ADD_TYPES, fixture.types(true, fixture.type(1, 1), fixture.type(2, 2))))
                    .isZero();
            assertThat(fixture.status(VgpuFixture.ADD_TYPES, fixture.types(false, fixture.type(3, 1))))
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void impossibleValuesAreRefused(GspVersion version) {
        assertRefused(version, t -> t.put32(0, 0));
        assertRefused(version, t -> t.put8(4, 0));
        assertRefused(version, t -> t.put8(4, 0xff));
        assertRefused(version, t -> t.put32(0x144, 0));
        assertRefused(version, t -> t.put32(0x144, -1));
        assertRefused(version, t -> t.put32(0x148, 5));
        assertRefused(version, t -> t.put32(0x148, -1));
        assertRefused(version, t -> t.put32(0x14c, -1));
        assertRefused(version, t -> t.put32(0x150, 0x10000));
        assertRefused(version, t -> t.put32(0x158, -1));
        assertRefused(version, t -> t.put64(0x188, 0));
        assertRefused(version, t -> t.put64(0x188, -1));
        assertRefused(version, t -> t.put32(0x1a8, 101));
        assertRefused(version, t -> t.put64(0x1b0, 0));
        assertRefused(version, t -> t.put64(0x1b0, 96));
        assertRefused(version, t -> t.put64(0x1b0, 512));
        assertRefused(version, t -> t.put64(0x1b0, 1L << 44));
        assertRefused(version, t -> t.put64(0x1b0, -1));
    }

    @ParameterizedTest
    @EnumSource
    void sameNumberTwiceIsRefused(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            assertThat(fixture.status(
                            VgpuFixture.ADD_TYPES, fixture.types(true, fixture.type(1, 1), fixture.type(1, 2))))
                    .isEqualTo(VgpuFixture.INVALID_ARGUMENT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void countBeyondTheListIsRefused(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            for (int count : new int[] {65, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                byte[] params = fixture.types(true, fixture.type(1, 1));
                WireStruct.over(params).put32(4, count);
                assertThat(fixture.status(VgpuFixture.ADD_TYPES, params)).isEqualTo(VgpuFixture.INVALID_PARAM_STRUCT);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void tooManyTypesAreRefused(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            WireStruct[] all = new WireStruct[64];
            for (int i = 0; i < all.length; i++) {
                all[i] = fixture.type(i + 1, 1);
            }
            assertThat(fixture.status(VgpuFixture.ADD_TYPES, fixture.types(true, all)))
                    .isZero();
            assertThat(fixture.status(VgpuFixture.ADD_TYPES, fixture.types(false, fixture.type(65, 1))))
                    .isEqualTo(VgpuFixture.INSUFFICIENT_RESOURCES);
        }
    }

    @ParameterizedTest
    @EnumSource
    void typesStayWhileThereAreVgpus(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).bootload();

            assertThat(fixture.status(VgpuFixture.ADD_TYPES, fixture.types(true)))
                    .isEqualTo(VgpuFixture.IN_USE);
            assertThat(fixture.status(VgpuFixture.MGR_CONFIG, new byte[] {1})).isEqualTo(VgpuFixture.IN_USE);

            host.end();
            assertThat(host.cleanUp()).isZero();
            assertThat(fixture.status(VgpuFixture.ADD_TYPES, fixture.types(true)))
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void typesMayDifferOnlyIfAllowed(GspVersion version) {
        for (int command : new int[] {VgpuFixture.MGR_CONFIG, VgpuFixture.HETEROGENEOUS}) {
            if (version == GspVersion.R535_113_01 && command == VgpuFixture.HETEROGENEOUS) {
                continue;
            }
            try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
                fixture.control(VgpuFixture.ADD_TYPES, fixture.types(true, fixture.type(869, 4), fixture.type(5, 4)));
                fixture.host(1).running();
                assertThat(other(fixture, 2)).isEqualTo(VgpuFixture.INSUFFICIENT_RESOURCES);
                for (int gfid = 1; gfid <= 2; gfid++) {
                    fixture.host(gfid).end();
                    assertThat(fixture.host(gfid).cleanUp()).isZero();
                }

                assertThat(fixture.status(command, new byte[] {1})).isZero();

                fixture.host(1).running();
                assertThat(other(fixture, 3)).isZero();
            }
        }
    }

    private static int other(VgpuFixture fixture, int gfid) {
        PluginHost host = fixture.host(gfid);
        WireStruct parameters = host.parameters();
        parameters.put32(8, 0);
        assertThat(host.bootloadStatus(parameters)).isZero();
        VgpuFixture.await("marker", () -> host.read(8) == 0x4e654a6f);
        host.regions();
        WireStruct configuration = host.configuration();
        configuration.put32(0x1c, 5);
        return host.message(2, configuration.toByteArray());
    }

    @ParameterizedTest
    @EnumSource
    void noMoreThanATypeAllowsRun(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            fixture.control(VgpuFixture.ADD_TYPES, fixture.types(true, fixture.type(869, 1)));
            fixture.host(1).running();
            PluginHost second = fixture.host(2).bootload();

            assertThat(second.message(2, second.configuration().toByteArray()))
                    .isEqualTo(VgpuFixture.INSUFFICIENT_RESOURCES);

            fixture.host(1).end();
            assertThat(second.message(2, second.configuration().toByteArray())).isZero();
        }
    }
}
