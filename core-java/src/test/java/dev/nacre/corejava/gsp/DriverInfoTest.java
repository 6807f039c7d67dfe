package dev.nacre.corejava.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.core.spi.VgpuScheduling.Policy;
import dev.nacre.corejava.boot.BoardUnderTest;
import dev.nacre.corejava.boot.BoardUnderTest.Transport;
import dev.nacre.corejava.boot.SpoofedFunction;
import dev.nacre.corejava.io.ConfigSpace;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspAbi.VfInfo;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.gsp.RpcLayout.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DriverInfoTest {
    private static final int MIRROR = 0x88000;

    private final BoardUnderTest under = new BoardUnderTest(Chip.AD102, Transport.LOCAL);
    private final SpoofedFunction function = new SpoofedFunction(under.function());

    @AfterEach
    void close() {
        under.close();
    }

    private static HostileBytes info(GspAbi abi, ConfigSpace config) {
        return new HostileBytes("info", DriverInfo.systemInfo(abi, config, MIRROR, config.sriov()));
    }

    private static List<String> names(byte[] bytes) {
        HostileBytes table = new HostileBytes("registry", bytes);
        assertThat(table.intAt(Registry.SIZE)).isEqualTo(bytes.length);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < table.intAt(Registry.NUM_ENTRIES); i++) {
            int entry = Registry.ENTRIES + i * Registry.ENTRY_BYTES;
            long name = table.uintAt(entry + Registry.NAME_OFFSET);
            names.add(table.textAt(name, (int) Math.min(64, bytes.length - name)) + "=" + table.intAt(entry + 8));
        }
        return names;
    }

    @ParameterizedTest
    @EnumSource(GspVersion.class)
    void systemInfoTellsOfVirtualFunctions(GspVersion version) {
        // Extended capability: id 0x10, last; 4 VFs from function number 4 on; BARs of 32, 64 and 64 bits.
        function.config(0x100, 0x0001_0010)
                .config(0x10c, 4 << 16)
                .config(0x114, 0x0001_0004)
                .config(0x124, 0x9000_0000)
                .config(0x128, 0x000c)
                .config(0x12c, 0x80)
                .config(0x130, 0x000c)
                .config(0x134, 0x90);
        GspAbi abi = GspAbi.of(version);
        int vfs = abi.systemInfo().vfInfo();

        HostileBytes info = info(abi, new ConfigSpace(function));

        assertThat(info.size()).isEqualTo(version.systemInfoBytes());
        assertThat(info.intAt(vfs + VfInfo.TOTAL_VFS)).isEqualTo(4);
        assertThat(info.intAt(vfs + VfInfo.FIRST_VF_OFFSET)).isEqualTo(4);
        assertThat(info.longAt(vfs + VfInfo.FIRST_VF_BAR0_ADDRESS)).isEqualTo(0x9000_0000L);
        assertThat(info.longAt(vfs + VfInfo.FIRST_VF_BAR0_ADDRESS + 8)).isEqualTo(0x80_0000_0000L);
        assertThat(info.longAt(vfs + VfInfo.FIRST_VF_BAR0_ADDRESS + 16)).isEqualTo(0x90_0000_0000L);
        assertThat(info.copy(vfs + VfInfo.B64BIT_BAR0, 3)).containsExactly(0, 1, 1);
        assertThat(info.intAt(abi.systemInfo().pciConfigMirrorBase())).isEqualTo(MIRROR);
    }

    @ParameterizedTest
    @EnumSource(GspVersion.class)
    void systemInfoOfBoardWithoutVirtualFunctionsTellsOfNone(GspVersion version) {
        GspAbi abi = GspAbi.of(version);
        ConfigSpace config = new ConfigSpace(function);

        HostileBytes info = new HostileBytes("info", DriverInfo.systemInfo(abi, config, MIRROR, Optional.empty()));

        assertThat(info.copy(abi.systemInfo().vfInfo(), VfInfo.BYTES)).containsOnly(0);
        assertThat(info.longAt(abi.systemInfo().maxUserVa())).isEqualTo(1L << 47);
    }

    @Test
    void registryAsksForSriovOnlyIfShared() {
        assertThat(names(DriverInfo.registry(Optional.empty())))
                .containsExactly("RMSecBusResetEnable=1", "RMForcePcieConfigSave=1", "RMDevidCheckIgnore=1");
        assertThat(names(DriverInfo.registry(Optional.of(VgpuScheduling.DEFAULT))))
                .contains("RMSetSriovMode=1", "RmPVMRL=0");
    }

    @Test
    void registryTellsHowTimeIsDivided() {
        assertThat(names(DriverInfo.registry(Optional.of(new VgpuScheduling(Policy.EQUAL_SHARE, 30)))))
                .contains("RmPVMRL=" + 0x1e_0001);
        assertThat(names(DriverInfo.registry(Optional.of(new VgpuScheduling(Policy.FIXED_SHARE, 0)))))
                .contains("RmPVMRL=" + 0x11);
        assertThat(names(DriverInfo.registry(Optional.of(new VgpuScheduling(Policy.BEST_EFFORT, 5)))))
                .contains("RmPVMRL=0");
    }
}
