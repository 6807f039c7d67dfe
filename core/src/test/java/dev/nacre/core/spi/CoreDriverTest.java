package dev.nacre.core.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.pci.bus.DriverState;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciBus;
import dev.nacre.pci.bus.PciDevice;
import dev.nacre.pci.bus.PciIds;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CoreDriverTest {
    private static final PciAddress PLACE = PciAddress.parse("0000:01:00.0");

    private final List<String> calls = new ArrayList<>();
    private boolean refuses;

    @Test
    void coreIsOfferedWhileTheDriverIsBoundAndClosedAfterwards() {
        try (PciBus bus = new PciBus()) {
            bus.register(new CoreDriver(new Provider(), CoreConfig.of(FirmwareSource.of(Map.of()))));
            PciDevice device = bus.add(PLACE, new FakeFunction());

            assertThat(device.state()).isEqualTo(new DriverState.Bound(CoreDriver.NAME));
            assertThat(device.service(Core.class)).isPresent();
            bus.suspend();
            bus.resume();
            bus.unbind(device);

            assertThat(device.service(Core.class)).isEmpty();
            assertThat(calls).containsExactly("suspend", "resume", "close");
        }
    }

    @Test
    void gpuThatCannotBeBootedHasAFailedDriverWithTheReason() {
        refuses = true;
        try (PciBus bus = new PciBus()) {
            bus.register(new CoreDriver(new Provider(), CoreConfig.of(FirmwareSource.of(Map.of()))));
            PciDevice device = bus.add(PLACE, new FakeFunction());

            assertThat(device.state()).isEqualTo(new DriverState.Failed(CoreDriver.NAME, "no firmware"));
            assertThat(device.service(Core.class)).isEqualTo(Optional.empty());
        }
        assertThat(calls).isEmpty();
    }

    private final class Provider implements CoreProvider {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public List<String> chips() {
            return List.of("FAKE");
        }

        @Override
        public boolean supports(PciIds ids) {
            return ids.vendor() == FakeFunction.VENDOR;
        }

        @Override
        public Core open(FunctionAccess function, CoreConfig config) {
            if (refuses) {
                throw new CoreException(CoreError.NO_FIRMWARE, "no firmware");
            }
            return (Core) Proxy.newProxyInstance(
                    Core.class.getClassLoader(),
                    new Class<?>[] {Core.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "suspend", "resume", "close" -> {
                            calls.add(method.getName());
                            yield null;
                        }
                        default -> throw new AssertionError(method.getName());
                    });
        }
    }
}
