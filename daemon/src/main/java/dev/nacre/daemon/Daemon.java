package dev.nacre.daemon;

import dev.nacre.daemon.api.ApiOptions;
import dev.nacre.daemon.api.ApiParts;
import dev.nacre.daemon.api.ApiServer;
import dev.nacre.daemon.api.RequestMeter;
import dev.nacre.daemon.config.NacreConfig;
import dev.nacre.daemon.config.NacreConfig.SocketSettings;
import dev.nacre.daemon.console.ConsoleSockets;
import dev.nacre.daemon.console.HeadScreens;
import dev.nacre.daemon.host.BoardHost;
import dev.nacre.daemon.host.BoardStart;
import dev.nacre.daemon.host.EventLog;
import dev.nacre.daemon.host.ServiceEvent;
import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.daemon.host.VgpuService;
import dev.nacre.daemon.metrics.Metrics;
import dev.nacre.daemon.state.RuntimeFolder;
import dev.nacre.daemon.state.StateFile;
import dev.nacre.daemon.state.VgpuDefinition;
import java.lang.System.Logger.Level;
import java.lang.module.ModuleDescriptor;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A daemon that runs. What it needs comes up in this order, and goes down in the opposite one: runtime folder with its lock,
 * state file, boards, API, consoles, virtual GPUs. One thread starts and closes it.
 */
public final class Daemon implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Daemon.class.getName());

    private final EventLog events = new EventLog();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final VgpuService service;
    private final HeadScreens screens;
    private volatile Optional<String> unready = Optional.of("It is starting");

    /**
     * Starts it; it is ready when this returns.
     *
     * @throws dev.nacre.daemon.state.StateException if a folder or the state file cannot be used
     * @throws dev.nacre.daemon.host.ServiceException if a board cannot be shared
     * @throws dev.nacre.daemon.api.ApiException if the API cannot listen
     * @throws dev.nacre.vfio.type.CatalogException if a file of types is wrong
     */
    public Daemon(NacreConfig config) {
        try {
            state("starting");
            List<BoardHost.Plan> plans = BoardPlans.of(config);
            RuntimeFolder runtime = opened(RuntimeFolder.open(config.runtime()));
            StateFile state = StateFile.in(config.state());
            List<VgpuDefinition> definitions = state.load();
            service = new VgpuService(boards(runtime, plans), events, state, definitions);
            screens = new HeadScreens(service);
            opened(api(config)).start();
            openConsoles(config, runtime);
            service.restore();
            unready = Optional.empty();
            state("ready");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private List<BoardHost> boards(RuntimeFolder runtime, List<BoardHost.Plan> plans) {
        for (BoardHost.Plan plan : plans) {
            runtime.prepare(plan.sockets().folder(), plan.sockets().owner());
            if (plan.drm().isPresent()) {
                BoardHost.Sockets own = plan.sockets().inFolder(plan.name());
                runtime.prepare(own.folder(), own.owner());
            }
        }
        List<BoardHost> hosts = BoardStart.all(plans, events);
        hosts.forEach(this::opened);
        return hosts;
    }

    private void openConsoles(NacreConfig config, RuntimeFolder runtime) {
        Map<String, SocketSettings> folders = new HashMap<>();
        for (NacreConfig.BoardSettings board : config.boards()) {
            board.consoles().ifPresent(settings -> {
                runtime.prepare(settings.path(), settings.owner());
                folders.put(board.name(), settings);
            });
        }
        if (!folders.isEmpty()) {
            opened(new ConsoleSockets(service, screens, folders));
        }
    }

    private ApiServer api(NacreConfig config) {
        SocketSettings socket = config.api().socket();
        Optional<Metrics> metrics = config.metrics()
                ? Optional.of(new Metrics(service.hosts(), events, screens::counts, version()))
                : Optional.empty();
        VgpuOperations operations =
                metrics.<VgpuOperations>map(it -> it.measured(service)).orElse(service);
        return new ApiServer(
                new ApiOptions(
                        new ApiOptions.Unix(socket.path(), socket.mode(), socket.owner()),
                        config.api()
                                .tcp()
                                .map(tcp -> new ApiOptions.Tcp(
                                        new InetSocketAddress(tcp.host(), tcp.port()),
                                        tcp.certificate(),
                                        tcp.key(),
                                        tcp.tokenFile()))),
                new ApiParts(
                        operations,
                        metrics.map(it -> () -> it.exposition(null).body()),
                        this::unready,
                        version(),
                        screens,
                        metrics.<RequestMeter>map(it -> it::request).orElse(RequestMeter.NONE)));
    }

    /** The version of the program, as its module was built. */
    static String version() {
        return Optional.ofNullable(Daemon.class.getModule().getDescriptor())
                .flatMap(ModuleDescriptor::rawVersion)
                .orElse("unknown");
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /** Boards and virtual GPUs. */
    public VgpuService service() {
        return service;
    }

    /** Why it is not ready; empty while it is. Any thread. */
    public Optional<String> unready() {
        return unready;
    }

    private void state(String state) {
        events.add(
                ServiceEvent.Kind.DAEMON_STATE,
                EventLog.Subject.DAEMON,
                "The daemon is " + state,
                Map.of("state", state));
    }

    /** Stops it; the virtual GPUs come back at the next start. Idempotent. */
    @Override
    public void close() {
        unready = Optional.of("It is stopping");
        if (!parts.isEmpty()) {
            state("stopping");
        }
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.log(Level.ERROR, "Could not be closed in order: " + part, e);
            }
        }
    }
}
