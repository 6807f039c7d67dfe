package dev.nacre.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nacre.daemon.state.VgpuDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Creating, finding, resetting and deleting virtual GPUs. */
@SuppressWarnings("NullAway.Init") // set by JUnit
class VgpuServiceTest {
    @TempDir
    Path folder;

    private TestBoards boards;
    private VgpuService service;

    @BeforeEach
    void open() {
        boards = new TestBoards(folder, 4);
        service = boards.service;
    }

    @AfterEach
    void close() {
        boards.close();
    }

    private VgpuView create(String name) {
        return service.create(CreateVgpu.of(name, TestBoards.SMALL));
    }

    private static ServiceException refusal(ThrowingCallable action) {
        return catchThrowableOfType(ServiceException.class, action);
    }

    @Test
    void createdOneRunsIsListedServedAndKept() {
        VgpuView made = create("a");

        assertThat(made.state()).isEqualTo("running");
        assertThat(made.board()).isEqualTo("gpu0");
        assertThat(made.function()).contains("0000:01:00.4");
        assertThat(made.socket()).exists();
        assertThat(made.heads()).hasSize(4);
        assertThat(made.usage()).isPresent();
        assertThat(service.vgpus()).extracting(VgpuView::name).containsExactly("a");
        assertThat(service.vgpu(made.uuid().toString()).name()).isEqualTo("a");
        assertThat(boards.kept)
                .containsExactly(new VgpuDefinition(
                        "a",
                        made.uuid(),
                        "gpu0",
                        TestBoards.SMALL,
                        made.placement().orElseThrow()));
        assertThat(boards.kinds())
                .containsSequence(
                        ServiceEvent.Kind.VGPU_CREATED, ServiceEvent.Kind.VGPU_STATE, ServiceEvent.Kind.VGPU_STATE);
    }

    @Test
    void deletedOneHasGoneAndIsForgotten() {
        VgpuView made = create("a");

        service.delete("a");

        assertThat(service.vgpus()).isEmpty();
        assertThat(boards.kept).isEmpty();
        assertThat(made.socket()).doesNotExist();
        assertThat(refusal(() -> service.vgpu("a")).error()).isEqualTo(ServiceError.NOT_FOUND);
        assertThat(refusal(() -> service.delete("a")).error()).isEqualTo(ServiceError.NOT_FOUND);
        assertThat(create("a").state()).isEqualTo("running");
    }

