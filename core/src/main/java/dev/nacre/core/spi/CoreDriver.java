package dev.nacre.core.spi;

import dev.nacre.core.Core;
import dev.nacre.pci.bus.PciDevice;
import dev.nacre.pci.bus.PciDriver;
import dev.nacre.pci.bus.PciIds;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Binds a core to the GPUs of a bus. Each offers its {@link Core} to the drivers of its virtual functions. */
public final class CoreDriver implements PciDriver {
    /** The name that a device's override uses. */
    public static final String NAME = "nacre-core";

    private final CoreProvider provider;
    private final CoreConfig config;
    private final Map<PciDevice, Core> cores = new ConcurrentHashMap<>();

    /** A driver that boots GPUs by an implementation. */
    public CoreDriver(CoreProvider provider, CoreConfig config) {
        this.provider = provider;
        this.config = config;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean matches(PciIds ids) {
        return provider.supports(ids);
    }

    @Override
    public void probe(PciDevice device) {
        if (device.physicalFunction().isPresent()) {
            throw new IllegalStateException("A virtual function is no GPU of its own: " + device);
        }
        Core core = provider.open(device.access(), config);
        cores.put(device, core);
        device.offer(Core.class, core);
    }

    @Override
    public void remove(PciDevice device, RemoveCause cause) {
        Core core = cores.remove(device);
        if (core != null) {
            core.close();
        }
    }

    @Override
    public void suspend(PciDevice device) {
        core(device).suspend();
    }

    @Override
    public void resume(PciDevice device) {
        core(device).resume();
    }

    @Override
    public void configureVirtualFunctions(PciDevice device, int count) {
        core(device).configureVirtualFunctions(count);
    }

    private Core core(PciDevice device) {
        return Objects.requireNonNull(cores.get(device), "not bound");
    }
}
