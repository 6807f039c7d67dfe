package dev.nacre.daemon.api;

import dev.nacre.board.Board;
import dev.nacre.board.Telemetry;
import dev.nacre.board.UnknownRegister;
import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.core.VgpuUsage;
import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.daemon.host.AttachView;
import dev.nacre.daemon.host.BoardView;
import dev.nacre.daemon.host.CreateVgpu;
import dev.nacre.daemon.host.DrmDriverName;
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
import dev.nacre.vfio.placement.PlacementMode;
import dev.nacre.vfio.type.CatalogType;
import dev.nacre.vfio.type.TypeCatalog;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A board, {@code gpu0}, with room for as many virtual GPUs as anybody wants, in memory; and {@code gpu1}, for programs, with
 * two heads of which the first is on.
 */
final class FakeService implements VgpuOperations {
    static final String BOARD = "gpu0";
    static final String PROGRAMS_BOARD = "gpu1";
    static final String TYPE = "L40-2Q";

    /** A name under which nothing can be created: the board has no room. */
    static final String NO_ROOM = "no-room";

    /** A name under which creation fails. */
    static final String BROKEN = "broken";

    /** A name that is always busy. */
    static final String BUSY = "busy";

    /** A name under which creation is not supported. */
    static final String OTHER_CLIENT = "drm";

    /** A name under which creation meets a bug. */
    static final String BUG = "bug";

    private static final List<HeadView> HEADS = List.of(new HeadView(0, true, 64, 48), new HeadView(1, false, 0, 0));

    private final CatalogType type = TypeCatalog.shipped().types().stream()
            .filter(it -> it.name().equals(TYPE))
            .findFirst()
            .orElseThrow();
    private final EventLog events;
    private final Map<String, VgpuView> vgpus = new ConcurrentSkipListMap<>();

    /** The last fault that was made to happen. */
    final AtomicReference<@Nullable InjectedFault> fault = new AtomicReference<>();

    /** Changes wait for this. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    FakeService() {
        this(64);
    }

    FakeService(int events) {
        this.events = new EventLog(events, InstantSource.system());
    }

    @Override
    public EventLog events() {
        return events;
    }

    @Override
    public List<BoardView> boards() {
        return List.of(board(BOARD), board(PROGRAMS_BOARD));
    }

    @Override
    public BoardView board(String name) {
        boolean programs = name.equals(PROGRAMS_BOARD);
        require(programs || name.equals(BOARD), ServiceError.NOT_FOUND, "There is no such board: " + name);
        return new BoardView(
                name,
                "AD102",
                "NVIDIA L40",
                "GPU-01234567-89ab-cdef-0123-456789abcdef",
                "running",
                Optional.empty(),
                "java",
                "570.144",
                programs ? "drm" : "vfio",
                programs ? Optional.of(new BoardView.Programs(DrmDriverName.NOUVEAU, 3)) : Optional.empty(),
                programs ? HEADS : List.of(),
                "0000:01:00.0",
                new BoardView.Memory(48L << 30, 46L << 30, 0, 0, 128 << 20),
                1984,
                1920,
                32,
                31,
                VgpuScheduling.DEFAULT,
                PlacementMode.HOMOGENEOUS,
                new BoardView.Utilisation(150, 0, 0, 10_000),
                Optional.of(new Telemetry(150, 0, 78_240, 70_000, 300_000, 41.46, 2490, 9001, 1950, 0)),
                Map.of("xid", 3L),
                Path.of("/run/nacre/vgpus"));
    }

    @Override
    public UnknownView unknown(String board) {
        board(board);
        return new UnknownView(
                List.of(new UnknownRegister(0x88004, Optional.of("NV_XVE_ID"), 2, 0, -1)),
                Map.of("control 0x20800a01", 1L),
                new TreeMap<>(Map.of(
                        3,
                        new Board.GuestUnknowns(
                                List.of(new UnknownRegister(0xb00000, Optional.empty(), 0, 1, 5)),
                                Map.of("control 0x20800a02", 2L)))));
    }

    @Override
    public List<FunctionView> functions(String board) {
        board(board);
        return List.of(new FunctionView(
                "0000:01:00.0",
                0x10de,
                0x26b5,
                0x10de,
                0x169d,
                0x030000,
                0xa1,
                Optional.of("nacre-core"),
                Optional.empty(),
                Optional.empty()));
    }

    @Override
    public BoardView resetBoard(String board) {
        await();
        refuse(board);
        return board(board);
    }

    @Override
    public List<TypeView> types() {
        SortedMap<String, Integer> room = new TreeMap<>(Map.of(BOARD, 23));
        return List.of(new TypeView(type, room));
    }

    @Override
    public List<VgpuView> vgpus() {
        return List.copyOf(vgpus.values());
    }

    @Override
    public VgpuView vgpu(String nameOrUuid) {
        return vgpus.values().stream()
                .filter(it ->
                        it.name().equals(nameOrUuid) || it.uuid().toString().equals(nameOrUuid))
                .findFirst()
                .orElseThrow(() ->
                        new ServiceException(ServiceError.NOT_FOUND, "There is no such virtual GPU: " + nameOrUuid));
    }

    @Override
    public VgpuView create(CreateVgpu wanted) {
        await();
        refuse(wanted.name());
        require(
                wanted.type().toLowerCase(Locale.ROOT).equals(TYPE.toLowerCase(Locale.ROOT)),
                ServiceError.INVALID,
                "There is no such type");
        wanted.board().ifPresent(this::board);
        VgpuView view = view(wanted);
        require(vgpus.putIfAbsent(wanted.name(), view) == null, ServiceError.BUSY, "The name is taken");
        tell(ServiceEvent.Kind.VGPU_CREATED, wanted.name());
        return view;
    }

    private VgpuView view(CreateVgpu wanted) {
        return new VgpuView(
                wanted.name(),
                wanted.uuid().orElseGet(UUID::randomUUID),
                BOARD,
                TYPE,
                "running",
                Optional.empty(),
                Optional.of("0000:01:00.4"),
                OptionalInt.of(0),
                Path.of("/run/nacre/vgpus", wanted.name() + ".sock"),
                OptionalInt.of(wanted.placement().orElse(0)),
                2L << 30,
                64,
                Optional.of(new VgpuUsage(64 << 20, 1, 2, 3, 4)),
                Optional.of(new VgpuGuestInfo(true, "570.144 \"\u0007<script>", 1)),
                true,
                HEADS);
    }

    /** Says that something happened to a virtual GPU. */
    void tell(ServiceEvent.Kind kind, String vgpu) {
        events.add(kind, EventLog.Subject.vgpu(BOARD, vgpu), vgpu + " " + kind.label(), Map.of("type", TYPE));
    }

