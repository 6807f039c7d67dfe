package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.vgpu.GuestGpuSpec;
import dev.nacre.board.vgpu.GuestGpuState;
import dev.nacre.board.vgpu.GuestSurface;
import dev.nacre.board.vgpu.GuestUsage;
import dev.nacre.hw.gsp.GspVersion;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a plugin answers to its host. */
final class PluginMessageTest {
    private static final GuestGpuState LOADED = new GuestGpuState(
            true,
            "570.144",
            3,
            8192,
            List.of(new GuestSurface(1, 1024, 768, 4096, 0x1_2345_6700L, 3145728, 0xcf, true, 4)),
            new GuestUsage(1, 2, 3, 4));

    @ParameterizedTest
    @EnumSource
    void versionIsNegotiatedAsNone(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).bootload();

            assertThat(host.message(1, VgpuFixture.words(0, 77))).isZero();
            assertThat(host.payload(4)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void configurationMakesTheGuestsGpu(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(2).running();

            GuestGpuSpec spec = Objects.requireNonNull(fixture.guests.running.get(2));
            assertThat(spec.uuid()).isEqualTo(UUID.fromString("01020304-0506-0708-090a-0b0c0d0e0f02"));
            assertThat(spec.fbOffset()).isEqualTo(FakeGuests.SEGMENT);
            assertThat(spec.fbBytes()).isEqualTo(FakeGuests.SEGMENT);
            assertThat(spec.channels()).isEqualTo(64);
            assertThat(spec.type().name()).isEqualTo("NVIDIA TEST-869Q");
            assertThat(spec.type().pciDeviceId()).isEqualTo(0x26b5);
            assertThat(spec.type().pciSubsystemId()).isEqualTo(0x176d);
            assertThat(spec.type().heads()).isEqualTo(4);
            assertThat(spec.type().frameRateLimit()).isEqualTo(60);
            assertThat(spec.type().bar1Bytes()).isEqualTo(256L << 20);
            assertThat(spec.type().maxInstances()).isEqualTo(32);
            assertThat(host.vgpuLog()).contains("virtual GPU runs: type=NVIDIA TEST-869Q");
        }
    }

