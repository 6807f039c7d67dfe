package dev.nacre.corejava.boot;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.firmware.GspFirmware;
import dev.nacre.corejava.gpu.BootedGpu;
import dev.nacre.corejava.hal.CoreHal;
import dev.nacre.corejava.io.ConfigSpace;
import dev.nacre.corejava.io.Registers;
import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.PciIds;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Boots GPUs, in the order of drivers of real hardware. */
public final class GpuBoot {
    // HW: all chips; drivers map exactly this much
    private static final long BAR0_BYTES = 16 << 20;

    // HW: PCI class codes of display controllers: VGA and 3D
    private static final int CLASS_VGA = 0x0300;
    private static final int CLASS_3D = 0x0302;

    private GpuBoot() {}

    /** Names of the chips that can be booted. */
    public static List<String> chips() {
        return Arrays.stream(Chip.values()).map(Enum::name).toList();
    }

    /** Whether a function is a GPU of NVIDIA's; which chip it has shows only in its registers. */
    public static boolean supports(PciIds ids) {
        int displayClass = ids.classCode() >>> Byte.SIZE;
        return ids.vendor() == Chip.PCI_VENDOR_ID && (displayClass == CLASS_VGA || displayClass == CLASS_3D);
    }

    /**
     * Boots a GPU. Waits for it, seconds if need be.
     *
     * @param function the GPU, which nothing else drives; it stays the caller's
     * @throws CoreException if it cannot be booted, with a reason for people: NOT_SUPPORTED, NO_FIRMWARE, GONE,
     *     TIMED_OUT, IO; the GPU has been reset then
     */
    public static BootedGpu boot(FunctionAccess function, CoreConfig config) {
        DmaMemory dma = new DmaMemory(function);
        boolean booted = false;
        try {
            BootedGpu gpu = boot(function, config, dma);
            booted = true;
            return gpu;
        } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            // A function that is smaller than a GPU, or that refuses what every function takes.
            throw new CoreException(CoreError.IO, "The function does not behave as a GPU: " + e.getMessage(), e);
        } finally {
            if (!booted) {
                // ORDERING: the GPU uses the memory until it was reset.
                function.reset();
                dma.close();
            }
        }
    }

    private static BootedGpu boot(FunctionAccess function, CoreConfig config, DmaMemory dma) {
        ConfigSpace configSpace = new ConfigSpace(function);
        configSpace.enable();
        if (function.region(Registers.BAR0).size() < BAR0_BYTES) {
            throw new CoreException(
                    CoreError.NOT_SUPPORTED,
                    "BAR0 is too small: bytes="
                            + function.region(Registers.BAR0).size());
        }
        Registers registers = new Registers(function);
        CoreHal hal = CoreHal.of(Chips.identify(registers));
        GspFirmware firmware =
                GspFirmware.find(config.firmware(), hal.chip().id(), hal.firmwareVersions(), hal.signatureSection());
        DmaMemory.Buffer flushPage = dma.allocate(1);
        Hardware hardware = new Hardware(hal, registers, configSpace, dma, flushPage);
        GspStarter starter = starter(hardware, config);
        starter.awaitPowerOn();
        if (!starter.isClean()) {
            // Somebody has left it with firmware that nobody speaks to any more.
            function.reset();
            configSpace.enable();
            starter.awaitPowerOn();
        }
        hardware.quiesce();
        return start(new Launch(hardware, starter, firmware), config);
    }

    private static BootedGpu start(Launch launch, CoreConfig config) {
        Optional<ConfigSpace.Sriov> vfs =
                config.vgpu() && launch.hardware().hal().supportsVgpu()
                        ? launch.hardware().config().sriov()
                        : Optional.empty();
        Sharing sharing = new Sharing(vfs, config.scheduling());
        launch.starter().prepare(launch.firmware(), sharing.virtualFunctions());
        LiveGpu gpu = new LiveGpu(launch, sharing);
        boolean started = false;
        try {
            gpu.start();
            started = true;
            return gpu;
        } finally {
            if (!started) {
                gpu.abandon();
            }
        }
    }

    private static GspStarter starter(Hardware hardware, CoreConfig config) {
        return switch (hardware.hal().chip().bootPath()) {
            case BOOTER -> new FwsecStarter(hardware, config.firmware());
            case FSP -> new FspStarter(hardware, config.firmware());
        };
    }
}
