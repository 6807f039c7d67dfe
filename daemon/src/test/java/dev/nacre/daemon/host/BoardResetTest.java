package dev.nacre.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A board is booted again under the virtual GPUs that are kept. */
@SuppressWarnings("NullAway.Init") // set by JUnit
class BoardResetTest {
    @TempDir
    Path folder;

    private TestBoards boards;
    private VgpuService service;

    @BeforeEach
    void open() {
        boards = new TestBoards(folder, 4, 4);
        service = boards.service;
        create("a", "gpu0");
        create("b", "gpu1");
    }

    @AfterEach
    void close() {
        boards.close();
    }

    private VgpuView create(String name, String board) {
        return service.create(
                new CreateVgpu(name, TestBoards.SMALL, Optional.of(board), Optional.empty(), OptionalInt.empty()));
    }

    private ServiceError refusal(String board) {
        return catchThrowableOfType(ServiceException.class, () -> service.resetBoard(board))
                .error();
    }

    private void lose() {
        service.injectBoard("gpu0", new InjectedFault.GpuLost());
    }

    @Test
    void lostOneRunsAgainWithItsVirtualGpus() {
        UUID uuid = service.vgpu("a").uuid();
        lose();

        BoardView board = service.resetBoard("gpu0");

        assertThat(board.state()).isEqualTo("running");
        assertThat(board.reason()).isEmpty();
        assertThat(service.functions("gpu0")).hasSize(5);
        VgpuView back = service.vgpu("a");
        assertThat(back.state()).isEqualTo("running");
        assertThat(back.uuid()).isEqualTo(uuid);
        assertThat(back.socket()).exists();
        assertThat(create("c", "gpu0").state()).isEqualTo("running");
        assertThat(boards.keptNames()).containsExactly("a", "b", "c");
    }

    @Test
    void lostOneComesBackAsOftenAsItIsLost() {
        for (int i = 0; i < 3; i++) {
            lose();
            assertThat(service.vgpu("a").state()).isEqualTo("failed");

            service.resetBoard("gpu0");

            assertThat(service.vgpu("a").state()).isEqualTo("running");
        }
        service.delete("a");
        assertThat(service.board("gpu0").virtualFunctionsFree()).isEqualTo(4);
    }

    @Test
    void otherBoardDoesNotNotice() {
        lose();
        long before = service.events().lastId();

        service.resetBoard("gpu0");

        assertThat(service.vgpu("b").state()).isEqualTo("running");
        assertThat(service.events().recent(1000))
                .filteredOn(event -> event.id() > before)
                .isNotEmpty()
                .allMatch(event -> event.board().equals(Optional.of("gpu0")))
                .anyMatch(event -> event.kind() == ServiceEvent.Kind.BOARD_STATE
                        && "running".equals(event.details().get("state")));
    }

    @Test
    void oneWhoseVirtualGpuRunsIsRefusedAndGoesOn() {
        ServiceException refusal = catchThrowableOfType(ServiceException.class, () -> service.resetBoard("gpu0"));

        assertThat(refusal.error()).isEqualTo(ServiceError.BUSY);
        assertThat(refusal).hasMessage("Board gpu0 is in use: vgpus=a");
        assertThat(service.vgpu("a").state()).isEqualTo("running");
        assertThat(service.board("gpu0").state()).isEqualTo("running");
    }

    @Test
    void oneThatRunsButIsNotUsedIsReset() {
        service.inject("a", new InjectedFault.Unplug());
        assertThat(service.vgpu("a").state()).isEqualTo("defined");

        assertThat(service.resetBoard("gpu0").state()).isEqualTo("running");

        assertThat(service.vgpu("a").state()).isEqualTo("running");
    }

    @Test
    void oneThatDoesNotBootIsLostSaysWhyAndCanBeResetAgain() {
        AtomicBoolean broken = new AtomicBoolean();
        BoardHost.Plan plan = BeforeBoot.plan(TestBoards.plan("gpu2", folder, 2), new BeforeBoot(() -> {
            if (broken.get()) {
                throw new CoreException(CoreError.NO_FIRMWARE, "Too old");
            }
        }));
        try (BoardHost host = new BoardHost(plan, boards.events)) {
            VgpuService alone = new VgpuService(List.of(host), boards.events, definitions -> {}, List.of());
            alone.create(CreateVgpu.of("e", TestBoards.SMALL));
            alone.injectBoard("gpu2", new InjectedFault.GpuLost());
            broken.set(true);

            ServiceException refusal = catchThrowableOfType(ServiceException.class, () -> alone.resetBoard("gpu2"));

            assertThat(refusal.error()).isEqualTo(ServiceError.FAILED);
            assertThat(alone.board("gpu2").state()).isEqualTo("lost");
            assertThat(alone.board("gpu2").reason().orElseThrow()).contains("does not boot", "Too old");
            assertThat(alone.vgpu("e").state()).isEqualTo("failed");
            broken.set(false);
            assertThat(alone.resetBoard("gpu2").state()).isEqualTo("running");
            assertThat(alone.vgpu("e").state()).isEqualTo("running");
        }
    }

    @Test
    void virtualGpuThatWasDeletedStaysAway() {
        lose();
        service.delete("a");

        service.resetBoard("gpu0");

        assertThat(boards.names()).containsExactly("b");
        assertThat(service.board("gpu0").virtualFunctionsFree()).isEqualTo(4);
    }

    @Test
    void oneThatThereIsNotIsNotFound() {
        assertThat(refusal("gpu9")).isEqualTo(ServiceError.NOT_FOUND);
    }

    @Test
    void oneOfADaemonThatStopsIsRefused() {
        lose();
        boards.hosts.getFirst().close();

        assertThat(refusal("gpu0")).isEqualTo(ServiceError.FAILED);
    }

    @Test
    void virtualGpusThatAreCreatedMeanwhileAreThereWhateverCameFirst() throws Exception {
        lose();
        CountDownLatch go = new CountDownLatch(1);
        List<Future<Boolean>> creations;
        try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
            creations = List.of("c", "d").stream()
                    .map(name -> threads.submit(() -> {
                        go.await();
                        return isCreated(name);
                    }))
                    .toList();
            Future<BoardView> reset = threads.submit(() -> {
                go.await();
                return service.resetBoard("gpu0");
            });
            go.countDown();
            assertThat(reset.get().state()).isEqualTo("running");
        }

        long created = creations.stream().filter(Future::resultNow).count();
        assertThat(service.vgpus())
                .hasSize(2 + (int) created)
                .extracting(VgpuView::state)
                .containsOnly("running");
    }

    /** False if the board was still lost. */
    private boolean isCreated(String name) {
        try {
            create(name, "gpu0");
            return true;
        } catch (ServiceException e) {
            assertThat(e.error()).isEqualTo(ServiceError.FAILED);
            return false;
        }
    }
}
