package dev.nacre.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.vfiouser.VfioUserClient;
import dev.nacre.vfiouser.VfioUserServer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GpioCardTest {
    private static final int COMMAND = 0x04;
    private static final int COMMAND_IO = 0x1;
    private static final int BAR = 2;
    private static final int PENDING_LOW = 0x5;
    private static final int PENDING_HIGH = 0x6;

    private final GpioCard card = new GpioCard();
    private final Ports config = new Ports(card, PciFunction.CONFIG_REGION);
    private final Ports ports = new Ports(card, BAR);
    private final CountingSink line = new CountingSink();

    @BeforeEach
    void enable() {
        config.write(COMMAND, 2, COMMAND_IO);
        card.interrupts().bind(InterruptKind.INTX, 0, line);
    }

    @Test
    void driverFindsItsIdsItsBarAndAnInterruptPin() {
        assertThat(config.read(0, 4)).isEqualTo(0x0dc8_494fL);
        assertThat(config.read(0x10 + 4 * BAR, 4)).as("an I/O BAR").isEqualTo(1);
        assertThat(config.read(0x3d, 1)).as("interrupt pin").isEqualTo(1);
        assertThat(card.region(BAR)).isEqualTo(Region.readWrite(8));
        assertThat(card.region(0)).isEqualTo(Region.ABSENT);
    }

    @Test
    void inputsFollowTheOutputs() {
        ports.write(0, 1, 0xa5);
        ports.write(4, 1, 0x3c);

        assertThat(ports.read(0, 8)).isEqualTo(0x00_00_3c_3c_00_00_a5_a5L);
    }

    @Test
    void changesAssertTheLineUntilAcknowledged() {
        ports.read(2, 1);

        ports.write(0, 1, 0x01);

        assertThat(line.signals).isEqualTo(1);
        assertThat(card.interrupts().lineAsserted()).isTrue();
        assertThat(ports.read(6, 1)).isEqualTo(PENDING_LOW);
        ports.write(1, 1, 0);
        assertThat(card.interrupts().lineAsserted()).isFalse();
        assertThat(ports.read(6, 1)).isZero();
        ports.write(4, 1, 0x80);
        card.interrupts().mask(InterruptKind.INTX, 0, false);
        assertThat(line.signals).isEqualTo(2);
        assertThat(ports.read(6, 1)).isEqualTo(PENDING_HIGH);
    }

    @Test
    void writeOfTheSameOutputsIsNoChange() {
        ports.read(2, 1);

        ports.write(0, 1, 0);

        assertThat(card.interrupts().lineAsserted()).isFalse();
    }

    @Test
    void interruptsAreOffAtResetAndAfterTheyWereDisabled() {
        ports.write(0, 1, 1);
        assertThat(line.signals).isZero();

        ports.read(2, 1);
        ports.write(2, 1, 0);
        ports.write(0, 1, 2);

        assertThat(line.signals).isZero();
    }

    @Test
    void portsAnswerOnlyWhenTheyAreDecoded() {
        ports.write(0, 1, 0x11);
        config.write(COMMAND, 2, 0);

        ports.write(0, 1, 0x22);

        assertThat(ports.read(0, 4)).isEqualTo(0xffff_ffffL);
        config.write(COMMAND, 2, COMMAND_IO);
        assertThat(ports.read(0, 1)).isEqualTo(0x11);
    }

    @Test
    void resetClearsOutputsInterruptAndConfiguration() {
        ports.read(2, 1);
        ports.write(0, 1, 0xff);

        card.reset();

        assertThat(card.interrupts().lineAsserted()).isFalse();
        assertThat(config.read(COMMAND, 2)).isZero();
        config.write(COMMAND, 2, COMMAND_IO);
        assertThat(ports.read(0, 2)).isZero();
        ports.write(0, 1, 1);
        assertThat(card.interrupts().lineAsserted()).isFalse();
    }

    @Test
    void clientDrivesItThroughTheServer() {
        UnixSocket.Pair pair = UnixSocket.pair();
        try (VfioUserServer server =
                        VfioUserServer.builder(card).connectedFd(pair.second()).build();
                EventFd event = EventFd.create();
                Arena arena = Arena.ofConfined()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.over(pair.first())) {
                client.bindInterrupts(InterruptKind.INTX, 0, List.of(event));
                MemorySegment value = arena.allocate(1);
                value.set(ValueLayout.JAVA_BYTE, 0, (byte) COMMAND_IO);
                client.write(PciFunction.CONFIG_REGION, COMMAND, value, 0, 1);
                client.read(BAR, 2, value, 0, 1);

                value.set(ValueLayout.JAVA_BYTE, 0, (byte) 0x40);
                client.write(BAR, 4, value, 0, 1);
                client.read(BAR, 5, value, 0, 1);

                assertThat(value.get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 0x40);
                assertThat(event.drain()).isEqualTo(1);
            }
        }
    }
}
