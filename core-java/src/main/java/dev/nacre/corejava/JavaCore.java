package dev.nacre.corejava;

import dev.nacre.core.Attachment;
import dev.nacre.core.BoardInfo;
import dev.nacre.core.Capability;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.core.FaultCause;
import dev.nacre.corejava.Gate.State;
import dev.nacre.corejava.channel.HostChannel;
import dev.nacre.corejava.gpu.BootedGpu;
import dev.nacre.corejava.gpu.GpuDescription;
import dev.nacre.corejava.gpu.GpuEngine;
import dev.nacre.corejava.gpu.GpuListener;
import dev.nacre.corejava.gpu.VgpuShares;
import dev.nacre.corejava.gpu.WatchedGpu;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** The core in Java, on a GPU that was booted. */
final class JavaCore implements Core {
    static final String NAME = "java";

    private static final System.Logger LOG = System.getLogger(JavaCore.class.getName());

    /** Firmware has room for some thousands; more than a few for each virtual GPU is a mistake. */
    private static final int MOST_GSP_CLIENTS = 1024;

    // TIMEOUT: what Core promises: to detach before the end.
    private static final long UNBIND_NS = 5_000_000_000L;

    // TIMEOUT: whoever has not detached by then is waited for a little, and left.
    private static final long FORCED_NS = 1_000_000_000L;

    private final WatchedGpu live;
    private final Gate gate;
    private final EventThread events = new EventThread();
    private final GpuParts parts;
    private final Vgpus vgpus;
    private final DisplaySlot display = new DisplaySlot();
    private final Sleep sleep;
    private final BoardInfo board;
    private final List<Engine> engines;
    private final Set<Capability> capabilities;
    private final AtomicBoolean unbindTold = new AtomicBoolean();

    /** Guarded by the gate. */
    private int gspClients;

    /** Guarded by the gate. */
    private final Set<JavaAttachment> attachments = new LinkedHashSet<>();

    /**
     * Takes a GPU over, and closes it in the end, or if this fails.
     *
     * @param vgpuChannels how many channel ids are to be kept for virtual GPUs
     */
    JavaCore(BootedGpu gpu, int vgpuChannels) {
        live = new WatchedGpu(gpu, this::onLost);
        gate = new Gate(live);
        try {
            parts = GpuParts.of(live, vgpuChannels);
        } catch (CoreException e) {
            events.close();
            gpu.close();
            throw e;
        }
        board = boardInfo(gpu.description(), parts.ids().reserved());
        engines = gpu.description().engines().stream()
                .map(GpuEngine::engine)
                .sorted(Comparator.comparingInt(Engine::bit))
                .toList();
        capabilities = Set.copyOf(capabilities(parts));
        vgpus = new Vgpus(parts, events);
        sleep = new Sleep(gate, parts, events, this::requireMaySleep);
        gpu.listen(new Listener());
    }

    private static BoardInfo boardInfo(GpuDescription gpu, int vgpuChannels) {
        return new BoardInfo(
                gpu.chip(),
                gpu.name(),
                gpu.uuid(),
                gpu.firmware(),
                gpu.fbBytes(),
                gpu.fbRegions(),
                gpu.bar1Bytes(),
                gpu.vmmuSegmentBytes(),
                gpu.ecc(),
                gpu.channels(),
                vgpuChannels,
                gpu.pci(),
                gpu.silicon());
    }

    private static Set<Capability> capabilities(GpuParts parts) {
        Set<Capability> all = EnumSet.allOf(Capability.class);
        if (!parts.engines().hasCopy()) {
            all.removeAll(Set.of(Capability.CE_CHAN_ALLOC, Capability.CHAN_MEM_MAP, Capability.PUSHBUF_SUBMIT));
        }
        if (parts.live().gpu().description().virtualFunctions() == 0) {
            all.remove(Capability.VGPU_PLUGINS);
        }
        if (parts.live().gpu().display().isEmpty()) {
            all.remove(Capability.DISPLAY);
        }
        return all;
    }

    Gate gate() {
        return gate;
    }

