package dev.nacre.corejava.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.corejava.boot.BoardUnderTest.Transport;
import dev.nacre.corejava.gpu.BootedGpu;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.regs.Fuse;
import dev.nacre.hw.regs.Pbus;
import dev.nacre.hw.regs.Pfb;
import dev.nacre.hw.regs.Pgc6;
import dev.nacre.hw.regs.Pmc;
import dev.nacre.pci.bus.LocalFunction;
import dev.nacre.pci.bus.PciIds;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GpuBootRefusalTest {
    private final BoardUnderTest under = new BoardUnderTest(Chip.AD102, Transport.LOCAL);
    private final SpoofedFunction function = new SpoofedFunction(under.function());

    @AfterEach
    void close() {
        under.close();
    }

    private static FirmwareSource firmware() {
        return BoardUnderTest.firmware(Chip.AD102, GspVersion.R570_144);
    }

    private void assertRefused(FirmwareSource firmware, CoreError error, String reason) {
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> GpuBoot.boot(function, CoreConfig.of(firmware)))
                .withMessageContaining(reason)
                .extracting(CoreException::error)
                .isEqualTo(error);
        assertThat(function.resets()).isPositive();
        // Nothing is in the way of who comes next.
        try (BootedGpu gpu = under.boot(GspVersion.R570_144)) {
            assertThat(gpu.description().chip()).isEqualTo("AD102");
        }
    }

    @Test
    void unknownChipIsNotSupported() {
        function.register(Pmc.BOOT_42.offset(), 0x16200000);

        assertRefused(firmware(), CoreError.NOT_SUPPORTED, "not known");
    }

    @Test
    void virtualFunctionIsNotSupported() {
        function.register(Pmc.BOOT_1.offset(), Pmc.BOOT_1_VGPU.set(0, 2));

        assertRefused(firmware(), CoreError.NOT_SUPPORTED, "virtual function");
    }

    @Test
    void missingFirmwareIsNamed() {
        assertRefused(FirmwareSource.of(Map.of()), CoreError.NO_FIRMWARE, "nvidia/ad102/gsp/gsp-570.144.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bootloader", "booter_load", "booter_unload"})
    void missingCompanionIsNamed(String name) {
        Map<String, byte[]> files = new HashMap<>(SyntheticFirmware.files("ad102", "570.144"));
        files.remove("nvidia/ad102/gsp/" + name + "-570.144.bin");

        assertRefused(FirmwareSource.of(files), CoreError.NO_FIRMWARE, name + "-570.144.bin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gsp", "bootloader", "booter_load", "booter_unload"})
    void garbageInsteadOfFirmwareIsRefused(String name) {
        Map<String, byte[]> files = new HashMap<>(SyntheticFirmware.files("ad102", "570.144"));
        files.put("nvidia/ad102/gsp/" + name + "-570.144.bin", new byte[4096]);

        assertRefused(FirmwareSource.of(files), CoreError.IO, name + "-570.144.bin");
    }

    @Test
    void impossibleMemorySizeIsRefused() {
        function.register(Pgc6.AON_SECURE_SCRATCH_GROUP_42.offset(), 3);

        assertRefused(firmware(), CoreError.IO, "size of its memory");
    }

    @Test
    void errorOfFwsecIsRefused() {
        function.register(Pbus.SW_SCRATCH_0E.offset(), 0x00050000);

        assertRefused(firmware(), CoreError.IO, "FWSEC reports error 0x5");
    }

    @Test
    void fuseWithoutSignatureIsRefused() {
        function.register(Fuse.OPT_FPF_GSP_UCODE_VERSION.at(8).offset(), 0x80);

        assertRefused(firmware(), CoreError.IO, "no signature for version 8");
    }

    @Test
    void gpuThatHasGoneIsGone() {
        ((LocalFunction) under.function()).pull();

        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> GpuBoot.boot(function, CoreConfig.of(firmware())))
                .extracting(CoreException::error)
                .isEqualTo(CoreError.GONE);
    }

    @Test
    void gpuWithFirmwareLeftInItIsResetFirst() {
        function.register(Pfb.WPR2_ADDR_HI.offset(), 0x1000);

        try (BootedGpu gpu = GpuBoot.boot(function, CoreConfig.of(firmware()))) {
            assertThat(function.resets()).isOne();
            assertThat(gpu.description().firmware()).isEqualTo("570.144");
        }
    }

    @Test
    void olderFirmwareIsTakenIfThereIsNoOther() {
        FirmwareSource older = BoardUnderTest.firmware(Chip.AD102, GspVersion.R535_113_01);

        try (BootedGpu gpu = GpuBoot.boot(function, CoreConfig.of(older))) {
            assertThat(gpu.description().firmware()).isEqualTo("535.113.01");
        }
    }

    @Test
    void gpusAreKnownByVendorAndClass() {
        assertThat(GpuBoot.supports(new PciIds(0x10de, 0x26b5, 0, 0, 0x030200, 0)))
                .isTrue();
        assertThat(GpuBoot.supports(new PciIds(0x10de, 0x2204, 0, 0, 0x030000, 0)))
                .isTrue();
        assertThat(GpuBoot.supports(new PciIds(0x10de, 0x22ba, 0, 0, 0x040300, 0)))
                .isFalse();
        assertThat(GpuBoot.supports(new PciIds(0x8086, 0x26b5, 0, 0, 0x030000, 0)))
                .isFalse();
        assertThat(GpuBoot.chips()).contains("AD102", "GA102");
    }
}
