package dev.nacre.corejava.gsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.BoardInfo.FbRegion;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.Hostility;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.gsp.FbRegionInfo;
import dev.nacre.hw.gsp.GidInfo;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StaticInfoTest {
    private static final long FB_BYTES = 1L << 30;
    private static final long USABLE = 0x3000_0000L;

    private static WireStruct good(GspAbi abi) {
        GspAbi.StaticInfoLayout layout = abi.staticInfo();
        WireStruct info = new WireStruct(layout.bytes());
        info.put32(layout.gidInfo() + GidInfo.LENGTH, 16);
        for (int i = 0; i < 16; i++) {
            info.put8(layout.gidInfo() + GidInfo.DATA + i, i * 0x11);
        }
        int regions = layout.fbRegions();
        info.put32(regions + FbRegionInfo.NUM_REGIONS, 2);
        region(info, regions + FbRegionInfo.REGIONS, 0, USABLE - 1, 0);
        region(info, regions + FbRegionInfo.REGIONS + FbRegionInfo.REGION_BYTES, USABLE, FB_BYTES - 1, 4096);
        info.put32(layout.engineCaps(), 0x602);
        info.put(layout.gpuNameString(), "A GPU".getBytes(StandardCharsets.US_ASCII));
        info.put64(layout.bar1PdeBase(), USABLE);
        info.put32(layout.internalClient(), 0xc2000005);
        return info;
    }

    private static void region(WireStruct info, int at, long base, long limit, long reserved) {
        info.put64(at + FbRegionInfo.BASE, base)
                .put64(at + FbRegionInfo.LIMIT, limit)
                .put64(at + FbRegionInfo.RESERVED, reserved)
                .put8(at + FbRegionInfo.SUPPORT_COMPRESSED, 1)
                .put8(at + FbRegionInfo.SUPPORT_ISO, 1);
    }

    @ParameterizedTest
    @EnumSource(GspVersion.class)
    void fieldsAreWhereTheVersionHasThem(GspVersion version) {
        GspAbi abi = GspAbi.of(version);

        StaticInfo info = StaticInfo.parse(new HostileBytes("info", good(abi).bytes()), abi, FB_BYTES);

        assertThat(info.name()).isEqualTo("A GPU");
        assertThat(info.uuid()).isEqualTo("GPU-00112233-4455-6677-8899-aabbccddeeff");
        assertThat(info.fbRegions()).containsExactly(new FbRegion(0, USABLE));
        assertThat(info.bar1PageDirectory()).isEqualTo(USABLE);
        assertThat(info.engineCaps().stream()).containsExactly(1, 9, 10);
        assertThat(info.client()).isEqualTo(0xc2000005);
    }

    @ParameterizedTest
    @EnumSource(GspVersion.class)
    void regionsThatOverlapAreRefused(GspVersion version) {
        GspAbi abi = GspAbi.of(version);
        WireStruct info = good(abi);
        int second = abi.staticInfo().fbRegions() + FbRegionInfo.REGIONS + FbRegionInfo.REGION_BYTES;
        info.put64(second + FbRegionInfo.BASE, USABLE - 4096);

        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> StaticInfo.parse(new HostileBytes("info", info.bytes()), abi, FB_BYTES))
                .extracting(CoreException::error)
                .isEqualTo(CoreError.IO);
    }

    @ParameterizedTest
    @EnumSource(GspVersion.class)
    void anyInformationIsTakenOrRefused(GspVersion version) {
        GspAbi abi = GspAbi.of(version);

        Hostility.assertTakenOrRefused(
                good(abi).bytes(), bytes -> StaticInfo.parse(new HostileBytes("info", bytes), abi, FB_BYTES));
    }
}