    GpuParts parts() {
        return parts;
    }

    Vgpus vgpus() {
        return vgpus;
    }

    DisplaySlot display() {
        return display;
    }

    @Override
    public String implementation() {
        return NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public BoardInfo board() {
        return board;
    }

    @Override
    public List<Engine> engines() {
        return engines;
    }

    @Override
    public boolean isVgpuEnabled() {
        return live.gpu().description().virtualFunctions() > 0;
    }

    @Override
    public Attachment attach(Client client) {
        int version = Math.min(client.newestVersion(), Client.CURRENT_VERSION);
        if (version < client.oldestVersion()) {
            throw new CoreException(
                    CoreError.VERSION,
                    "No version of the interface is known to both: client=" + client.name() + " oldest="
                            + client.oldestVersion() + " newest=" + client.newestVersion() + " core="
                            + Client.CURRENT_VERSION);
        }
        Set<Capability> missing = new LinkedHashSet<>(client.required());
        missing.removeAll(capabilities);
        if (!missing.isEmpty()) {
            throw new CoreException(
                    CoreError.NOT_SUPPORTED,
                    "The core cannot do what the client needs: client=" + client.name() + " core=" + NAME + " missing="
                            + missing);
        }
        JavaAttachment attachment = new JavaAttachment(this, client, version);
        long started = gate.use(() -> {
            requireOwner(client);
            attachments.add(attachment);
            return events.start(attachment.receiver());
        });
        events.await(started, EventThread.LISTENER_NS);
        return attachment;
    }

    private void requireOwner(Client client) {
        if (gate.state() == State.CLOSING) {
            throw new CoreException(CoreError.GONE, "The core is being closed");
        }
        for (JavaAttachment other : attachments) {
            if (other.client().kind() != client.kind()) {
                throw new CoreException(
                        CoreError.BUSY,
                        "The GPU has clients of another kind: client=" + client.name() + " kind=" + client.kind()
                                + " owner=" + other.client().name() + " owner-kind="
                                + other.client().kind());
            }
        }
    }

    @Override
    public Optional<ClientKind> owner() {
        return gate.locked(
                () -> attachments.stream().findFirst().map(one -> one.client().kind()));
    }

    /** Lets an attachment go that has freed all. With the gate's lock. @return the number of its last event */
    long detached(JavaAttachment attachment) {
        attachments.remove(attachment);
        gate.signal();
        return events.end(attachment.receiver());
    }

    void detach(JavaAttachment attachment) {
        long ended = gate.locked(() -> {
            if (!attachment.isDetached()) {
                requireAwake();
            }
            return attachment.detach();
        });
        if (!events.isInside(attachment.receiver())) {
            events.await(ended, EventThread.LISTENER_NS);
        }
    }

    /** @throws CoreException with SUSPENDED if the core sleeps */
    void requireAwake() {
        if (gate.state() == State.SUSPENDED && !live.isLost()) {
            gate.check();
        }
    }

    @Override
    public void configureVirtualFunctions(int count) {
        if (count < 0) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Number of virtual functions is impossible: count=" + count + " allowed=0 or more");
        }
        if (count > 0 && !isVgpuEnabled()) {
            throw new CoreException(CoreError.NOT_SUPPORTED, "The GPU cannot be shared: count=" + count);
        }
        gate.check();
        events.await(events.post(new CoreEvent.SriovConfigure(count)), EventThread.LISTENER_NS);
    }

    /** Counts a client of the firmware. With the gate's lock. @throws CoreException with NO_SPACE if there are too many */
    void takeGspClient() {
        if (gspClients >= MOST_GSP_CLIENTS) {
            throw new CoreException(CoreError.NO_SPACE, "There are too many GSP clients: clients=" + gspClients);
        }
        gspClients++;
    }

    /** Counts it no more. With the gate's lock. */
    void giveGspClientBack() {
        gspClients--;
    }

    /** Takes a channel in, and tells clients. With the gate's lock. */
    void started(HostChannel channel) {
        synchronized (parts.channels()) {
            parts.channels().add(channel);
            events.post(new CoreEvent.ChannelStart(channel.id()));
        }
    }

