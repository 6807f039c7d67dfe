package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.bus.DriverState;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.pci.bus.PciBus;
import dev.nacre.pci.bus.PciDevice;
import dev.nacre.pci.bus.PciDriver;
import dev.nacre.pci.bus.PciIds;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeavesNothing.class)
class VfioUserFunctionTest {
    private static final long IOVA = 0x10_0000;

    private final FakeFunction model = new FakeFunction();
    private final UnixSocket.Pair pair = UnixSocket.pair();
    private final VfioUserServer server = serve();
    private final VfioUserFunction function = new VfioUserFunction(VfioUserClient.over(pair.first()));

    private VfioUserServer serve() {
        VfioUserServer made =
                VfioUserServer.builder(model).connectedFd(pair.second()).build();
        made.start();
        return made;
    }

    @AfterEach
    void close() {
        function.close();
        server.close();
        model.close();
    }

    @Test
    void regionsAndInterruptsAreTheFunctions() {
        for (int index = 0; index < PciFunction.REGIONS; index++) {
            assertThat(function.region(index).size())
                    .isEqualTo(model.region(index).size());
        }
        for (InterruptKind kind : InterruptKind.values()) {
            assertThat(function.interruptCount(kind))
                    .isEqualTo(model.interrupts().count(kind));
        }
    }

    @Test
    void registersKeepWhatIsWritten() {
        function.writeInt(FakeFunction.BAR0, 8, 0x12345678);

        byte[] bytes = new byte[2];
        function.read(FakeFunction.BAR0, 9, MemorySegment.ofArray(bytes), 0, 2);
        assertThat(function.readInt(FakeFunction.BAR0, 8)).isEqualTo(0x12345678);
        assertThat(bytes).containsExactly(0x56, 0x34);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> function.readInt(
                        FakeFunction.BAR0, model.region(FakeFunction.BAR0).size() - 2));
    }

    @Test
    void functionReachesMemoryUntilItIsUnmapped() {
        try (Fd file = Memfd.ofFixedSize("dma", 8192)) {
            function.mapDma(IOVA, file, 4096, 4096, true);
            model.memory().busMaster(true);
            model.memory().writeInt(IOVA + 4, 7);

            assertThat(model.memory().readInt(IOVA + 4)).isEqualTo(7);
            assertThatIllegalArgumentException().isThrownBy(() -> function.mapDma(IOVA, file, 0, 8192, true));
            function.unmapDma(IOVA, 4096);
            assertThatIllegalArgumentException().isThrownBy(() -> function.unmapDma(IOVA, 4096));
            assertThat(function.isGone()).isFalse();
        }
    }

    @Test
    void interruptSignalsTheEventfdThatIsBound() {
        try (EventFd event = EventFd.create()) {
            function.bindInterrupts(InterruptKind.MSI, 0, List.of(event));
            boolean bound = model.interrupts().trigger(InterruptKind.MSI, 0);
            function.unbindInterrupts(InterruptKind.MSI);

            assertThat(bound).isTrue();
            assertThat(event.drain()).isEqualTo(1);
            assertThat(model.interrupts().trigger(InterruptKind.MSI, 0)).isFalse();
        }
    }

    @Test
    void functionWhoseServerEndsIsGone() {
        server.close();
        function.writeInt(FakeFunction.BAR0, 0, 1);

        assertThat(function.readInt(FakeFunction.BAR0, 0)).isEqualTo(-1);
        assertThat(function.isGone()).isTrue();
        function.reset();
        function.unmapDma(IOVA, 4096);
    }

    @Test
    void driverBindsToItOnABusAsToALocalOne() {
        List<PciIds> probed = new ArrayList<>();
        try (PciBus bus = new PciBus()) {
            bus.register(new PciDriver() {
                @Override
                public String name() {
                    return "any";
                }

                @Override
                public boolean matches(PciIds ids) {
                    return true;
                }

                @Override
                public void probe(PciDevice device) {
                    probed.add(device.ids());
                }

                @Override
                public void remove(PciDevice device, RemoveCause cause) {}
            });

            PciDevice device = bus.add(PciAddress.parse("0000:01:00.0"), function);

            assertThat(device.state()).isEqualTo(new DriverState.Bound("any"));
            assertThat(probed).containsExactly(device.ids());
        }
        assertThat(function.isGone()).isTrue();
    }
}