    private static void assertConfigurationRefused(GspVersion version, Consumer<WireStruct> spoil) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).bootload();
            WireStruct configuration = host.configuration();
            spoil.accept(configuration);

            assertThat(host.message(2, configuration.toByteArray())).isNotZero();

            assertThat(fixture.guests.running).isEmpty();
            assertThat(host.message(2, host.configuration().toByteArray())).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void configurationThatDoesNotFitIsRefused(GspVersion version) {
        assertConfigurationRefused(version, c -> c.put32(0x10, 0x777));
        assertConfigurationRefused(version, c -> c.put32(0x1c, 870));
        assertConfigurationRefused(version, c -> c.put32(0x1c, 0));
        assertConfigurationRefused(version, c -> c.put32(0x24, 5));
        assertConfigurationRefused(version, c -> c.put32(0x28, 65));
        assertConfigurationRefused(version, c -> c.put32(0x28, -1));
        assertConfigurationRefused(version, c -> c.put32(0x2c, -1));
        assertConfigurationRefused(version, c -> c.put32(0x2c, 65));
    }

    @ParameterizedTest
    @EnumSource
    void guestsGpuThatCannotBeMadeLeavesNothing(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            fixture.control(VgpuFixture.ADD_TYPES, fixture.types(true, fixture.type(869, 1)));
            fixture.guests.refuses = true;
            PluginHost host = fixture.host(1).bootload();
            assertThat(host.message(2, host.configuration().toByteArray())).isEqualTo(VgpuFixture.INVALID_STATE);
            fixture.guests.refuses = false;

            assertThat(host.message(2, host.configuration().toByteArray())).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void secondConfigurationIsRefused(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).running();

            assertThat(host.message(2, host.configuration().toByteArray())).isEqualTo(VgpuFixture.INVALID_STATE);
            assertThat(fixture.guests.calls()).containsExactly("start 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void resetResetsTheGuestsGpu(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            assertThat(fixture.host(1).running().message(1, new byte[8])).isZero();
            PluginHost host = fixture.host(2).running();

            assertThat(host.message(3, new byte[0])).isZero();

            assertThat(fixture.guests.calls()).containsExactly("start 1", "start 2", "reset 2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void slowResetHoldsUpNobodyElse(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost slow = fixture.host(1).running();
            PluginHost other = fixture.host(2).running();
            fixture.guests.resetGate = new CountDownLatch(1);
            slow.send(3, new byte[0]);
            VgpuFixture.await("reset", () -> fixture.guests.resetBegun.getCount() == 0);

            assertThat(other.message(14, new byte[0])).isZero();
            assertThat(slow.shutDown()).isZero();
            assertThat(slow.cleanUp()).isEqualTo(VgpuFixture.IN_USE);
            assertThat(slow.bootloadStatus(slow.parameters())).isEqualTo(VgpuFixture.IN_USE);

            fixture.guests.resetGate.countDown();
            fixture.awaitNotice(1, VgpuFixture.NOTIFY_SHUT_DOWN);
            assertThat(slow.cleanUp()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void messagesBeforeConfigurationAreRefused(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).bootload();
            for (int type : new int[] {3, 11, 13, 14}) {
                assertThat(host.message(type, new byte[2])).isEqualTo(VgpuFixture.INVALID_STATE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void migrationAndRegisterAccessAreNotSupported(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).running();
            for (int type : new int[] {4, 5, 6, 7, 8, 9, 10, 12}) {
                assertThat(host.message(type, new byte[16])).isEqualTo(VgpuFixture.NOT_SUPPORTED);
            }
            assertThat(host.vgpuLog()).contains("refuses MIGRATION_SAVE_STATE");
        }
    }

    @ParameterizedTest
    @EnumSource
    void unknownMessagesAreRefused(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).running();
            for (int type : new int[] {0, 15, -1, Integer.MIN_VALUE}) {
                assertThat(host.message(type, new byte[0])).isEqualTo(VgpuFixture.INVALID_ARGUMENT);
            }
            assertThat(host.message(1, new byte[8])).as("it goes on").isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void regionsMustBeWhereTheyAre(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).bootload();
            for (int field : new int[] {0, 0x10, 0x14, 0x18, 0x20, 0x28}) {
                int old = host.read(field);
                host.write(field, 0x7ffff000);
                assertThat(host.message(1, new byte[8])).isEqualTo(VgpuFixture.INVALID_ARGUMENT);
                host.write(field, old);
            }
            assertThat(host.message(1, new byte[8])).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void busMasterIsNoted(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).running();

            assertThat(host.message(13, new byte[] {1, 0})).isZero();

            assertThat(host.vgpuLog()).contains("bus master: enabled=1 allowed=0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void guestInfoIsWhatTheGuestsGpuKnows(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).running();
            fixture.guests.change(1, LOADED);

            assertThat(host.message(14, new byte[0])).isZero();

            assertThat(host.payload(0)).isOne();
            assertThat(host.payload(8)).isEqualTo(3);
            assertThat(host.log(0x2010, 64)).isEqualTo("570.144");
        }
    }

    @ParameterizedTest
    @EnumSource
    void surfacesAreBroughtUpToDate(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).running();
            fixture.guests.change(1, LOADED);

            assertThat(host.message(11, new byte[0])).isZero();

            int first = 0x1018;
            int second = first + host.at(72, 80);
            assertThat(host.read(first)).isOne();
            assertThat(host.read(first + 8)).isOne();
            assertThat(host.read(first + 0x14)).isZero();
            assertThat(host.read(first + host.at(0x3c, 0x40)) >>> host.at(8, 0) & 1)
                    .isOne();
            assertThat(host.read(second + 0x14)).isEqualTo(1024);
            assertThat(host.read(second + 0x18)).isEqualTo(768);
            assertThat(host.read(second + 0x24)).isEqualTo(3145728);
            assertThat(host.read(second + 0x28) * (long) host.read(second + 0x10))
                    .isEqualTo(0x1_2345_6700L);
            assertThat(host.read(second + 0x2c)).isEqualTo(0xcf);
            assertThat(host.read(second + 0x34)).isEqualTo(4096);
            assertThat(host.read(second + 0x3c) & 0xff).isEqualTo(4);
            assertThat(host.read(second + host.at(0x40, 0x4c)) & 0xff).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    void driverThatComesAndGoesIsTold(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).running();

            fixture.guests.change(1, LOADED);
            fixture.awaitNotice(1, 1);
            fixture.guests.change(1, FakeGuests.FRESH);
            fixture.awaitNotice(1, 2);

            assertThat(host.vgpuLog()).contains("guest's driver is there: version=570.144", "guest's driver is gone");
        }
    }

    @ParameterizedTest
    @EnumSource
    void guestsGpuThatEndsByItselfFailsThePlugin(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1).running();

            fixture.guests.change(1, null);

            fixture.awaitNotice(1, 4);
            assertThat(host.vgpuLog()).contains("plugin fails: the guest's GPU has ended");
            assertThat(host.message(3, new byte[0])).isEqualTo(VgpuFixture.INVALID_STATE);
            host.end();
            assertThat(host.cleanUp()).isZero();
            fixture.host(1).running();
        }
    }

    @ParameterizedTest
    @EnumSource
    void defectOfOnePluginIsItsOwn(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost other = fixture.host(2).running();
            PluginHost host = fixture.host(1).bootload();
            fixture.guests.throwsUp = true;

            assertThat(host.message(2, host.configuration().toByteArray())).isEqualTo(VgpuFixture.INVALID_STATE);

            assertThat(host.vgpuLog()).contains("plugin fails: defect");
            assertThat(fixture.gsp.pluginDefects()).isOne();
            assertThat(other.message(14, new byte[0])).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void fullLogKeepsItsEnd(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            PluginHost host = fixture.host(1);
            WireStruct parameters = host.parameters();
            parameters.put64(host.at(0x19a8, 0x1950), 0x1000);
            assertThat(host.bootloadStatus(parameters)).isZero();
            VgpuFixture.await("marker", () -> host.read(8) == 0x4e654a6f);
            host.regions();
            for (int i = 0; i < 200; i++) {
                host.message(100 + i, new byte[0]);
            }

            assertThat(host.log(0x224000, 0x1000)).contains("message 299").doesNotContain("message 100:");
            assertThat(host.log(0x225000, 0x1000)).isEmpty();
        }
    }
}