    @Override
    public void delete(String nameOrUuid) {
        await();
        refuse(nameOrUuid);
        String name = vgpu(nameOrUuid).name();
        vgpus.remove(name);
        tell(ServiceEvent.Kind.VGPU_REMOVED, name);
    }

    @Override
    public VgpuView reset(String nameOrUuid) {
        await();
        refuse(nameOrUuid);
        return vgpu(nameOrUuid);
    }

    @Override
    public AttachView attach(String nameOrUuid, Vmm vmm) {
        Path socket = vgpu(nameOrUuid).socket();
        return new AttachView(List.of("-device", socket.toString()), vmm.label() + " " + socket + "\n");
    }

    @Override
    public String gspLog(String nameOrUuid) {
        return vgpu(nameOrUuid).name() + ": 3 entries\n";
    }

    @Override
    public Optional<Frame> screenshot(String nameOrUuid, int head) {
        return shown(vgpu(nameOrUuid).heads(), head);
    }

    @Override
    public Optional<Frame> boardScreenshot(String board, int head) {
        return shown(board(board).heads(), head);
    }

    private static Optional<Frame> shown(List<HeadView> heads, int head) {
        require(head < heads.size(), ServiceError.NOT_FOUND, "There is no such head: " + head);
        HeadView shown = heads.get(head);
        if (!shown.active()) {
            return Optional.empty();
        }
        int[] pixels = new int[shown.width() * shown.height()];
        Arrays.setAll(pixels, i -> 0xff00_0000 | i);
        return Optional.of(new Frame(shown.width(), shown.height(), pixels));
    }

    @Override
    public void inject(String nameOrUuid, InjectedFault injected) {
        refuse(nameOrUuid);
        vgpu(nameOrUuid);
        require(!(injected instanceof InjectedFault.Unplug), ServiceError.UNSUPPORTED, "It cannot be unplugged");
        fault.set(injected);
    }

    @Override
    public void injectBoard(String board, InjectedFault injected) {
        refuse(board);
        board(board);
        require(injected instanceof InjectedFault.GpuLost, ServiceError.UNSUPPORTED, "A board can only be lost");
        fault.set(injected);
    }

    private static void refuse(String name) {
        require(!name.equals(BUG), "A bug");
        require(!name.equals(NO_ROOM), ServiceError.EXHAUSTED, "There is no room");
        require(!name.equals(BROKEN), ServiceError.FAILED, "The GPU refused");
        require(!name.equals(BUSY), ServiceError.BUSY, "Something else happens to it");
        require(!name.equals(OTHER_CLIENT), ServiceError.UNSUPPORTED, "The board has another kind of client");
    }

    private void await() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void require(boolean holds, ServiceError otherwise, String text) {
        if (!holds) {
            throw new ServiceException(otherwise, text);
        }
    }

    private static void require(boolean holds, String text) {
        if (!holds) {
            throw new IllegalStateException(text);
        }
    }
}
