package dev.nacre.pci.bus;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A function on a bus. Any thread may ask it; {@link PciBus} changes it. */
public final class PciDevice {
    private final PciAddress address;
    private final PciIds ids;
    private final FunctionAccess access;
    private final @Nullable PciDevice physical;
    private final List<PciDevice> virtual = new CopyOnWriteArrayList<>();
    private final Map<Class<?>, Object> services = new HashMap<>();
    private volatile DriverState state = new DriverState.Unbound();
    private volatile @Nullable String override;

    /** Guarded by the bus. */
    @Nullable
    PciDriver driver;

    /** Guarded by the bus. */
    boolean suspended;

    PciDevice(PciAddress address, FunctionAccess access, @Nullable PciDevice physical) {
        this.address = address;
        this.access = access;
        this.physical = physical;
        this.ids = PciIds.of(access);
    }

    /** Where it is. */
    public PciAddress address() {
        return address;
    }

    /** What it says it is. */
    public PciIds ids() {
        return ids;
    }

    /** The way to it, for the driver that has it. */
    public FunctionAccess access() {
        return access;
    }

    /** Whether it has a driver. */
    public DriverState state() {
        return state;
    }

    /** The only driver that may take it; empty for whichever matches. */
    public Optional<String> driverOverride() {
        return Optional.ofNullable(override);
    }

    /** The function that this virtual one belongs to; empty for others. */
    public Optional<PciDevice> physicalFunction() {
        return Optional.ofNullable(physical);
    }

    /** The virtual functions that it has, in order. */
    public List<PciDevice> virtualFunctions() {
        return List.copyOf(virtual);
    }

    /**
     * Offers something to the drivers of other devices, as the driver of a physical function does to those of its virtual
     * ones. Until the driver that offers it has been removed.
     *
     * @param type what it is known by
     * @param service what is offered
     */
    public <T> void offer(Class<T> type, T service) {
        synchronized (services) {
            services.put(type, service);
        }
    }

    /** What this device's driver offers. */
    public <T> Optional<T> service(Class<T> type) {
        synchronized (services) {
            return Optional.ofNullable(type.cast(services.get(type)));
        }
    }

    @Override
    public String toString() {
        return address + " " + ids;
    }

    void state(DriverState next) {
        state = next;
        if (!(next instanceof DriverState.Bound)) {
            synchronized (services) {
                services.clear();
            }
        }
    }

    void driverOverride(@Nullable String name) {
        override = name;
    }

    void addVirtual(PciDevice function) {
        virtual.add(function);
    }

    void removeVirtual(PciDevice function) {
        virtual.remove(function);
    }
}
