package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.gsp.GspVersion;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Controls about virtual GPUs that concern the board as a whole. */
final class VgpuBoardControlTest {
    @ParameterizedTest
    @EnumSource
    void segmentSizeIsThatOfTheGuests(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            assertThat(fixture.control(0x2080017e, new byte[8]).get64(0)).isEqualTo(FakeGuests.SEGMENT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void firmwareSaysItsVersion(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            WireStruct features = fixture.control(0x20803601, new byte[72]);

            assertThat(features.get8(4)).isOne();
            assertThat(new String(features.toByteArray(), 6, 64, StandardCharsets.US_ASCII))
                    .startsWith(version.id() + "\0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void highestFunctionIsTold(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            assertThat(sriovMaxGfid(fixture)).isEqualTo(32);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsSupportedWithoutSriovMode(GspVersion version) {
        try (VgpuFixture fixture = new VgpuFixture(version).boot(32, 32, 0)) {
            assertUnsupported(fixture);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsSupportedWithoutPartitions(GspVersion version) {
        try (VgpuFixture fixture = new VgpuFixture(version).boot(32, 0, 1)) {
            assertUnsupported(fixture);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsSupportedWithoutFunctions(GspVersion version) {
        try (VgpuFixture fixture = new VgpuFixture(version).boot(0, 32, 1)) {
            assertUnsupported(fixture);
        }
    }

    private static void assertUnsupported(VgpuFixture fixture) {
        assertThat(sriovMaxGfid(fixture)).isZero();
        assertThat(fixture.status(VgpuFixture.ADD_TYPES, fixture.types(true))).isEqualTo(VgpuFixture.NOT_SUPPORTED);
        assertThat(fixture.host(1).bootloadStatus(fixture.host(1).parameters())).isEqualTo(VgpuFixture.NOT_SUPPORTED);
        assertThat(fixture.status(VgpuFixture.SHUTDOWN, VgpuFixture.words(1))).isEqualTo(VgpuFixture.NOT_SUPPORTED);
    }

    private static int sriovMaxGfid(VgpuFixture fixture) {
        int offset = fixture.version == GspVersion.R570_144 ? 1200 : 1696;
        return fixture.call(65, new byte[4096]).body().get32(offset);
    }

    @ParameterizedTest
    @EnumSource
    void objectMustBeASubdevice(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            byte[] record = FakeDriver.control(
                    VgpuFixture.CLIENT, VgpuFixture.DEVICE, VgpuFixture.SHUTDOWN, VgpuFixture.words(1));

            assertThat(fixture.call(76, record).body().get32(12)).isEqualTo(VgpuFixture.INVALID_OBJECT);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shortParametersAreRefused(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            for (int command = VgpuFixture.BOOTLOAD; command <= VgpuFixture.MGR_CONFIG; command++) {
                assertThat(fixture.status(command, new byte[0]))
                        .as("%x", command)
                        .isEqualTo(VgpuFixture.INVALID_PARAM_STRUCT);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void vgpusCannotBeMoved(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            assertThat(fixture.control(VgpuFixture.MIGRATION_SUPPORT, new byte[] {1})
                            .get8(0))
                    .isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWorksOfTheBoardIsAText(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            WireStruct answer = fixture.control(VgpuFixture.FS_ENCODING, new byte[260]);

            String text = new String(answer.toByteArray(), 0, 256, StandardCharsets.US_ASCII);
            assertThat(text).startsWith("AD102-A:");
            assertThat(answer.get32(256)).isEqualTo(text.indexOf('\0') + 1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "R570_144")
    void frameRatesAreLimitedOnlyWhereTimeIsNotShared(GspVersion version) {
        try (VgpuFixture bestEffort = new VgpuFixture(version).boot(32, 32, 1, 0);
                VgpuFixture fixedShare = new VgpuFixture(version).boot(32, 32, 1, 0x20011)) {
            assertThat(bestEffort.control(VgpuFixture.FRL_STATUS, new byte[1]).get8(0))
                    .isZero();
            assertThat(fixedShare.control(VgpuFixture.FRL_STATUS, new byte[1]).get8(0))
                    .isOne();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0, BEST_EFFORT 0",
        "0x1, EQUAL_SHARE 0",
        "0x40001, EQUAL_SHARE 4",
        "0x1e0011, FIXED_SHARE 30",
        "0xff0011, FIXED_SHARE 30",
        "0x55, BEST_EFFORT 0"
    })
    void settingSaysHowTimeIsDivided(String setting, String expected) {
        try (VgpuFixture fixture = new VgpuFixture(GspVersion.R570_144).boot(32, 32, 1, Integer.decode(setting))) {
            assertThat(fixture.guests.scheduling).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void stopOfTheFirmwareEndsPlugins(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            fixture.host(1).running();
            fixture.host(2).bootload();

            fixture.call(47, new byte[8]);

            assertThat(fixture.guests.running).isEmpty();
            assertThat(fixture.host(1).initLog()).contains("plugin has ended");
            assertThat(fixture.host(2).initLog()).contains("plugin has ended");
            assertThat(fixture.falcon.mailbox).isEqualTo(0x80000000);
        }
    }

    @ParameterizedTest
    @EnumSource
    void suspendEndsPluginsAndKeepsWhatWasTold(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            fixture.host(1).running();

            fixture.call(47, new byte[] {1, 0, 0, 0, 3, 0, 0, 0});

            assertThat(fixture.guests.running).isEmpty();
            WireStruct.over(fixture.driver.ram).put64((int) FakeDriver.SR_META, 0x8a3bb9e6c6c39d93L);
            int flag = version == GspVersion.R570_144 ? 0x28 : 0x38;
            WireStruct.over(fixture.driver.ram).put8((int) FakeDriver.RM_ARGUMENTS + flag, 1);
            fixture.gsp.resume(FakeDriver.SR_META);
            fixture.settle();
            fixture.host(1).running();
        }
    }

    @ParameterizedTest
    @EnumSource
    void resetEndsPluginsAndForgetsAll(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            fixture.host(3).running();
            fixture.gsp.thread().hold();

            fixture.gsp.reset();

            fixture.gsp.thread().resume();
            assertThat(fixture.guests.running).isEmpty();
            assertThat(fixture.guests.calls()).containsExactly("start 3", "stop 3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void boardWithVgpusCannotBeSaved(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version).withType()) {
            fixture.host(1).running();

            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> fixture.gsp.save(new dev.nacre.board.state.StateWriter()))
                    .isInstanceOf(dev.nacre.board.state.StateException.class)
                    .hasMessageContaining("virtual GPUs");
        }
    }

    @ParameterizedTest
    @EnumSource
    void registryOfAnyBytesIsTaken(GspVersion version) {
        try (VgpuFixture fixture = VgpuFixture.sharing(version)) {
            byte[] wild = new byte[200];
            Arrays.fill(wild, (byte) 0xff);
            fixture.driver.send(73, wild);
            fixture.gsp.doorbell();
            fixture.settle();

            assertThat(sriovMaxGfid(fixture)).isZero();
        }
    }
}
