package dev.nacre.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nacre.board.BoardConfig;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.drm.sysfs.ClientFolder;
import dev.nacre.hw.chip.Chip;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A board that is there for programs of this host, and for nobody else. */
class DrmBoardTest {
    private static final CreateVgpu WANTED =
            new CreateVgpu("a", TestBoards.SMALL, Optional.of("gpu0"), Optional.empty(), OptionalInt.empty());

    private final EventLog events = new EventLog();

    @TempDir
    Path temp;

    private BoardHost host(String core, DrmDriverName driver) throws IOException {
        Files.createDirectories(temp.resolve("gpu0"));
        return new BoardHost(
                new BoardHost.Plan(
                        "gpu0",
                        new BoardConfig(Chip.AD102, 4L << 30, 2, 0),
                        CoreProvider.named(core),
                        new CoreConfig(
                                Firmware.synthetic(),
                                false,
                                0,
                                CoreConfig.of(Firmware.synthetic()).scheduling()),
                        List.of(),
                        VgpuManagerOptions.DEFAULT,
                        BoardHost.Sockets.ownerOnly(temp),
                        Optional.of(driver)),
                events);
    }

    @ParameterizedTest
    @EnumSource
    void programsFindItsFilesWhileItRuns(DrmDriverName driver) throws IOException {
        ClientFolder folder;
        try (BoardHost host = host("java", driver)) {
            folder = new ClientFolder(host.drm().orElseThrow().folder());

            assertThat(folder.socket()).exists();
            assertThat(folder.library()).isRegularFile();
            assertThat(folder.root().resolve("dev/dri/card0")).exists();
            assertThat(Files.readString(folder.root().resolve("sys/bus/pci/devices/0000:01:00.0/device")))
                    .isEqualTo("0x26b5\n");
        }

        assertThat(folder.path()).isEmptyDirectory();
    }

    @Test
    void viewNamesTheClientAndTheDriver() throws IOException {
        try (BoardHost host = host("java", DrmDriverName.NOVA)) {
            BoardView view = BoardViews.board(host);

            assertThat(view.client()).isEqualTo("drm");
            assertThat(view.programs()).contains(new BoardView.Programs(DrmDriverName.NOVA, 0));
            assertThat(view.virtualFunctions()).isZero();
        }
    }

    @Test
    void headsAreThoseThatItsDriverHas() throws IOException {
        HeadView first = new HeadView(0, false, 0, 0);
        HeadView second = new HeadView(1, false, 0, 0);
        try (BoardHost host = host("java", DrmDriverName.NOUVEAU)) {
            assertThat(BoardViews.board(host).heads()).containsExactly(first, second);
            host.inject(new InjectedFault.GpuLost());
            assertThat(BoardViews.board(host).heads()).containsExactly(first, second);
        }
        try (BoardHost host = host("java", DrmDriverName.NOVA)) {
            assertThat(BoardViews.board(host).heads()).isEmpty();
        }
    }

    @Test
    void pictureOfAHeadThatThereIsNotIsRefused() throws IOException {
        try (BoardHost host = host("java", DrmDriverName.NOUVEAU)) {
            VgpuService service = new VgpuService(List.of(host), events, definitions -> {}, List.of());

            assertThat(service.boardScreenshot("gpu0", 1)).isEmpty();
            for (int head : new int[] {-1, 2}) {
                assertThatThrownBy(() -> service.boardScreenshot("gpu0", head))
                        .isInstanceOfSatisfying(
                                ServiceException.class,
                                e -> assertThat(e.error()).isEqualTo(ServiceError.NOT_FOUND))
                        .hasMessage("gpu0 has no such head: head=" + head + " heads=2");
            }
            assertThatThrownBy(() -> service.boardScreenshot("gpu1", 0))
                    .isInstanceOfSatisfying(
                            ServiceException.class, e -> assertThat(e.error()).isEqualTo(ServiceError.NOT_FOUND));
        }
    }

    @Test
    void virtualGpuIsRefusedWithWhoHasTheBoard() throws IOException {
        try (BoardHost host = host("java", DrmDriverName.NOUVEAU)) {
            VgpuService service = new VgpuService(List.of(host), events, definitions -> {}, List.of());
            service.restore();

            ServiceException refusal = catchThrowableOfType(ServiceException.class, () -> service.create(WANTED));

            assertThat(refusal)
                    .hasMessage("Board gpu0 is not there for virtual GPUs: client=drm driver=nouveau files=0");
            assertThat(refusal.error()).isEqualTo(ServiceError.BUSY);
        }
    }

    @Test
    void clientOfAnotherKindIsRefusedByTheCore() throws IOException {
        try (BoardHost host = host("java", DrmDriverName.NOUVEAU)) {
            Client other = Client.of("vfio", ClientKind.VFIO, Set.of(), event -> {});

            assertThatThrownBy(() -> host.core().attach(other))
                    .isInstanceOfSatisfying(
                            CoreException.class, e -> assertThat(e.error()).isEqualTo(CoreError.BUSY))
                    .hasMessageContaining("nouveau");
            assertThat(host.core().owner()).contains(ClientKind.DRM);
        }
    }

    @Test
    void programsAreRefusedWhereVirtualGpusHaveTheBoard() throws IOException {
        try (TestBoards boards = new TestBoards(temp, 8)) {
            Files.createDirectories(temp.resolve("drm"));
            BoardHost host = boards.hosts.getFirst();
            boards.service.restore();
            BoardHost.Sockets place = BoardHost.Sockets.ownerOnly(temp.resolve("drm"));

            assertThatThrownBy(() -> new DrmBoard(host.core(), DrmDriverName.NOUVEAU, BoardHost.ADDRESS, place))
                    .isInstanceOfSatisfying(
                            CoreException.class, e -> assertThat(e.error()).isEqualTo(CoreError.BUSY));
        }
    }

    @Test
    void coreThatCannotServeProgramsIsRefused() {
        assertThatThrownBy(() -> host("c", DrmDriverName.NOUVEAU))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.error()).isEqualTo(ServiceError.UNSUPPORTED))
                .hasMessageStartingWith("Board gpu0 cannot be used by programs: ");
    }

    @Test
    void lostBoardEndsWhatProgramsHave() throws IOException {
        try (BoardHost host = host("java", DrmDriverName.NOUVEAU)) {
            host.inject(new InjectedFault.GpuLost());

            assertThat(host.drm().orElseThrow().files()).isZero();
            assertThat(BoardViews.board(host).state()).isEqualTo("lost");
        }
    }

    @Test
    void lostBoardServesProgramsAgainAfterAReset() throws IOException {
        try (BoardHost host = host("java", DrmDriverName.NOUVEAU)) {
            host.inject(new InjectedFault.GpuLost());

            host.restart();

            ClientFolder folder = new ClientFolder(host.drm().orElseThrow().folder());
            assertThat(folder.socket()).exists();
            assertThat(host.core().owner()).contains(ClientKind.DRM);
            assertThat(BoardViews.board(host).state()).isEqualTo("running");
        }
    }
}
