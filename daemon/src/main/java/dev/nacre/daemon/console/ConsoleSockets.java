package dev.nacre.daemon.console;

import dev.nacre.daemon.config.NacreConfig.SocketSettings;
import dev.nacre.daemon.host.EventLog;
import dev.nacre.daemon.host.ServiceEvent;
import dev.nacre.daemon.host.VgpuOperations;
import dev.nacre.daemon.host.VgpuView;
import dev.nacre.display.rfb.RfbScreen;
import dev.nacre.display.rfb.RfbServer;
import dev.nacre.linux.SocketOwner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * For each head of each virtual GPU of some boards, a UNIX socket {@code NAME-HEAD.rfb} for VNC viewers. It appears when
 * the virtual GPU does, and goes with it. A thread of its own follows the service's events.
 */
public final class ConsoleSockets implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ConsoleSockets.class.getName());

    // TIMEOUT: a virtual GPU is listed as soon as it is kept on disk, milliseconds after its event.
    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration UNTIL_SOMETHING_HAPPENS = Duration.ofDays(1);
    private static final int MOST_EVENTS = 10_000;

    /** What a head has here. */
    private record Console(RfbScreen screen, RfbServer server) {}

    private final VgpuOperations service;
    private final HeadScreens screens;
    private final Map<String, SocketSettings> folders;
    private final EventLog.Cursor events;
    // All belong to the thread.
    private final Map<Head, Console> consoles = new HashMap<>();
    private final Set<Head> refused = new HashSet<>();
    private final Set<String> expected = new HashSet<>();
    private final Thread thread;

    /**
     * Opens the sockets of the virtual GPUs that there are, soon, and of those that will be.
     *
     * @param service has the heads, and tells of changes
     * @param screens makes their screens
     * @param folders by a board's name, where the sockets of its heads are: a folder that exists, and what each socket's
     *     mode and owner are
     */
    public ConsoleSockets(VgpuOperations service, HeadScreens screens, Map<String, SocketSettings> folders) {
        this.service = service;
        this.screens = screens;
        this.folders = Map.copyOf(folders);
        this.events = service.events().cursor(service.events().lastId());
        this.thread = Thread.ofPlatform().name("nacre-consoles").daemon().start(this::follow);
    }

    private void follow() {
        try {
            while (true) {
                update();
                Optional<ServiceEvent> event = events.next(expected.isEmpty() ? UNTIL_SOMETHING_HAPPENS : SOON);
                for (int i = 0; event.isPresent() && i < MOST_EVENTS; i++) {
                    note(event.get());
                    event = events.next(Duration.ZERO);
                }
            }
        } catch (InterruptedException closing) {
            consoles.values().forEach(this::close);
        }
    }

    private void note(ServiceEvent event) {
        switch (event.kind()) {
            case VGPU_CREATED -> event.vgpu().ifPresent(expected::add);
            case VGPU_REMOVED -> event.vgpu().ifPresent(expected::remove);
            default -> {}
        }
    }

    /** Opens what is missing, and closes what is left over. */
    private void update() {
        List<VgpuView> vgpus = service.vgpus();
        vgpus.forEach(vgpu -> expected.remove(vgpu.name()));
        Set<Head> heads = vgpus.stream()
                .filter(vgpu -> folders.containsKey(vgpu.board()))
                .<Head>flatMap(vgpu -> vgpu.heads().stream().map(head -> new Head.OfVgpu(vgpu.uuid(), head.index())))
                .collect(Collectors.toSet());
        consoles.entrySet().removeIf(entry -> {
            boolean gone = !heads.contains(entry.getKey());
            if (gone) {
                close(entry.getValue());
            }
            return gone;
        });
        refused.retainAll(heads);
        for (VgpuView vgpu : vgpus) {
            SocketSettings settings = folders.get(vgpu.board());
            if (settings != null) {
                vgpu.heads().forEach(head -> open(vgpu, head.index(), settings));
            }
        }
    }

    private void open(VgpuView vgpu, int index, SocketSettings settings) {
        Head head = new Head.OfVgpu(vgpu.uuid(), index);
        if (consoles.containsKey(head) || refused.contains(head)) {
            return;
        }
        Path path = settings.path().resolve(vgpu.name() + "-" + index + ".rfb");
        // An event tells when it goes.
        RfbScreen screen = screens.open(head, () -> {});
        try {
            RfbServer server = new RfbServer(screen, UnixDomainSocketAddress.of(path));
            consoles.put(head, new Console(screen, server));
            give(path, settings);
        } catch (IOException | UncheckedIOException e) {
            refused.add(head);
            screens.close(screen);
            LOG.log(Level.WARNING, "No console for viewers at " + path + ": " + e.getMessage());
        }
    }

    private void close(Console console) {
        console.server().close();
        screens.close(console.screen());
    }

    /** A socket that was just made lets only this process's user connect; this lets others. */
    private static void give(Path path, SocketSettings settings) throws IOException {
        SocketOwner owner = settings.owner();
        if (owner.gid() != SocketOwner.UNCHANGED) {
            Files.setAttribute(path, "unix:gid", owner.gid());
        }
        if (owner.uid() != SocketOwner.UNCHANGED) {
            Files.setAttribute(path, "unix:uid", owner.uid());
        }
        Files.setAttribute(path, "unix:mode", settings.mode());
    }

    /** Ends all viewers, and removes the sockets. Idempotent. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
