package dev.nacre.hw.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.gsp.GspAbi.StaticInfoLayout;
import dev.nacre.hw.rm.RmControl;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GspAbiTest {
    @ParameterizedTest
    @EnumSource
    void version_hasItsInterface(GspVersion version) {
        assertThat(GspAbi.of(version).version()).isEqualTo(version);
        assertThat(GspVersion.ofSystemInfoBytes(version.systemInfoBytes())).isEqualTo(version);
    }

    @Test
    void systemInfoOfAnotherSize_isOfNoVersion() {
        assertThat(GspVersion.ofSystemInfoBytes(880)).isNull();
        assertThat(GspVersion.ofSystemInfoBytes(0)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void fieldsOfStaticInfo_areInOrderAndInside(GspVersion version) {
        StaticInfoLayout layout = GspAbi.of(version).staticInfo();

        assertThat(new int[] {
                    layout.gidInfo(),
                    layout.fbRegions(),
                    layout.sriovMaxGfid(),
                    layout.engineCaps(),
                    layout.fbLength(),
                    layout.fbBusWidth(),
                    layout.fbRamType(),
                    layout.l2CacheSize(),
                    layout.gpuNameString(),
                    layout.gpuShortNameString(),
                    layout.gpuNameStringUnicode(),
                    layout.bar1PdeBase(),
                    layout.vbiosValid(),
                    layout.internalClient(),
                    layout.bytes() - 12
                })
                .isSorted();
        assertThat(layout.bar1PdeBase() % 8).isZero();
        assertThat(layout.fbLength() % 8).isZero();
    }

    @Test
    void liveFigures_arePublishedByTheNewerFirmwareOnly() {
        SharedDataLayout layout =
                Objects.requireNonNull(GspAbi.of(GspVersion.R570_144).sharedData());

        assertThat(new int[] {
                    layout.clkPublicDomainInfos(),
                    layout.clkThrottleReason(),
                    layout.perfDevUtil(),
                    layout.perfCurrentPstate(),
                    layout.powerLimitGpu(),
                    layout.temperatures(),
                    layout.avgPowerUsage(),
                    layout.instPowerUsage(),
                    layout.bytes()
                })
                .isSorted()
                .satisfies(
                        all -> assertThat(all[0] % SharedDataLayout.ALIGNMENT).isZero());
        assertThat(GspAbi.of(GspVersion.R535_113_01).sharedData()).isNull();
        assertThat(GspAbi.of(GspVersion.R535_113_01).control(0x20802068)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void everyControl_hasANumberInEachReleaseOrIsOfOne(GspVersion version) {
        GspAbi abi = GspAbi.of(version);

        assertThat(abi.control(0x20800a5c)).isEqualTo(RmControl.NV2080_CTRL_CMD_INTERNAL_INTR_GET_KERNEL_TABLE);
        assertThat(abi.control(0x12345678)).isNull();
        assertThat(abi.control(0)).isNull();
    }

    @Test
    void numbersThatChangedTheirMeaning_areToldApart() {
        GspAbi recent = GspAbi.of(GspVersion.R570_144);
        GspAbi old = GspAbi.of(GspVersion.R535_113_01);

        assertThat(recent.control(0x20800ac3))
                .isEqualTo(RmControl.NV2080_CTRL_CMD_INTERNAL_FIFO_TOGGLE_ACTIVE_CHANNEL_SCHEDULING);
        assertThat(old.control(0x20800ac3)).isEqualTo(RmControl.NV2080_CTRL_CMD_INTERNAL_FBSR_SEND_REGION_INFO);
        assertThat(recent.control(0x00730108)).isEqualTo(RmControl.NV0073_CTRL_CMD_SYSTEM_GET_CONNECT_STATE);
        assertThat(old.control(0x00730108)).isNull();
        assertThat(old.control(0x00730122)).isEqualTo(RmControl.NV0073_CTRL_CMD_SYSTEM_GET_CONNECT_STATE);
        assertThat(recent.control(0x00730122)).isNull();
    }

    @Test
    void names_areFoundForEveryNumber() {
        assertThat(RmControl.nameOf(0x20801112)).isEqualTo("NV2080_CTRL_CMD_FIFO_GET_DEVICE_INFO_TABLE");
        assertThat(RmControl.nameOf(0xa06f0199)).contains("NVA06F").contains("0xa06f0199");
    }

    @Test
    void elements_holdHeadersAndPayload() {
        assertThat(QueueLayout.elements(32)).isEqualTo(1);
        assertThat(QueueLayout.elements(4096 - 48)).isEqualTo(1);
        assertThat(QueueLayout.elements(4096 - 47)).isEqualTo(2);
        assertThat(QueueLayout.elements(QueueLayout.MAX_RPC_BYTES)).isEqualTo(16);
    }
}
