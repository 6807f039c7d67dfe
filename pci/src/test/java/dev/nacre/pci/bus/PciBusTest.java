package dev.nacre.pci.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PciBusTest {
    private static final PciAddress FIRST = PciAddress.parse("0000:01:00.0");
    private static final PciAddress SECOND = PciAddress.parse("0000:02:00.0");

    private final PciBus bus = new PciBus();
    private final List<String> log = new ArrayList<>();

    /** Takes devices of some numbers, writes down what it is told, and refuses what it was told to. */
    private final class Driver implements PciDriver {
        private final String name;
        private final Set<Integer> deviceNumbers;
        final Set<String> refused = new HashSet<>();

        Driver(String name, Integer... deviceNumbers) {
            this.name = name;
            this.deviceNumbers = Set.of(deviceNumbers);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean matches(PciIds ids) {
            return deviceNumbers.contains(ids.device());
        }

        @Override
        public void probe(PciDevice device) {
            told("probe", device);
        }

        @Override
        public void remove(PciDevice device, RemoveCause cause) {
            told("remove " + cause, device);
        }

        @Override
        public void suspend(PciDevice device) {
            told("suspend", device);
        }

        @Override
        public void resume(PciDevice device) {
            told("resume", device);
        }

        @Override
        public void configureVirtualFunctions(PciDevice device, int count) {
            told("vfs " + count, device);
        }

        private void told(String what, PciDevice device) {
            log.add(name + ": " + what + " " + device.address());
            if (refused.contains(what)) {
                throw new IllegalStateException("no " + what);
            }
        }
    }

    @BeforeEach
    void listen() {
        bus.listen(event -> log.add(
                switch (event) {
                    case BusEvent.Added e -> "added " + e.device().address();
                    case BusEvent.Bound e -> "bound " + e.device().address() + " " + e.driver();
                    case BusEvent.Failed e -> "failed " + e.device().address() + " " + e.driver() + ": " + e.reason();
                    case BusEvent.Unbound e -> "unbound " + e.device().address() + " " + e.driver();
                    case BusEvent.VirtualFunctions e ->
                        "functions " + e.device().address() + " " + e.count();
                    case BusEvent.Suspended e -> "suspended " + e.device().address();
                    case BusEvent.Resumed e -> "resumed " + e.device().address();
                    case BusEvent.Removed e -> "removed " + e.device().address();
                }));
    }

    @Test
    void deviceIsTakenByTheDriverThatMatchesWhicheverComesFirst() {
        bus.register(new Driver("a", 1));
        PciDevice early = bus.add(FIRST, new LocalFunction(new TestFunction(1)));
        PciDevice late = bus.add(SECOND, new LocalFunction(new TestFunction(2)));
        assertThat(late.state()).isEqualTo(new DriverState.Unbound());
        bus.register(new Driver("b", 2));

        assertThat(early.state()).isEqualTo(new DriverState.Bound("a"));
        assertThat(late.state()).isEqualTo(new DriverState.Bound("b"));
        assertThat(early.ids()).isEqualTo(new PciIds(0x1234, 1, 0, 0, 0x030200, 0));
        assertThat(log)
                .containsExactly(
                        "added " + FIRST,
                        "a: probe " + FIRST,
                        "bound " + FIRST + " a",
                        "added " + SECOND,
                        "b: probe " + SECOND,
                        "bound " + SECOND + " b");
    }

    @Test
    void driverThatRefusesLeavesTheDeviceToTheNextAndOtherwiseFailed() {
        Driver first = new Driver("a", 1);
        first.refused.add("probe");
        bus.register(first);
        PciDevice device = bus.add(FIRST, new LocalFunction(new TestFunction(1)));
        assertThat(device.state()).isEqualTo(new DriverState.Failed("a", "no probe"));

        bus.register(new Driver("b", 1));

        assertThat(device.state()).isEqualTo(new DriverState.Bound("b"));
    }

    @Test
    void overrideIsObeyedByBindingAndByNothingBefore() {
        bus.register(new Driver("a", 1));
        bus.register(new Driver("b"));
        PciDevice device = bus.add(FIRST, new LocalFunction(new TestFunction(1)));

        bus.override(device, "b");
        assertThat(device.state()).isEqualTo(new DriverState.Bound("a"));
        bus.unbind(device);
        assertThat(bus.bind(device)).isEqualTo(new DriverState.Bound("b"));
        assertThatIllegalStateException().isThrownBy(() -> bus.bind(device)).withMessageContaining("driver b");
        bus.unbind(device);
        bus.override(device, "none");
        assertThat(bus.bind(device)).isEqualTo(new DriverState.Unbound());
        bus.override(device, null);
        assertThat(bus.bind(device)).isEqualTo(new DriverState.Bound("a"));
    }

    @Test
    void whatADriverOffersGoesWithIt() {
        bus.register(new Driver("a", 1));
        PciDevice device = bus.add(FIRST, new LocalFunction(new TestFunction(1)));
        device.offer(String.class, "core");
        assertThat(device.service(String.class)).contains("core");

        bus.unbind(device);

        assertThat(device.service(String.class)).isEmpty();
    }

    @Test
    void virtualFunctionsComeWithTheirAddressesAndGoBackwards() {
        TestFunction physical = new TestFunction(1, 3);
        bus.register(new Driver("pf", 1));
        bus.register(new Driver("vf", 2));
        PciDevice device = bus.add(FIRST, new LocalFunction(physical));
        log.clear();

        bus.setVirtualFunctions(device, 2);

        assertThat(physical.enabledVirtualFunctions()).isEqualTo(2);
        assertThat(device.virtualFunctions())
                .extracting(PciDevice::address)
                .containsExactly(FIRST.plus(4), FIRST.plus(6));
        assertThat(device.virtualFunctions())
                .allMatch(vf -> vf.physicalFunction().orElseThrow() == device);
        bus.setVirtualFunctions(device, 0);
        assertThat(physical.enabledVirtualFunctions()).isZero();
        assertThat(log)
                .containsExactly(
                        "pf: vfs 2 " + FIRST,
                        "added " + FIRST.plus(4),
                        "vf: probe " + FIRST.plus(4),
                        "bound " + FIRST.plus(4) + " vf",
                        "added " + FIRST.plus(6),
                        "vf: probe " + FIRST.plus(6),
                        "bound " + FIRST.plus(6) + " vf",
                        "functions " + FIRST + " 2",
                        "vf: remove UNBIND " + FIRST.plus(6),
                        "unbound " + FIRST.plus(6) + " vf",
                        "removed " + FIRST.plus(6),
                        "vf: remove UNBIND " + FIRST.plus(4),
                        "unbound " + FIRST.plus(4) + " vf",
                        "removed " + FIRST.plus(4),
                        "pf: vfs 0 " + FIRST,
                        "functions " + FIRST + " 0");
    }

    @Test
    void numberOfVirtualFunctionsThatCannotBeIsRefusedAndChangesNothing() {
        TestFunction physical = new TestFunction(1, 3);
        Driver driver = new Driver("pf", 1);
        bus.register(driver);
        PciDevice device = bus.add(FIRST, new LocalFunction(physical));
        PciDevice plain = bus.add(SECOND, new LocalFunction(new TestFunction(1)));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> bus.setVirtualFunctions(device, 4))
                .withMessageContaining("0 to 3");
        assertThatIllegalArgumentException().isThrownBy(() -> bus.setVirtualFunctions(plain, 1));
        driver.refused.add("vfs 1");
        assertThatIllegalStateException()
                .isThrownBy(() -> bus.setVirtualFunctions(device, 1))
                .withMessageContaining("no vfs 1");
        bus.setVirtualFunctions(device, 2);
        assertThatIllegalStateException().isThrownBy(() -> bus.setVirtualFunctions(device, 3));
        assertThat(device.virtualFunctions()).hasSize(2);
        bus.unbind(device);
        assertThatIllegalStateException()
                .isThrownBy(() -> bus.setVirtualFunctions(device, 1))
                .withMessageContaining("no driver");
    }

    @Test
    void virtualFunctionsGoBeforeTheirPhysicalOnesDriver() {
        bus.register(new Driver("pf", 1));
        PciDevice device = bus.add(FIRST, new LocalFunction(new TestFunction(1, 1)));
        bus.setVirtualFunctions(device, 1);
        log.clear();

        bus.unbind(device);

        assertThat(log)
                .containsExactly(
                        "removed " + FIRST.plus(4),
                        "pf: vfs 0 " + FIRST,
                        "functions " + FIRST + " 0",
                        "pf: remove UNBIND " + FIRST,
                        "unbound " + FIRST + " pf");
    }

    @Test
    void virtualFunctionWithoutRoomTakesAllOfThemBack() {
        TestFunction physical = new TestFunction(1, 2);
        bus.register(new Driver("pf", 1));
        PciDevice device = bus.add(FIRST, new LocalFunction(physical));
        bus.add(FIRST.plus(6), new LocalFunction(new TestFunction(9)));

        assertThatIllegalStateException().isThrownBy(() -> bus.setVirtualFunctions(device, 2));

        assertThat(device.virtualFunctions()).isEmpty();
        assertThat(physical.enabledVirtualFunctions()).isZero();
        assertThat(bus.device(FIRST.plus(4))).isEmpty();
        assertThat(bus.device(FIRST.plus(6))).isPresent();
    }

    @Test
    void deviceThatIsPulledOutIsGoneForItsDriver() {
        LocalFunction function = new LocalFunction(new TestFunction(1));
        bus.register(new Driver("a", 1));
        PciDevice device = bus.add(FIRST, function);
        log.clear();

        function.pull();
        bus.remove(device);

        assertThat(log).containsExactly("a: remove GONE " + FIRST, "unbound " + FIRST + " a", "removed " + FIRST);
        assertThat(bus.devices()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> bus.unbind(device));
        assertThat(bus.add(FIRST, new LocalFunction(new TestFunction(1))).state())
                .isEqualTo(new DriverState.Bound("a"));
    }

    @Test
    void driverThatThrowsWhenItLetsGoKeepsNothing() {
        Driver driver = new Driver("a", 1);
        driver.refused.add("remove UNBIND");
        bus.register(driver);
        PciDevice device = bus.add(FIRST, new LocalFunction(new TestFunction(1)));

        bus.unregister(driver);

        assertThat(device.state()).isEqualTo(new DriverState.Unbound());
        assertThat(bus.bind(device)).isEqualTo(new DriverState.Unbound());
    }

    @Test
    void sleepGoesUpwardsAndWakingDownwards() {
        bus.register(new Driver("pf", 1));
        bus.register(new Driver("vf", 2));
        PciDevice device = bus.add(FIRST, new LocalFunction(new TestFunction(1, 1)));
        bus.setVirtualFunctions(device, 1);
        log.clear();

        bus.suspend();
        bus.suspend();
        bus.resume();

        assertThat(log)
                .containsExactly(
                        "vf: suspend " + FIRST.plus(4),
                        "suspended " + FIRST.plus(4),
                        "pf: suspend " + FIRST,
                        "suspended " + FIRST,
                        "pf: resume " + FIRST,
                        "resumed " + FIRST,
                        "vf: resume " + FIRST.plus(4),
                        "resumed " + FIRST.plus(4));
    }

    @Test
    void driverThatCannotSleepKeepsTheHostAwake() {
        Driver driver = new Driver("pf", 1);
        driver.refused.add("suspend");
        bus.register(driver);
        bus.register(new Driver("vf", 2));
        PciDevice device = bus.add(FIRST, new LocalFunction(new TestFunction(1, 1)));
        bus.setVirtualFunctions(device, 1);
        log.clear();

        assertThatIllegalStateException().isThrownBy(bus::suspend).withMessageContaining("no suspend");

        assertThat(log).endsWith("vf: resume " + FIRST.plus(4), "resumed " + FIRST.plus(4));
    }

    @Test
    void driverThatDoesNotWakeLosesItsDevice() {
        Driver driver = new Driver("a", 1);
        driver.refused.add("resume");
        bus.register(driver);
        PciDevice device = bus.add(FIRST, new LocalFunction(new TestFunction(1)));

        bus.suspend();
        bus.resume();

        assertThat(device.state()).isEqualTo(new DriverState.Failed("a", "no resume"));
        driver.refused.clear();
        assertThat(bus.bind(device)).isEqualTo(new DriverState.Bound("a"));
    }

    @Test
    void closingTheBusUnbindsAndRemovesAllFromTheLastOn() {
        TestFunction function = new TestFunction(1, 1);
        bus.register(new Driver("pf", 1));
        PciDevice device = bus.add(FIRST, new LocalFunction(function));
        bus.setVirtualFunctions(device, 1);
        bus.add(SECOND, new LocalFunction(new TestFunction(5)));
        log.clear();

        bus.close();

        assertThat(log)
                .startsWith("removed " + SECOND, "removed " + FIRST.plus(4))
                .endsWith("removed " + FIRST);
        assertThat(function.calls).containsExactly("disconnected");
        assertThat(bus.devices()).isEmpty();
    }

    @Test
    void placeAndNameAreTakenOnce() {
        bus.register(new Driver("a", 1));
        bus.add(FIRST, new LocalFunction(new TestFunction(1)));

        assertThatIllegalArgumentException().isThrownBy(() -> bus.register(new Driver("a")));
        assertThatIllegalArgumentException().isThrownBy(() -> bus.add(FIRST, new LocalFunction(new TestFunction(1))));
    }

    @Test
    void listenerThatThrowsHarmsNothing() {
        bus.listen(event -> {
            throw new IllegalStateException("planted");
        });
        bus.register(new Driver("a", 1));

        assertThat(bus.add(FIRST, new LocalFunction(new TestFunction(1))).state())
                .isEqualTo(new DriverState.Bound("a"));
    }
}
