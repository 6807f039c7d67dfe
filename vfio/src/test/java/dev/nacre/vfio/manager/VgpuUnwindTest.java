package dev.nacre.vfio.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.core.CoreException;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.vfio.testing.FailingCore;
import dev.nacre.vfio.testing.FakeCore;
import dev.nacre.vfio.testing.TestTypes;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A failure of any operation that a start needs. */
class VgpuUnwindTest {
    // More than a start has; the test ends with the first start that succeeds.
    private static final int MANY = 200;

    @Test
    void startThatFailsAtAnyOperationLeavesNothingBehind() {
        FakeCore core = FakeCore.ofMib(64 << 10);
        FailingCore failing = new FailingCore();
        try (VgpuManager manager = VgpuManager.open(failing.wrap(core), TestTypes.ALL, VgpuManagerOptions.DEFAULT)) {
            manager.addFunction(0, new PciAddress(0, 1, 0, 4));
            List<String> before = core.held();
            int step = 0;
            boolean failed = true;
            while (failed && step < MANY) {
                Vgpu vgpu = manager.create(VgpuSpec.of("a" + step, TestTypes.ONE.id()));
                failing.failAt(step);
                failed = fails(vgpu);
                failing.stopFailing();
                vgpu.close();
                assertThat(keptApart(core.held(), manager)).as("step %d", step).isEqualTo(before);
                step++;
            }
            assertThat(step).isBetween(12, MANY - 1);
        }
        assertThat(core.held()).isEmpty();
    }

    @Test
    void managerThatCannotOpenLeavesNothingBehind() {
        for (int step = 0; step < 4; step++) {
            FakeCore core = FakeCore.ofMib(6 << 10);
            FailingCore failing = new FailingCore();
            failing.failAt(step);

            assertThatThrownBy(() -> VgpuManager.open(failing.wrap(core), TestTypes.ALL, VgpuManagerOptions.DEFAULT))
                    .isInstanceOf(CoreException.class);

            assertThat(core.owner()).isEmpty();
        }
    }

    private static boolean fails(Vgpu vgpu) {
        try {
            vgpu.start(1);
            return false;
        } catch (CoreException e) {
            assertThat(vgpu.state()).isInstanceOf(VgpuState.Failed.class);
            return true;
        }
    }

    /** All that is held but memory that was kept aside, which the manager accounts for. */
    private static List<String> keptApart(List<String> held, VgpuManager manager) {
        long kept = manager.keptAsideBytes() / TestTypes.ONE.memory().fbBytes();
        List<String> rest = new java.util.ArrayList<>(held);
        for (long i = 0; i < kept; i++) {
            rest.remove("memory");
        }
        return rest;
    }
}
