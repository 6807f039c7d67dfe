package dev.nacre.guesttests;

import static dev.nacre.guesttests.Guests.BOUND;
import static dev.nacre.guesttests.Guests.assertSaid;

import dev.nacre.samples.BenchDevice;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.qemu.GuestLaunch;
import dev.nacre.testsupport.guest.qemu.Qemu;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bench device under the stock vfio-pci driver: MSI-X on every vector, and DMA through the machine's IOMMU. */
class BenchDeviceTest {
    private static final String PROGRAM = "msix-copy:/sys/bus/pci/devices/0000:00:04.0";
    private static final String PASS = "NACRE-TEST msix-copy PASS";

    @Test
    void vfioPciGetsEveryVectorAndTheDeviceReachesMappedMemory() throws IOException {
        try (BenchDevice device = new BenchDevice(false);
                ServedDevice served = new ServedDevice(device)) {
            List<String> lines = Guests.runToPowerOff(guest(served, PROGRAM).build());

            assertSaid(lines, PASS);
        }
    }

    @Test
    void guestThatIsResetGetsItsVectorsAgain() throws IOException {
        try (BenchDevice device = new BenchDevice(false);
                ServedDevice served = new ServedDevice(device);
                Qemu guest =
                        Qemu.start(guest(served, PROGRAM, "wait").restarts().build())) {
            int first = guest.serial().awaitLine(PASS, BOUND).index();
            guest.monitor().reset();
            guest.serial().awaitLine(PASS, first + 1, BOUND);

            Guests.assertHealthy(guest.serial().lines());
        }
    }

    private static GuestLaunch.Builder guest(ServedDevice served, String... jobs) {
        List<String> all = new ArrayList<>(List.of("modules"));
        all.addAll(List.of(jobs));
        return Guests.guestWithModules(KernelChoice.BACKPORTS, "vfio_pci", "vfio_iommu_type1")
                .gpu(served.slot("04.0"))
                .qemuOptions("-device", "intel-iommu,caching-mode=on,intremap=on")
                .kernelOptions("intel_iommu=on")
                .jobs(all.toArray(String[]::new));
    }
}
