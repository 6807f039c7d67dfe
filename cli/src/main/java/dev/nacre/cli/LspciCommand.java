package dev.nacre.cli;

import dev.nacre.core.Core;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreDriver;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.pci.bus.DriverState;
import dev.nacre.pci.bus.PciBus;
import dev.nacre.pci.bus.PciDevice;
import dev.nacre.pci.bus.PciIds;
import dev.nacre.vfio.driver.VfioVgpuDriver;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import dev.nacre.vfio.type.TypeCatalog;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nacre lspci}. */
@Command(
        name = "lspci",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Put a GPU on a bus with the core's driver, and list the functions with the drivers that took them.",
            "",
            "Ends with 1 if a driver failed.",
            ""
        })
final class LspciCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private GpuOptions gpu;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CoreOptions core;

    @Option(
            names = "--vfs",
            paramLabel = "N",
            defaultValue = "0",
            description = "give a GPU of its own N virtual functions (default: ${DEFAULT-VALUE})")
    private int vfs;

    @Override
    public Integer call() {
        CoreProvider provider = core.provider();
        CoreConfig config = core.config();
        PrintWriter out = spec.commandLine().getOut();
        try (DrivenGpu driven = gpu.open(vfs);
                PciBus bus = new PciBus()) {
            PciDevice physical = bus.add(VgpuHost.ADDRESS, driven.function());
            bus.register(new CoreDriver(provider, config));
            bus.register(new VfioVgpuDriver(
                    board -> TypeCatalog.shipped().forChip(board.chip()), VgpuManagerOptions.DEFAULT));
            if (vfs > 0 && physical.state() instanceof DriverState.Bound) {
                bus.setVirtualFunctions(physical, vfs);
            }
            bus.devices().forEach(device -> out.print(text(device)));
            out.flush();
            return bus.devices().stream().anyMatch(device -> device.state() instanceof DriverState.Failed)
                    ? ExitCode.FAILED
                    : ExitCode.OK;
        }
    }

    private static String text(PciDevice device) {
        PciIds ids = device.ids();
        String name = device.service(Core.class)
                .map(core -> " " + core.board().name() + " (" + core.board().chip() + ")")
                .orElse("");
        return "%s %04x: %s (rev %02x)%s%n    subsystem: %04x:%04x%n    driver: %s%n"
                .formatted(
                        device.address(),
                        ids.classCode() >>> 8,
                        ids,
                        ids.revision(),
                        name,
                        ids.subsystemVendor(),
                        ids.subsystemDevice(),
                        driver(device));
    }

    private static String driver(PciDevice device) {
        return switch (device.state()) {
            case DriverState.Unbound() -> "none";
            case DriverState.Bound(String driver) ->
                driver
                        + device.service(Core.class)
                                .map(core -> ", core " + core.implementation())
                                .orElse("");
            case DriverState.Failed(String driver, String reason) -> driver + " failed: " + reason;
        };
    }
}
