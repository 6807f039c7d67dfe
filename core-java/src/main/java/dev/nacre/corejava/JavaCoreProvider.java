package dev.nacre.corejava;

import dev.nacre.core.Core;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.corejava.boot.GpuBoot;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.PciIds;
import java.util.List;

/** Offers the core in Java. */
public final class JavaCoreProvider implements CoreProvider {
    /** Makes it; for the service loader. */
    public JavaCoreProvider() {}

    @Override
    public String name() {
        return JavaCore.NAME;
    }

    @Override
    public List<String> chips() {
        return GpuBoot.chips();
    }

    @Override
    public boolean supports(PciIds ids) {
        return GpuBoot.supports(ids);
    }

    @Override
    public Core open(FunctionAccess function, CoreConfig config) {
        return new JavaCore(GpuBoot.boot(function, config), config.vgpuChannels());
    }
}
