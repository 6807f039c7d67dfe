package dev.nacre.daemon.console;

import dev.nacre.daemon.host.AttachView;
import dev.nacre.daemon.host.BoardView;
import dev.nacre.daemon.host.CreateVgpu;
import dev.nacre.daemon.host.EventLog;
import dev.nacre.daemon.host.FunctionView;
import dev.nacre.daemon.host.HeadView;
import dev.nacre.daemon.host.InjectedFault;
import dev.nacre.daemon.host.ServiceError;
import dev.nacre.daemon.host.ServiceEvent;
import dev.nacre.daemon.host.ServiceException;
import dev.nacre.daemon.host.TypeView;
import dev.nacre.daemon.host.UnknownView;
import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.daemon.host.VgpuView;
import dev.nacre.daemon.host.Vmm;
import dev.nacre.display.Frame;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A service of virtual GPUs that have heads, each of a colour of its own, and nothing else. */
final class HeadsService implements VgpuOperations {
    private static final int SIDE = 20;

    final AtomicInteger lists = new AtomicInteger();
    private final EventLog events = new EventLog();
    private final List<VgpuView> vgpus = new CopyOnWriteArrayList<>();

    static int colour(String name, int head) {
        return (name.hashCode() + head) & 0xffffff;
    }

    void add(String board, String name, int heads) {
        addSilently(board, name, heads);
        announce(board, name);
    }

    void addSilently(String board, String name, int heads) {
        vgpus.add(new VgpuView(
                name,
                UUID.randomUUID(),
                board,
                "a type",
                "running",
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Path.of("/nowhere"),
                OptionalInt.empty(),
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                false,
                IntStream.range(0, heads)
                        .mapToObj(head -> new HeadView(head, true, SIDE, SIDE))
                        .toList()));
    }

    void announce(String board, String name) {
        events.add(ServiceEvent.Kind.VGPU_CREATED, EventLog.Subject.vgpu(board, name), "It is new", Map.of());
    }

    void remove(String name) {
        VgpuView gone = vgpu(name);
        vgpus.remove(gone);
        events.add(ServiceEvent.Kind.VGPU_REMOVED, EventLog.Subject.vgpu(gone.board(), name), "It is gone", Map.of());
    }

    @Override
    public EventLog events() {
        return events;
    }

    @Override
    public List<VgpuView> vgpus() {
        lists.incrementAndGet();
        return List.copyOf(vgpus);
    }

    @Override
    public VgpuView vgpu(String nameOrUuid) {
        return vgpus.stream()
                .filter(it ->
                        it.name().equals(nameOrUuid) || it.uuid().toString().equals(nameOrUuid))
                .findFirst()
                .orElseThrow(() -> new ServiceException(ServiceError.NOT_FOUND, "There is no " + nameOrUuid));
    }

    @Override
    public Optional<Frame> screenshot(String nameOrUuid, int head) {
        return plain(vgpu(nameOrUuid).name(), head);
    }

    @Override
    public Optional<Frame> boardScreenshot(String board, int head) {
        return plain(board, head);
    }

    private static Optional<Frame> plain(String name, int head) {
        int[] pixels = new int[SIDE * SIDE];
        Arrays.fill(pixels, 0xff000000 | colour(name, head));
        return Optional.of(new Frame(SIDE, SIDE, pixels));
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("Consoles do not need it");
    }

    @Override
    public List<BoardView> boards() {
        throw unused();
    }

    @Override
    public BoardView board(String name) {
        throw unused();
    }

    @Override
    public UnknownView unknown(String board) {
        throw unused();
    }

    @Override
    public List<FunctionView> functions(String board) {
        throw unused();
    }

    @Override
    public BoardView resetBoard(String board) {
        throw unused();
    }

    @Override
    public List<TypeView> types() {
        throw unused();
    }

    @Override
    public VgpuView create(CreateVgpu wanted) {
        throw unused();
    }

    @Override
    public void delete(String nameOrUuid) {
        throw unused();
    }

    @Override
    public VgpuView reset(String nameOrUuid) {
        throw unused();
    }

    @Override
    public AttachView attach(String nameOrUuid, Vmm vmm) {
        throw unused();
    }

    @Override
    public String gspLog(String nameOrUuid) {
        throw unused();
    }

    @Override
    public void inject(String nameOrUuid, InjectedFault fault) {
        throw unused();
    }

    @Override
    public void injectBoard(String board, InjectedFault fault) {
        throw unused();
    }
}
