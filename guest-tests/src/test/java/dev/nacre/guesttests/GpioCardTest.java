package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.BOUND;
import static dev.nacre.guesttests.Guests.assertSaid;

import dev.nacre.samples.GpioCard;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.qemu.GpuSlot;
import dev.nacre.testsupport.guest.qemu.GuestLaunch;
import dev.nacre.testsupport.guest.qemu.Qemu;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The GPIO card under its stock driver: outputs, inputs, and edges by INTx; in every way that a guest can end. */
class GpioCardTest {
    private static final String PASS = "NACRE-TEST gpio-loop PASS";
    private static final String PORT = "05.0";

    @ParameterizedTest
    @EnumSource(KernelChoice.class)
    void stockDriverBindsAndSeesEdges(KernelChoice kernel) throws IOException {
        try (ServedDevice card = new ServedDevice(new GpioCard())) {
            List<String> lines = Guests.runToPowerOff(
                    guest(kernel, "modules", "gpio-loop").gpu(card.slot("04.0")).build());

            assertSaid(lines, "insmod gpio_pci_idio_16 rc=0");
            assertSaid(lines, PASS);
        }
    }

    @Test
    void guestThatRebootsAndIsResetFindsTheCardAgain() throws IOException {
        try (ServedDevice card = new ServedDevice(new GpioCard());
                Qemu guest = Qemu.start(guest(KernelChoice.BACKPORTS, "modules", "gpio-loop", "hold", "reboot")
                        .gpu(card.slot("04.0"))
                        .restarts()
                        .build())) {
            int first = guest.serial().awaitLine(PASS, BOUND).index();
            guest.serial().awaitLine("### nacre: holding", first + 1, BOUND);
            guest.monitor().pressPower();
            int second = guest.serial().awaitLine(PASS, first + 1, BOUND).index();
            guest.monitor().reset();
            guest.serial().awaitLine(PASS, second + 1, BOUND);

            Guests.assertHealthy(guest.serial().lines());
        }
    }

    @Test
    void cardServesANewGuestAfterQemuWasKilled() throws IOException {
        try (ServedDevice card = new ServedDevice(new GpioCard())) {
            try (Qemu killed = Qemu.start(guest(KernelChoice.BACKPORTS, "modules", "gpio-loop", "wait")
                    .gpu(card.slot("04.0"))
                    .build())) {
                killed.serial().awaitLine(PASS, BOUND);
                killed.kill();
            }

            List<String> lines = Guests.runToPowerOff(guest(KernelChoice.BACKPORTS, "modules", "gpio-loop")
                    .gpu(card.slot("04.0"))
                    .build());

            assertSaid(lines, PASS);
        }
    }

    /** QEMU 11 aborts when a device with MSI-X is unplugged; this one has INTx only. */
    @Test
    void cardIsPluggedUnpluggedAndPluggedAgainWhileTheGuestRuns() throws IOException {
        try (ServedDevice card = new ServedDevice(new GpioCard());
                Qemu guest = Qemu.start(guest(
                                KernelChoice.BACKPORTS, "modules", "hold", "gpio-loop", "hold", "gpio-loop", "hold")
                        .qemuOptions("-device", "pcie-root-port,id=port05-0,bus=pcie.0,addr=" + PORT + ",chassis=5")
                        .build())) {
            GpuSlot slot = new GpuSlot(card.socket(), PORT, true, false);
            int holding = guest.serial().awaitLine("### nacre: holding", BOUND).index();

            guest.monitor().plug(slot, Guests.qemu());
            guest.monitor().pressPower();
            int first = guest.serial().awaitLine(PASS, holding + 1, BOUND).index();
            guest.serial().awaitLine("### nacre: holding", first + 1, BOUND);
            guest.monitor().unplug(slot, BOUND);
            guest.monitor().plug(slot, Guests.qemu());
            guest.monitor().pressPower();
            guest.serial().awaitLine(PASS, first + 1, BOUND);

            Guests.assertHealthy(guest.serial().lines());
        }
    }

    private static GuestLaunch.Builder guest(KernelChoice kernel, String... jobs) {
        return Guests.guestWithModules(kernel, "button", "evdev", "gpio_pci_idio_16")
                .jobs(jobs);
    }
}