    @Test
    void nameAndIdAreTakenOnce() {
        UUID id = create("a").uuid();
        CreateVgpu sameId =
                new CreateVgpu("b", TestBoards.SMALL, Optional.empty(), Optional.of(id), OptionalInt.empty());

        assertThat(refusal(() -> create("a")).error()).isEqualTo(ServiceError.BUSY);
        assertThat(refusal(() -> service.create(sameId)).error()).isEqualTo(ServiceError.BUSY);
        assertThat(boards.keptNames()).containsExactly("a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "../a", "a/b", ".a", "-a", "a\nb", "abcdefghijklmnopqrstuvwxyz0123456"})
    void namesThatAreNoFilesAreInvalid(String name) {
        assertThat(refusal(() -> create(name)).error()).isEqualTo(ServiceError.INVALID);
    }

    @Test
    void typesAndBoardsThatAreNotThereAreNamedWithThoseThatAre() {
        ServiceException type = refusal(() -> service.create(CreateVgpu.of("a", "L40-7Q")));
        ServiceException board = refusal(() -> service.create(
                new CreateVgpu("a", TestBoards.SMALL, Optional.of("gpu9"), Optional.empty(), OptionalInt.empty())));

        assertThat(type.error()).isEqualTo(ServiceError.INVALID);
        assertThat(type).hasMessageContaining("type=L40-7Q allowed=").hasMessageContaining(" L40-2Q ");
        assertThat(board.error()).isEqualTo(ServiceError.INVALID);
        assertThat(board).hasMessage("There is no such board: board=gpu9 allowed=gpu0");
    }

    @Test
    void otherTypeIsRefusedWhileTheBoardHasOne() {
        create("a");

        ServiceException said = refusal(() -> service.create(CreateVgpu.of("b", "L40-2Q")));

        assertThat(said.error()).isEqualTo(ServiceError.BUSY);
        assertThat(boards.names()).containsExactly("a");
    }

    @Test
    void fullBoardIsExhausted() {
        int made = 0;
        ServiceException said = null;
        while (said == null) {
            String name = "v" + made++;
            said = refusal(() -> create(name));
        }

        assertThat(said.error()).isEqualTo(ServiceError.EXHAUSTED);
        assertThat(boards.names()).hasSize(made - 1);
        assertThat(service.types()).allSatisfy(type -> assertThat(type.left()).isZero());
    }

    @Test
    void whatCannotBeKeptIsNotCreated() {
        boards.storeWorks = false;

        ServiceException said = refusal(() -> create("a"));

        assertThat(said.error()).isEqualTo(ServiceError.FAILED);
        assertThat(said).hasMessage("Cannot create a: The disk is full");
        assertThat(service.vgpus()).isEmpty();
        assertThat(folder).isEmptyDirectory();
        boards.storeWorks = true;
        assertThat(create("a").state()).isEqualTo("running");
    }

    @Test
    void whatCannotBeForgottenIsNotDeleted() {
        create("a");
        boards.storeWorks = false;

        assertThat(refusal(() -> service.delete("a")).error()).isEqualTo(ServiceError.FAILED);

        assertThat(service.vgpu("a").state()).isEqualTo("running");
        boards.storeWorks = true;
        service.delete("a");
        assertThat(boards.kept).isEmpty();
    }

    @Test
    void manyAtOnceLeaveWhatTheyWereToldOf() throws Exception {
        List<Callable<Boolean>> work = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String name = "v" + i % 4;
            work.add(() -> {
                ServiceException said = refusal(() -> create(name));
                return said == null;
            });
            work.add(() -> {
                ServiceException said = refusal(() -> service.delete(name));
                return said == null;
            });
        }

        int balance = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Boolean>> done = threads.invokeAll(work);
            for (int i = 0; i < done.size(); i++) {
                balance += done.get(i).get() ? (i % 2 == 0 ? 1 : -1) : 0;
            }
        }

        assertThat(boards.names()).hasSize(balance).isEqualTo(boards.keptNames());
        assertThat(boards.hosts.getFirst().vgpus()).hasSize(balance);
    }

    @Test
    void boardTellsWhatIsLeftOfIt() {
        BoardView before = service.board("gpu0");
        VgpuView made = create("a");
        BoardView after = service.board("gpu0");

        assertThat(before.state()).isEqualTo("running");
        assertThat(before.chip()).isEqualTo("AD102");
        assertThat(after.virtualFunctionsFree()).isEqualTo(before.virtualFunctionsFree() - 1);
        assertThat(after.channelsFree()).isEqualTo(before.channelsFree() - made.channels());
        assertThat(after.memory().fbFreeBytes())
                .isLessThanOrEqualTo(before.memory().fbFreeBytes() - made.fbBytes());
        assertThat(service.functions("gpu0"))
                .hasSize(5)
                .anySatisfy(function -> assertThat(function.vgpu()).contains("a"));
        assertThat(service.unknown("gpu0").calls()).isNotNull();
    }

    @Test
    void logsAreLinesAndHeadsThatAreOffHaveNoPicture() {
        create("a");

        assertThat(service.gspLog("a").lines())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).matches("[a-z]+ \\[[0-9]+\\.[0-9]{6}] .+"));
        assertThat(service.screenshot("a", 0)).isEmpty();
        assertThat(refusal(() -> service.screenshot("a", 4)).error()).isEqualTo(ServiceError.NOT_FOUND);
    }
}
