package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.core.EventKind;
import dev.nacre.core.FbRequest;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The core loses its GPU while clients use it. */
@Needs({Capability.CE_CHAN_ALLOC, Capability.PUSHBUF_SUBMIT, Capability.CHAN_MEM_MAP, Capability.FB_MEM_BAR1_MAP})
abstract class UnbindTck extends TckGroup {
    private static final int PATIENCE_SECONDS = 60;

    @Test
    @Covers({"Core.close", "event DRIVER_UNBIND", "event DRIVER_END", "Attachment.close"})
    void clientThatDetachesWhenToldLetsTheCoreClose() {
        EventLog log = new EventLog();
        AtomicReference<@Nullable Attachment> attached = new AtomicReference<>();
        try (Rig rig = bench().fresh()) {
            attached.set(attach(rig.core(), event -> {
                log.accept(event);
                Attachment own = attached.get();
                if (event instanceof CoreEvent.DriverUnbind && own != null) {
                    own.close();
                }
            }));

            rig.core().close();

            assertThat(log.kinds())
                    .containsExactly(EventKind.DRIVER_START, EventKind.DRIVER_UNBIND, EventKind.DRIVER_END);
        }
    }

    @Test
    @Covers({"Core.close", "event DRIVER_UNBIND", "event DRIVER_END"})
    void busyClientThatDoesNotLeaveIsDetachedAndTheBoardBootsAgain() throws InterruptedException {
        EventLog log = new EventLog();
        try (Rig rig = bench().fresh()) {
            Attachment attachment = attach(rig.core(), log);
            AtomicReference<@Nullable CoreError> end = new AtomicReference<>();
            Thread busy = busy(attachment, log, end);

            rig.core().close();

            assertThat(busy.join(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
            assertThat(end.get()).isIn(CoreError.GONE, CoreError.STALE);
            log.await(CoreEvent.DriverUnbind.class);
            assertThat(log.all().getLast()).isEqualTo(new CoreEvent.DriverEnd());
            assertOneOf(EnumSet.of(CoreError.GONE, CoreError.STALE), () -> attachment.allocFbMemory(FbRequest.of(1)));
            attachment.close();
            assertThat(log.kinds()).filteredOn(EventKind.DRIVER_END::equals).hasSize(1);
            try (Core again = rig.bootAgain()) {
                assertThat(again.owner()).isEmpty();
            }
        }
    }

    @Test
    @Covers({"Core.close", "event DRIVER_UNBIND", "event DRIVER_END"})
    void gpuThatIsPulledOutOfABusyClientsHandsEndsInOrder() throws InterruptedException {
        EventLog log = new EventLog();
        try (Rig rig = bench().fresh()) {
            Attachment attachment = attach(rig.core(), log);
            AtomicReference<@Nullable CoreError> end = new AtomicReference<>();
            Thread busy = busy(attachment, log, end);

            rig.board().pull();

            assertThat(busy.join(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
            assertThat(end.get()).isIn(CoreError.GONE, CoreError.STALE, CoreError.IO);
            attachment.close();
            rig.core().close();
            assertThat(log.all().getLast()).isEqualTo(new CoreEvent.DriverEnd());
            assertError(CoreError.GONE, () -> attach(rig.core(), event -> {}));
        }
    }

    /** A thread that copies until that fails for good; it copies when this returns. */
    private static Thread busy(Attachment attachment, EventLog log, AtomicReference<@Nullable CoreError> end)
            throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().daemon().start(() -> {
            try {
                Copier copier = Copier.of(attachment, log);
                Copier.Buffer from = copier.buffer(65536);
                Copier.Buffer to = copier.buffer(65536);
                while (true) {
                    copyInTheEnd(copier, from, to);
                    Bytes.read(to.host(), 0, 64);
                    attachment.allocFbMemory(FbRequest.of(4096)).close();
                    begun.countDown();
                }
            } catch (CoreException e) {
                end.set(e.error());
            }
        });
        assertThat(begun.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        return thread;
    }

    /** Gives a copy to the GPU, as often as the ring stays full: a software GPU on a busy host may be slow. */
    private static void copyInTheEnd(Copier copier, Copier.Buffer from, Copier.Buffer to) {
        while (true) {
            try {
                copier.commands().copy(from.address(), to.address(), 65536).submitTo(copier.channel());
                return;
            } catch (CoreException e) {
                if (e.error() != CoreError.TIMED_OUT) {
                    throw e;
                }
            }
        }
    }
}
