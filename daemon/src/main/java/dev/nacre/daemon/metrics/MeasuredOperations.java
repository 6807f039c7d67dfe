package dev.nacre.daemon.metrics;

import dev.nacre.daemon.host.AttachView;
import dev.nacre.daemon.host.BoardView;
import dev.nacre.daemon.host.CreateVgpu;
import dev.nacre.daemon.host.EventLog;
import dev.nacre.daemon.host.FunctionView;
import dev.nacre.daemon.host.InjectedFault;
import dev.nacre.daemon.host.ServiceException;
import dev.nacre.daemon.host.TypeView;
import dev.nacre.daemon.host.UnknownView;
import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.daemon.host.VgpuView;
import dev.nacre.daemon.host.Vmm;
import dev.nacre.daemon.log.LogContext;
import dev.nacre.display.Frame;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Notes how long changes of virtual GPUs take; what is logged meanwhile carries the virtual GPU's name. */
final class MeasuredOperations implements VgpuOperations {
    private final VgpuOperations to;
    private final Metrics metrics;

    MeasuredOperations(VgpuOperations to, Metrics metrics) {
        this.to = to;
        this.metrics = metrics;
    }

    @Override
    public VgpuView create(CreateVgpu wanted) {
        return measure("create", wanted.name(), () -> to.create(wanted));
    }

    @Override
    public void delete(String nameOrUuid) {
        String _ = measure("delete", nameOrUuid, () -> {
            to.delete(nameOrUuid);
            return nameOrUuid;
        });
    }

    @Override
    public VgpuView reset(String nameOrUuid) {
        return measure("reset", nameOrUuid, () -> to.reset(nameOrUuid));
    }

    private <T> T measure(String operation, String vgpu, Supplier<T> action) {
        long startNs = System.nanoTime();
        String result = "failed";
        try (LogContext _ = LogContext.ofVgpu(vgpu)) {
            T value = action.get();
            result = "done";
            return value;
        } catch (ServiceException e) {
            result = e.error().name().toLowerCase(Locale.ROOT);
            throw e;
        } finally {
            metrics.operation(operation, result, System.nanoTime() - startNs);
        }
    }

    @Override
    public EventLog events() {
        return to.events();
    }

    @Override
    public List<BoardView> boards() {
        return to.boards();
    }

    @Override
    public BoardView board(String name) {
        return to.board(name);
    }

    @Override
    public UnknownView unknown(String board) {
        return to.unknown(board);
    }

    @Override
    public List<FunctionView> functions(String board) {
        return to.functions(board);
    }

    @Override
    public BoardView resetBoard(String board) {
        return to.resetBoard(board);
    }

    @Override
    public List<TypeView> types() {
        return to.types();
    }

    @Override
    public List<VgpuView> vgpus() {
        return to.vgpus();
    }

    @Override
    public VgpuView vgpu(String nameOrUuid) {
        return to.vgpu(nameOrUuid);
    }

    @Override
    public AttachView attach(String nameOrUuid, Vmm vmm) {
        return to.attach(nameOrUuid, vmm);
    }

    @Override
    public String gspLog(String nameOrUuid) {
        return to.gspLog(nameOrUuid);
    }

    @Override
    public Optional<Frame> screenshot(String nameOrUuid, int head) {
        return to.screenshot(nameOrUuid, head);
    }

    @Override
    public Optional<Frame> boardScreenshot(String board, int head) {
        return to.boardScreenshot(board, head);
    }

    @Override
    public void inject(String nameOrUuid, InjectedFault fault) {
        to.inject(nameOrUuid, fault);
    }

    @Override
    public void injectBoard(String board, InjectedFault fault) {
        to.injectBoard(board, fault);
    }
}
