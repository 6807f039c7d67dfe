package dev.nacre.vfio.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Core;
import dev.nacre.core.CoreException;
import dev.nacre.vfio.scrub.GuestWork;
import dev.nacre.vfio.testing.VgpuHost;
import dev.nacre.vfiouser.VfioUserFunction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The board is taken away while several guests' copies run. */
class VgpuUnbindTest {
    private static final int GUESTS = 3;
    private static final int BEGUN = 3;
    private static final long PATIENCE_NS = 30_000_000_000L;

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void unbindWhileCopiesRunLeavesGuestsWithoutDevicesAndNothingElse(String core) throws Exception {
        try (VgpuHost host = new VgpuHost(core, 6, GUESTS, UnaryOperator.identity());
                Guests guests = new Guests(host, core)) {
            host.bus.unbind(host.physical);

            guests.assertLost();
            assertThat(host.driver.manager(host.physical)).isEmpty();
            assertThat(host.sockets()).isZero();
            assertThat(host.board.faults()).containsEntry("defects", 0L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "c"})
    void functionsTakenAwayWhileCopiesRunComeBackUnused(String core) throws Exception {
        try (VgpuHost host = new VgpuHost(core, 6, GUESTS, UnaryOperator.identity())) {
            try (Guests guests = new Guests(host, core)) {
                host.bus.setVirtualFunctions(host.physical, 0);

                guests.assertLost();
                assertThat(host.sockets()).isZero();
                assertThat(host.board.faults()).containsEntry("defects", 0L);
            }

            host.bus.setVirtualFunctions(host.physical, GUESTS);

            assertThat(host.manager().vgpus()).isEmpty();
            try (Guests again = new Guests(host, core)) {
                again.assertBusy();
            }
        }
    }

    /** As many guests as there can be, with copies that run all the time. */
    private static final class Guests implements AutoCloseable {
        private final List<VfioUserFunction> functions = new ArrayList<>();
        private final List<Thread> threads = new ArrayList<>();
        private final AtomicInteger copies = new AtomicInteger();

        Guests(VgpuHost host, String core) {
            for (int i = 0; i < GUESTS; i++) {
                host.serve("g" + i, "L40-1Q");
                VfioUserFunction function = host.connect("g" + i);
                functions.add(function);
                Core guest = host.boot(core, function);
                GuestWork work = new GuestWork(guest);
                threads.add(Thread.ofPlatform().name("guest " + i).start(() -> copy(work)));
            }
            assertBusy();
        }

        private void copy(GuestWork work) {
            try {
                while (work.fills()) {
                    copies.incrementAndGet();
                }
            } catch (CoreException e) {
                // The device has gone in the midst of a copy.
                assertThat(e.error()).isNotNull();
            }
        }

        void assertBusy() {
            int enough = copies.get() + BEGUN * GUESTS;
            for (long end = System.nanoTime() + PATIENCE_NS; copies.get() < enough; ) {
                assertThat(System.nanoTime() - end).as("copies run").isNegative();
                LockSupport.parkNanos(1_000_000);
            }
        }

        void assertLost() throws InterruptedException {
            for (VfioUserFunction function : functions) {
                assertThat(function.readInt(0, 0)).isEqualTo(-1);
                assertThat(function.isGone()).isTrue();
            }
            end();
        }

        private void end() throws InterruptedException {
            for (Thread thread : threads) {
                // Who waits for the end of a copy is not told that there will be none.
                thread.interrupt();
                assertThat(thread.join(Duration.ofNanos(PATIENCE_NS)))
                        .as("%s ends", thread.getName())
                        .isTrue();
            }
        }

        @Override
        public void close() {
            try {
                end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            functions.forEach(VfioUserFunction::close);
        }
    }
}
