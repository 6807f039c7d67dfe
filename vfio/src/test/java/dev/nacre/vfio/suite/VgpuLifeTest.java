package dev.nacre.vfio.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.core.Attachment;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreException;
import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.vfio.driver.ServedVgpu;
import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuState;
import dev.nacre.vfio.scrub.GuestWork;
import dev.nacre.vfio.testing.FailingCore;
import dev.nacre.vfio.testing.ProcessUse;
import dev.nacre.vfio.testing.VgpuHost;
import dev.nacre.vfiouser.VfioUserFunction;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Virtual GPUs of a board in this process, behind their sockets, from creation to their end. */
class VgpuLifeTest {
    // More operations than a start has; the test ends with the first start that succeeds.
    private static final int MANY = 200;

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void virtualGpuIsBootedByACoreBehindItsSocket(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 2, UnaryOperator.identity())) {
            ServedVgpu served = host.serve("a", "L40-1Q");

            try (VfioUserFunction function = host.connect("a");
                    Core guest = host.boot(core, function)) {
                assertThat(guest.board().name()).isEqualTo("NVIDIA L40-1Q");
                assertThat(served.vgpu().guestInfo())
                        .map(VgpuGuestInfo::driverLoaded)
                        .contains(true);
                try (GuestWork work = new GuestWork(guest)) {
                    assertThat(work.fills()).isTrue();
                }
            }
            served.vgpu().close();
            assertThat(host.sockets()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void guestBootsAgainAfterAResetOfItsDevice(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 1, UnaryOperator.identity())) {
            host.serve("a", "L40-1Q");
            try (VfioUserFunction function = host.connect("a")) {
                try (Core first = host.boot(core, function);
                        GuestWork work = new GuestWork(first)) {
                    work.write(1);
                }

                function.reset();

                VgpuHost.awaitReset(function);
                try (Core again = host.boot(core, function);
                        GuestWork work = new GuestWork(again)) {
                    assertThat(work.isClear()).isTrue();
                    assertThat(work.fills()).isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void startThatFailsAtAnyOperationLeavesNothingBehind(String core) {
        FailingCore failing = new FailingCore();
        // Large, because each failed scrub keeps a place aside.
        try (VgpuHost host = new VgpuHost(core, 48, 1, failing::wrap)) {
            Vgpu first = host.serve("first", "L40-1Q").vgpu();
            first.close();
            int ids = channelIds(host);
            ProcessUse before = ProcessUse.now();
            int step = 0;
            boolean failed = true;
            // A part that was left behind would have every later start fail, since it has the same place.
            while (failed && step < MANY) {
                failing.failAt(step);
                failed = fails(host, "a" + step);
                failing.stopFailing();
                host.manager().find("a" + step).ifPresent(Vgpu::close);
                assertThat(channelIds(host)).as("step %d", step).isEqualTo(ids);
                assertThat(host.sockets()).as("step %d", step).isZero();
                assertThat(before.settled()).as("step %d", step).isEqualTo(before);
                step++;
            }
            // Ids, memory, a scrub of seven operations, heap, client and plugin, and the start that succeeds.
            assertThat(step).isBetween(12, MANY - 1);
            ServedVgpu last = host.serve("last", "L40-1Q");
            assertThat(last.vgpu().state()).isInstanceOf(VgpuState.Running.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void thirtyTwoVirtualGpusAreProbedAndDestroyed(String core) {
        try (VgpuHost host = new VgpuHost(core, 48, 32, UnaryOperator.identity())) {
            int ids = channelIds(host);
            for (int i = 0; i < 32; i++) {
                host.serve("v" + i, "L40-1Q");
            }
            assertThat(host.manager().creatable()).isEmpty();
            assertThatThrownBy(() -> host.serve("v32", "L40-1Q")).isInstanceOf(CoreException.class);

            for (int i = 0; i < 32; i++) {
                try (VfioUserFunction function = host.connect("v" + i);
                        Core guest = host.boot(core, function)) {
                    assertThat(guest.board().name()).as("vgpu %d", i).isEqualTo("NVIDIA L40-1Q");
                }
            }

            host.manager().vgpus().forEach(Vgpu::close);
            assertThat(channelIds(host)).isEqualTo(ids);
            assertThat(host.sockets()).isZero();
            assertThat(host.manager().keptAsideBytes()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void guestLosesItsDeviceWhenItsVirtualGpuEndsAndOthersGoOn(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 2, UnaryOperator.identity())) {
            ServedVgpu ends = host.serve("ends", "L40-1Q");
            host.serve("stays", "L40-1Q");
            try (VfioUserFunction lost = host.connect("ends");
                    VfioUserFunction kept = host.connect("stays");
                    Core guest = host.boot(core, kept);
                    GuestWork work = new GuestWork(guest)) {
                work.write(1);

                ends.vgpu().close();

                assertThat(lost.readInt(0, 0)).isEqualTo(-1);
                assertThat(lost.isGone()).isTrue();
                assertThat(work.holds(1)).isTrue();
                assertThat(work.fills()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void guestsLoseTheirDevicesWhenTheBoardIsUnbound(String core) {
        try (VgpuHost host = new VgpuHost(core, 4, 2, UnaryOperator.identity())) {
            host.serve("a", "L40-1Q");
            host.serve("b", "L40-1Q");
            try (VfioUserFunction first = host.connect("a");
                    VfioUserFunction second = host.connect("b")) {
                host.boot(core, first);

                host.bus.unbind(host.physical);

                assertThat(first.readInt(0, 0)).isEqualTo(-1);
                assertThat(second.readInt(0, 0)).isEqualTo(-1);
                assertThat(host.driver.manager(host.physical)).isEmpty();
                assertThat(host.sockets()).isZero();
            }
        }
    }

    private static boolean fails(VgpuHost host, String name) {
        try {
            host.serve(name, "L40-1Q");
            return false;
        } catch (CoreException e) {
            return true;
        }
    }

    private static int channelIds(VgpuHost host) {
        try (Attachment attachment = host.core().attach(Client.of("count", ClientKind.VFIO, Set.of(), event -> {}))) {
            return attachment.availableChannelIds();
        }
    }
}
