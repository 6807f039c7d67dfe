package dev.nacre.pci.bus;

import dev.nacre.pci.bus.PciDriver.RemoveCause;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Functions and the drivers that bind to them, as Linux does it: a driver takes every unbound device that it matches, when
 * either of the two comes; a device with an override is taken by that driver only.
 *
 * <p>Any thread may call. Changes happen one at a time, each complete when its call returns: drivers and listeners are
 * called on the caller's thread, under the bus's lock, in the order of what happened. Listeners must not change the bus.
 * A driver that throws harms its own device only.
 */
public final class PciBus implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PciBus.class.getName());

    private final TreeMap<PciAddress, PciDevice> devices = new TreeMap<>();
    private final List<PciDriver> drivers = new ArrayList<>();
    private final List<Consumer<BusEvent>> listeners = new CopyOnWriteArrayList<>();

    /** Makes an empty bus. */
    public PciBus() {}

    /** Tells a listener of what happens from now on. What it throws is logged. */
    public void listen(Consumer<BusEvent> listener) {
        listeners.add(listener);
    }

    /** All devices by address. */
    public synchronized List<PciDevice> devices() {
        return List.copyOf(devices.values());
    }

    /** The device at an address. */
    public synchronized Optional<PciDevice> device(PciAddress address) {
        return Optional.ofNullable(devices.get(address));
    }

    /**
     * Adds a function, and has a driver take it.
     *
     * @param address a place that is free
     * @param access the way to it, closed when it is removed
     * @return the device, bound or not
     * @throws IllegalArgumentException if the place is taken
     */
    public synchronized PciDevice add(PciAddress address, FunctionAccess access) {
        return add(address, access, null);
    }

    /**
     * Removes a device, its virtual functions first. Its driver is told that it has gone if it has, and that it is unbound
     * otherwise.
     *
     * @throws IllegalArgumentException if it is not on this bus, or virtual: those go with their number
     */
    public synchronized void remove(PciDevice device) {
        require(device);
        if (device.physicalFunction().isPresent()) {
            throw new IllegalArgumentException("A virtual function goes by its physical one's number: " + device);
        }
        removeWhole(device);
    }

    /**
     * Adds a driver, and has it take the devices that it matches.
     *
     * @throws IllegalArgumentException if there is one of that name
     */
    public synchronized void register(PciDriver driver) {
        if (find(driver.name()) != null) {
            throw new IllegalArgumentException("There is a driver " + driver.name() + " already");
        }
        drivers.add(driver);
        for (PciDevice device : devices()) {
            if (device.driver == null && devices.containsValue(device) && takes(driver, device)) {
                probe(driver, device);
            }
        }
    }

    /** Takes a driver away, with its devices unbound. Nothing if it is not registered. */
    public synchronized void unregister(PciDriver driver) {
        if (drivers.remove(driver)) {
            devices().reversed().stream()
                    .filter(device -> driver.equals(device.driver))
                    .forEach(device -> unbindWhole(device, RemoveCause.UNBIND));
        }
    }

    /**
     * Has only one driver take a device from now on. The driver that it has keeps it.
     *
     * @param driver a driver's name, registered or not; null for whichever matches
     */
    public synchronized void override(PciDevice device, @Nullable String driver) {
        require(device);
        device.driverOverride(driver);
    }

    /**
     * Has a driver take a device that none has, after {@link #unbind}, a failure, or another {@link #override}.
     *
     * @return its state afterwards
     * @throws IllegalStateException if it has a driver
     */
    public synchronized DriverState bind(PciDevice device) {
        require(device);
        if (device.driver != null) {
            throw new IllegalStateException("Has the driver " + device.driver.name() + " already: " + device);
        }
        bindToFirst(device);
        return device.state();
    }

    /** Has its driver let go of a device, virtual functions first. Nothing if it has none. */
    public synchronized void unbind(PciDevice device) {
        require(device);
        unbindWhole(device, RemoveCause.UNBIND);
    }

    /**
     * Gives a physical function another number of virtual ones, which are added and bound, or unbound and removed.
     *
     * @param count 0, or, if it has none now, up to what it can have
     * @throws IllegalArgumentException if it cannot have so many
     * @throws IllegalStateException if it has some already, has no driver, or its driver refuses
     */
    public synchronized void setVirtualFunctions(PciDevice physical, int count) {
        require(physical);
        SriovCapability sriov = SriovCapability.of(physical.access());
        if (count < 0 || count > sriov.total()) {
            throw new IllegalArgumentException(
                    "Virtual functions are not 0 to " + sriov.total() + ": " + count + ", " + physical);
        }
        if (count == 0) {
            removeVirtualFunctions(physical);
            return;
        }
        PciDriver driver = physical.driver;
        if (driver == null || !physical.virtualFunctions().isEmpty()) {
            throw new IllegalStateException(
                    (driver == null ? "Has no driver: " : "Has virtual functions already: ") + physical);
        }
        try {
            driver.configureVirtualFunctions(physical, count);
        } catch (RuntimeException e) {
            throw new IllegalStateException("Driver " + driver.name() + " refuses: " + reason(e), e);
        }
        sriov.enable(count);
        addVirtualFunctions(physical, sriov, count);
    }

    /**
     * Puts all devices to sleep, virtual functions before physical ones, the last first.
     *
     * @throws IllegalStateException if a driver refuses; those that slept already are awake again
     */
    public synchronized void suspend() {
        for (PciDevice device : orderedByDependence().reversed()) {
            PciDriver driver = device.driver;
            if (driver == null || device.suspended) {
                continue;
            }
            try {
                driver.suspend(device);
            } catch (RuntimeException e) {
                resume();
                throw new IllegalStateException(
                        "Driver " + driver.name() + " cannot put " + device + " to sleep: " + reason(e), e);
            }
            device.suspended = true;
            tell(new BusEvent.Suspended(device));
        }
    }

    /** Wakes all devices that sleep, physical functions before virtual ones. */
    public synchronized void resume() {
        for (PciDevice device : orderedByDependence()) {
            PciDriver driver = device.driver;
            if (driver == null || !device.suspended) {
                continue;
            }
            device.suspended = false;
            try {
                driver.resume(device);
                tell(new BusEvent.Resumed(device));
            } catch (RuntimeException e) {
                removeVirtualFunctions(device);
                letGo(device, driver, RemoveCause.UNBIND);
                fail(device, driver, e);
            }
        }
    }

    /** Unbinds and removes everything, the last device first. */
    @Override
    public synchronized void close() {
        for (PciDevice device : devices().reversed()) {
            if (device.physicalFunction().isEmpty() && devices.containsValue(device)) {
                removeWhole(device);
            }
        }
        drivers.clear();
    }

    private PciDevice add(PciAddress address, FunctionAccess access, @Nullable PciDevice physical) {
        if (devices.containsKey(address)) {
            throw new IllegalArgumentException("There is a device at " + address + " already");
        }
        PciDevice device = new PciDevice(address, access, physical);
        devices.put(address, device);
        if (physical != null) {
            physical.addVirtual(device);
        }
        tell(new BusEvent.Added(device));
        bindToFirst(device);
        return device;
    }

    private void addVirtualFunctions(PciDevice physical, SriovCapability sriov, int count) {
        try {
            for (int i = 0; i < count; i++) {
                int index = i;
                FunctionAccess access = physical.access()
                        .virtualFunction(i)
                        .orElseThrow(() -> new IllegalStateException("Virtual function " + index + " does not show"));
                add(sriov.address(physical.address(), i), access, physical);
            }
        } catch (RuntimeException e) {
            removeVirtualFunctions(physical);
            throw new IllegalStateException("Cannot have " + count + " virtual functions: " + physical, e);
        }
        tell(new BusEvent.VirtualFunctions(physical, count));
    }

    /** Removes those that are there, and has the function and its driver know. */
    private void removeVirtualFunctions(PciDevice physical) {
        SriovCapability sriov = SriovCapability.of(physical.access());
        List<PciDevice> virtual = physical.virtualFunctions();
        virtual.reversed().forEach(this::removeWhole);
        if (sriov.isPresent()) {
            sriov.enable(0);
        }
        PciDriver driver = physical.driver;
        if (!virtual.isEmpty() && driver != null) {
            try {
                driver.configureVirtualFunctions(physical, 0);
            } catch (RuntimeException e) {
                log(physical, driver, "did not take that its virtual functions have gone", e);
            }
            tell(new BusEvent.VirtualFunctions(physical, 0));
        }
    }

    private void removeWhole(PciDevice device) {
        unbindWhole(device, device.access().isGone() ? RemoveCause.GONE : RemoveCause.UNBIND);
        device.physicalFunction().ifPresent(physical -> physical.removeVirtual(device));
        devices.remove(device.address());
        device.access().close();
        tell(new BusEvent.Removed(device));
    }

    private void unbindWhole(PciDevice device, RemoveCause cause) {
        removeVirtualFunctions(device);
        PciDriver driver = device.driver;
        if (driver != null) {
            letGo(device, driver, cause);
            device.state(new DriverState.Unbound());
            tell(new BusEvent.Unbound(device, driver.name()));
        }
    }

    private void letGo(PciDevice device, PciDriver driver, RemoveCause cause) {
        try {
            driver.remove(device, cause);
        } catch (RuntimeException e) {
            log(device, driver, "did not let go in order", e);
        }
        device.driver = null;
        device.suspended = false;
    }

    private void bindToFirst(PciDevice device) {
        for (PciDriver driver : drivers) {
            if (takes(driver, device)) {
                probe(driver, device);
                if (device.driver != null) {
                    return;
                }
            }
        }
    }

    private static boolean takes(PciDriver driver, PciDevice device) {
        return device.driverOverride().map(driver.name()::equals).orElseGet(() -> driver.matches(device.ids()));
    }

    private void probe(PciDriver driver, PciDevice device) {
        device.driver = driver;
        try {
            driver.probe(device);
        } catch (RuntimeException e) {
            removeVirtualFunctions(device);
            device.driver = null;
            fail(device, driver, e);
            return;
        }
        device.state(new DriverState.Bound(driver.name()));
        tell(new BusEvent.Bound(device, driver.name()));
    }

    private void fail(PciDevice device, PciDriver driver, RuntimeException cause) {
        device.state(new DriverState.Failed(driver.name(), reason(cause)));
        tell(new BusEvent.Failed(device, driver.name(), reason(cause)));
    }

    /** Physical functions before their virtual ones, which follow them by address. */
    private List<PciDevice> orderedByDependence() {
        List<PciDevice> ordered = new ArrayList<>();
        for (PciDevice device : devices.values()) {
            if (device.physicalFunction().isEmpty()) {
                ordered.add(device);
                ordered.addAll(device.virtualFunctions());
            }
        }
        return ordered;
    }

    private @Nullable PciDriver find(String name) {
        return drivers.stream()
                .filter(driver -> driver.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private void require(PciDevice device) {
        if (devices.get(device.address()) != device) {
            throw new IllegalArgumentException("Not on this bus: " + device);
        }
    }

    private void tell(BusEvent event) {
        for (Consumer<BusEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "A listener of the PCI bus failed, event=" + event, e);
            }
        }
    }

    private static void log(PciDevice device, PciDriver driver, String what, RuntimeException cause) {
        LOG.log(Level.ERROR, "device=" + device + " driver=" + driver.name() + ": " + what, cause);
    }

    private static String reason(RuntimeException cause) {
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