    /** Lets a channel go, and tells clients. With the gate's lock. */
    void ended(HostChannel channel) {
        synchronized (parts.channels()) {
            parts.channels().remove(channel);
            events.post(new CoreEvent.ChannelEnd(channel.id()));
        }
    }

    @Override
    public void suspend() {
        sleep.begin();
    }

    @Override
    public void resume() {
        sleep.end();
    }

    /** @throws CoreException with BUSY if somebody has what cannot sleep */
    private void requireMaySleep() {
        // Their guests run in other machines, which do not sleep.
        vgpus.requireNone();
        display.requireFree();
    }

    @Override
    public void close() {
        boolean first = gate.locked(() -> {
            boolean open = gate.state() == State.RUNNING || gate.state() == State.SUSPENDED;
            if (gate.state() == State.SUSPENDED) {
                // It is not woken for this: what it knows of clients goes with its firmware.
                live.lost();
            }
            if (open) {
                gate.state(State.CLOSING);
            }
            return open;
        });
        if (!first) {
            awaitClosed();
            return;
        }
        tellUnbind();
        awaitDetached();
        List<JavaAttachment> left = gate.locked(() -> new ArrayList<>(attachments));
        for (JavaAttachment attachment : left) {
            LOG.log(
                    Level.WARNING,
                    "Client did not detach in time: client={0}",
                    attachment.client().name());
            long ended = gate.locked(attachment::detach);
            if (!events.isInside(attachment.receiver())) {
                events.await(ended, FORCED_NS);
            }
        }
        gate.run(() -> {
            sleep.forget();
            parts.scrubber().close();
            parts.bar1().close();
            gate.state(State.CLOSED);
        });
        live.gpu().close();
        // Clients that detach inside their listener are told their end only when that has returned.
        events.awaitAll(EventThread.LISTENER_NS);
        events.close();
    }

    private void awaitClosed() {
        if (!events.isInsideAny()) {
            gate.await(() -> gate.state() == State.CLOSED, UNBIND_NS + EventThread.LISTENER_NS);
        }
    }

    private void awaitDetached() {
        if (events.isInsideAny()) {
            events.drain();
        } else {
            gate.await(attachments::isEmpty, UNBIND_NS);
        }
    }

    private void tellUnbind() {
        if (unbindTold.compareAndSet(false, true)) {
            events.post(new CoreEvent.DriverUnbind());
        }
    }

    /** The GPU has gone: whoever waits for it does no longer. By any thread. */
    private void onLost() {
        parts.channels().all().forEach(HostChannel::fail);
        tellUnbind();
    }

    private final class Listener implements GpuListener {
        @Override
        public void nonStall(int engineBit) {
            parts.engines().runlist(engineBit).ifPresent(runlist -> {
                for (HostChannel channel : parts.channels().interrupted(runlist)) {
                    tell(channel, new CoreEvent.FifoNonstall(channel.id()));
                }
            });
        }

        @Override
        public void channelFault(int channelId, FaultCause cause, OptionalLong address) {
            HostChannel channel = parts.channels().find(channelId);
            if (channel != null) {
                channel.fail();
                tell(channel, new CoreEvent.Fault(channelId, cause, address));
            }
        }

        /** Tells clients of a channel that is still theirs. */
        private void tell(HostChannel channel, CoreEvent event) {
            synchronized (parts.channels()) {
                if (!channel.isPrivileged() && parts.channels().find(channel.id()) == channel) {
                    events.post(event);
                }
            }
        }

        @Override
        public void vgpuNotice(int gfid, int index) {
            vgpus.notice(gfid - 1, index);
        }

        @Override
        public void vgpuShares(Map<Integer, VgpuShares> shares) {
            vgpus.shares(shares);
        }

        @Override
        public void vblank(int heads) {
            display.vblank(heads);
        }

        @Override
        public void hotplug() {
            display.hotplug();
        }

        @Override
        public void gone() {
            live.lost();
        }
    }
}
