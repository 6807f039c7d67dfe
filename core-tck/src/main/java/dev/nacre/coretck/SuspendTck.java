package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.nacre.core.Attachment;
import dev.nacre.core.BoardInfo;
import dev.nacre.core.Capability;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.core.EventKind;
import dev.nacre.core.FbRequest;
import dev.nacre.core.GspClient;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The host's sleep. */
@Needs({
    Capability.SUSPEND,
    Capability.GSP_CLIENT_ALLOC,
    Capability.RM_PASS_THROUGH,
    Capability.CE_CHAN_ALLOC,
    Capability.PUSHBUF_SUBMIT,
    Capability.CHAN_MEM_MAP,
    Capability.FB_MEM_BAR1_MAP
})
abstract class SuspendTck extends TckGroup {
    private static final int BYTES = 300_000;
    private static final int GET_VMMU_SEGMENT_SIZE = 0x2080017e;

    @Test
    @Covers({"Core.suspend", "Core.resume", "event SUSPEND", "event RESUME"})
    void whatClientsHaveOutlivesSleep() {
        EventLog log = new EventLog();
        try (Rig rig = bench().fresh()) {
            Core core = rig.core();
            Attachment attachment = attach(core, log);
            GspClient client = attachment.allocGspClient();
            Copier copier = Copier.of(attachment, log, attachment.allocChannelIds(4), 2);
            Copier.Buffer from = copier.buffer(BYTES);
            Copier.Buffer to = copier.buffer(BYTES);
            byte[] data = Bytes.random(21, BYTES);
            Bytes.write(from.host(), 0, data);
            copier.run(copier.commands());
            BoardInfo board = core.board();
            for (int i = 0; i < 2; i++) {
                core.suspend();
                core.resume();

                Bytes.write(to.host(), 0, new byte[BYTES]);
                assertThat(Bytes.read(from.host(), 0, BYTES)).isEqualTo(data);
                copier.run(copier.commands().copy(from.address(), to.address(), BYTES));
                assertThat(Bytes.read(to.host(), 0, BYTES)).isEqualTo(data);
                assertThat(client.read(GET_VMMU_SEGMENT_SIZE, new byte[8])).hasSize(8);
            }
            assertThat(core.board()).isEqualTo(board);
            assertThat(log.kinds())
                    .filteredOn(kind -> kind == EventKind.SUSPEND || kind == EventKind.RESUME)
                    .containsExactly(EventKind.SUSPEND, EventKind.RESUME, EventKind.SUSPEND, EventKind.RESUME);
            attachment.close();
        }
    }

    @Test
    @Covers({"Core.suspend", "Core.resume", "Core.board", "Core.owner"})
    void sleepingGpuIsNotReached() {
        try (Rig rig = bench().fresh()) {
            Core core = rig.core();
            Attachment attachment = attach(core, event -> {});
            GspClient client = attachment.allocGspClient();
            EventLog log = new EventLog();
            Copier copier = Copier.of(attachment, log);
            Copier.Buffer buffer = copier.buffer(4096);
            MemorySegment bytes = MemorySegment.ofArray(new byte[8]);

            core.suspend();

            assertError(CoreError.SUSPENDED, attachment::allocGspClient);
            assertError(CoreError.SUSPENDED, () -> client.read(GET_VMMU_SEGMENT_SIZE, new byte[8]));
            assertError(CoreError.SUSPENDED, () -> attachment.allocCeChannel(Optional.empty(), 0));
            assertError(CoreError.SUSPENDED, () -> buffer.host().read(0, bytes, 0, 8));
            assertError(CoreError.SUSPENDED, () -> buffer.host().write(0, bytes, 0, 8));
            assertError(CoreError.SUSPENDED, () -> copier.channel().begin(1));
            assertThat(core.owner()).isPresent();
            assertThat(core.board().chip()).isEqualTo(bench().underTest().chip());
            core.resume();
            attachment.allocGspClient();
            attachment.allocFbMemory(FbRequest.of(4096));
            attachment.close();
        }
    }

    @Test
    @Covers("Core.resume")
    void resumeWithoutSleepDoesNothing() {
        EventLog log = new EventLog();
        try (Attachment ignored = attach(core(), log)) {
            core().resume();

            assertThat(log.kinds()).containsExactly(EventKind.DRIVER_START);
        }
    }

    @Test
    @Covers({"Core.suspend", "event SUSPEND"})
    void listenersHaveReturnedBeforeTheGpuSleeps() {
        List<GspClient> clients = new CopyOnWriteArrayList<>();
        try (Rig rig = bench().fresh()) {
            AtomicReference<@Nullable Attachment> attached = new AtomicReference<>();
            Attachment attachment = attach(rig.core(), event -> {
                Attachment own = attached.get();
                if (event instanceof CoreEvent.Suspend && own != null) {
                    clients.add(own.allocGspClient());
                }
            });
            attached.set(attachment);

            rig.core().suspend();

            assertThat(clients).hasSize(1);
            rig.core().resume();
            assertThat(clients.getFirst().read(GET_VMMU_SEGMENT_SIZE, new byte[8]))
                    .hasSize(8);
            attachment.close();
        }
    }

    @Test
    @Covers({"Core.suspend", "event SUSPEND", "event RESUME"})
    void channelThatDoesNotRestKeepsTheGpuAwake() {
        EventLog log = new EventLog();
        try (Rig rig = bench().fresh()) {
            Attachment attachment = attach(rig.core(), log);
            Copier stuck = Copier.of(attachment, log);
            stuck.commands().acquire(stuck.semaphore(), 0x5eed).submitTo(stuck.channel());

            assertError(CoreError.BUSY, () -> rig.core().suspend());

            log.await(CoreEvent.Suspend.class);
            log.await(CoreEvent.Resume.class);
            stuck.channel().close();
            Copier works = Copier.of(attachment, log);
            works.run(works.commands());
            rig.core().suspend();
            rig.core().resume();
            attachment.close();
        }
    }

    @Test
    @Covers({"Core.suspend", "Core.resume", "Attachment.close"})
    void clientThatLeavesWhileTheGpuSleepsHasLeftWhenItIsAwakeAtTheLatest() {
        EventLog log = new EventLog();
        try (Rig rig = bench().fresh()) {
            Attachment attachment = attach(rig.core(), log);
            Copier copier = Copier.of(attachment, log);
            copier.buffer(4096);
            rig.core().suspend();
            Throwable refused = catchThrowable(attachment::close);

            rig.core().resume();
            attachment.close();

            assertThat(refused)
                    .satisfiesAnyOf(
                            none -> assertThat(none).isNull(),
                            some -> assertThat(some)
                                    .isInstanceOfSatisfying(
                                            CoreException.class,
                                            e -> assertThat(e.error()).isEqualTo(CoreError.SUSPENDED)));
            assertThat(log.all().getLast()).isEqualTo(new CoreEvent.DriverEnd());
            try (Attachment next = attach(rig.core(), log)) {
                Copier again = Copier.of(next, log);
                again.run(again.commands());
                assertThat(again.word()).isEqualTo(1);
            }
        }
    }

    @Test
    @Covers({"Core.suspend", "Core.close"})
    void sleepingCoreClosesAndTheBoardBootsAgain() {
        try (Rig rig = bench().fresh()) {
            rig.core().suspend();
            rig.core().close();

            try (Core again = rig.bootAgain()) {
                assertThat(again.board().chip()).isEqualTo(bench().underTest().chip());
            }
        }
    }
}
