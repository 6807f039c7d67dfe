package dev.nacre.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set by JUnit
class InjectedFaultTest {
    @TempDir
    Path folder;

    private TestBoards boards;
    private VgpuService service;

    @BeforeEach
    void open() {
        boards = new TestBoards(folder, 4);
        service = boards.service;
        service.create(CreateVgpu.of("a", TestBoards.SMALL));
        service.create(CreateVgpu.of("b", TestBoards.SMALL));
    }

    @AfterEach
    void close() {
        boards.close();
    }

    private ServiceError refused(InjectedFault fault) {
        return catchThrowableOfType(ServiceException.class, () -> service.inject("a", fault))
                .error();
    }

    @Test
    void unpluggedOneLosesItsVmmUntilAReset() {
        Path socket = service.vgpu("a").socket();

        service.inject("a", new InjectedFault.Unplug());

        assertThat(service.vgpu("a").state()).isEqualTo("defined");
        assertThat(socket).doesNotExist();
        assertThat(service.vgpu("b").state()).isEqualTo("running");
        assertThat(refused(new InjectedFault.Unplug())).isEqualTo(ServiceError.BUSY);
        assertThat(service.reset("a").state()).isEqualTo("running");
        assertThat(socket).exists();
        assertThat(boards.kinds()).contains(ServiceEvent.Kind.FAULT_INJECTED);
    }

    @Test
    void lostGpuIsServedAnewByAReset() {
        service.inject("a", new InjectedFault.GpuLost());
        assertThat(boards.hosts.getFirst().manager().orElseThrow().find("a")).isPresent();

        assertThat(service.reset("a").state()).isEqualTo("running");

        assertThat(service.vgpu("a").socket()).exists();
    }

    @Test
    void faultsThatNeedADriverAreRefusedWithoutOne() {
        assertThat(refused(new InjectedFault.Xid(79, "made to happen"))).isEqualTo(ServiceError.BUSY);
        assertThat(refused(new InjectedFault.PageFault())).isEqualTo(ServiceError.BUSY);
    }

    @Test
    void stalledFirmwareGoesOnWhenItIsToldToOrReset() {
        service.inject("a", new InjectedFault.StalledGsp(true));
        service.inject("a", new InjectedFault.StalledGsp(false));
        service.inject("a", new InjectedFault.StalledGsp(true));

        assertThat(service.reset("a").state()).isEqualTo("running");
    }

    @Test
    void lostBoardTakesItsVirtualGpusAlongAndNothingElse() {
        service.injectBoard("gpu0", new InjectedFault.GpuLost());

        assertThat(service.board("gpu0").state()).isEqualTo("lost");
        assertThat(service.functions("gpu0")).isEmpty();
        assertThat(service.vgpus()).hasSize(2).allSatisfy(vgpu -> {
            assertThat(vgpu.state()).isEqualTo("failed");
            assertThat(vgpu.reason()).contains("Its board is lost");
            assertThat(vgpu.socket()).doesNotExist();
        });
        assertThat(boards.keptNames()).containsExactly("a", "b");
        assertThat(catchThrowableOfType(
                                ServiceException.class, () -> service.create(CreateVgpu.of("c", TestBoards.SMALL)))
                        .error())
                .isEqualTo(ServiceError.FAILED);
        service.delete("a");
        assertThat(boards.keptNames()).containsExactly("b");
    }

    @Test
    void boardThatIsLostAlreadyStaysSo() {
        service.injectBoard("gpu0", new InjectedFault.GpuLost());
        service.injectBoard("gpu0", new InjectedFault.GpuLost());

        assertThat(service.board("gpu0").reason()).contains("It has fallen off its bus");
    }

    @Test
    void boardCanOnlyBeLost() {
        for (InjectedFault fault : List.of(new InjectedFault.PageFault(), new InjectedFault.Unplug())) {
            assertThat(catchThrowableOfType(ServiceException.class, () -> service.injectBoard("gpu0", fault))
                            .error())
                    .isEqualTo(ServiceError.UNSUPPORTED);
        }
    }
}
