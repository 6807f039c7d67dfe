package dev.nacre.corejava.disp;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.CursorState;
import dev.nacre.core.DisplayConnector;
import dev.nacre.core.DisplaySurface;
import dev.nacre.core.HeadState;
import dev.nacre.core.WindowState;
import dev.nacre.corejava.gpu.DisplayAccess;
import dev.nacre.corejava.gpu.WatchedGpu;
import dev.nacre.corejava.io.Waits;
import dev.nacre.corejava.memory.VideoMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Drives the heads of a GPU. What it shows is what was last committed. Any thread; one call at a time. */
public final class DisplayEngine implements AutoCloseable {
    private static final int WINDOWS_PER_HEAD = 2;

    // TIMEOUT: an update waits for a frame at most, and no head is slower than a frame a second; nouveau waits as long.
    private static final long TAKEN_NS = 2_000_000_000L;

    private final WatchedGpu live;
    private final DisplayAccess access;
    private final DisplayObjects objects;
    private final Notifiers notifiers;
    private final InstanceTable instances;
    private final Function<DisplaySurface, Pointers.Target> targets;

    /**
     * Where a surface begins.
     *
     * @param address in the GPU's memory, or a bus address
     * @param system whether the latter
     */
    public record Place(long address, boolean system) {}

    // Guarded by this.
    private final HeadState[] shown;
    private Channels channels;
    private volatile boolean closed;

    /**
     * Takes the display of a GPU. Waits for the firmware.
     *
     * @param access of the same GPU
     * @param places where a surface lies: address, and whether that is a bus address
     */
    public DisplayEngine(
            WatchedGpu live, DisplayAccess access, VideoMemory memory, Function<DisplaySurface, Place> places) {
        this.live = live;
        this.targets = surface -> {
            Place place = places.apply(surface);
            return new Pointers.Target(
                    place.address(), place.system(), surface.blockHeight() != DisplaySurface.PITCH_LINEAR);
        };
        this.access = access;
        objects = new DisplayObjects(live.gpu().createSession(), access);
        shown = new HeadState[objects.heads()];
        Arrays.fill(shown, HeadState.OFF);
        Notifiers madeNotifiers = null;
        InstanceTable madeInstances = null;
        try {
            madeNotifiers = new Notifiers(live.gpu().dma());
            madeInstances = new InstanceTable(live, memory, madeNotifiers);
            for (int channel = 0; channel <= objects.heads() * WINDOWS_PER_HEAD; channel++) {
                // HW: nouveau nvkm/subdev/gsp/rm/r535/disp.c: the core is channel 0, windows follow
                madeInstances.enter(channel, objects.client());
            }
            objects.instanceMemory(madeInstances.address(), InstanceTable.BYTES);
            notifiers = madeNotifiers;
            instances = madeInstances;
            channels = newChannels();
        } catch (CoreException e) {
            live.release(objects::close);
            if (madeInstances != null) {
                madeInstances.close();
            }
            if (madeNotifiers != null) {
                madeNotifiers.close();
            }
            throw e;
        }
    }

    private Channels newChannels() {
        Channels made = new Channels(live, access, objects, notifiers, WINDOWS_PER_HEAD);
        made.ownWindows();
        if (!Waits.until(TAKEN_NS, made::isCoreTaken)) {
            live.release(made::close);
            throw new CoreException(CoreError.TIMED_OUT, "Display does not start");
        }
        return made;
    }

    /** How many heads there are. */
    public int heads() {
        return shown.length;
    }

    /** How many windows each has. */
    public int windowsPerHead() {
        return WINDOWS_PER_HEAD;
    }

    /** The connectors. */
    public List<DisplayConnector> connectors() {
        return objects.outputs().stream().map(DisplayObjects.Output::connector).toList();
    }

    /** As {@link dev.nacre.core.Display#edid}. */
    public byte[] edid(int connector) {
        return objects.edid(output(connector).displayId());
    }

    private DisplayObjects.Output output(int connector) {
        if (connector < 0 || connector >= objects.outputs().size()) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "There is no such connector: connector=" + connector + " connectors="
                            + objects.outputs().size());
        }
        return objects.outputs().get(connector);
    }

    /** @throws CoreException with INVALID_ARGUMENT if there is no such head */
    public void requireHead(int head) {
        if (head < 0 || head >= shown.length) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT, "There is no such head: head=" + head + " heads=" + shown.length);
        }
    }

    /** As {@link dev.nacre.core.Display#commit}. What heads show belongs to this display's owner, and stays. */
    public synchronized void commit(Map<Integer, HeadState> heads, boolean immediate) {
        requireOpen();
        HeadState[] next = shown.clone();
        heads.forEach((head, state) -> {
            requireHead(head);
            next[head] = state;
        });
        check(next);
        Update update = new Update(channels, notifiers, access.model(), targets, immediate);
        for (int head = 0; head < next.length; head++) {
            if (!next[head].equals(shown[head])) {
                addHead(update, head, shown[head], next[head]);
            }
        }
        update.kick();
        if (!Waits.until(TAKEN_NS, taken(update))) {
            live.release(this::restart);
            throw new CoreException(CoreError.TIMED_OUT, "Display does not show what it is to: heads=" + heads);
        }
        System.arraycopy(next, 0, shown, 0, next.length);
        heads.forEach((head, state) -> state.cursor().ifPresent(cursor -> place(head, cursor.x(), cursor.y())));
    }

    private BooleanSupplier taken(Update update) {
        return () -> live.isLost() || update.isTaken();
    }

    private void requireOpen() {
        if (closed) {
            throw new CoreException(CoreError.STALE, "Display was closed");
        }
    }

    private void check(HeadState[] next) {
        List<Integer> used = new ArrayList<>();
        for (int head = 0; head < next.length; head++) {
            HeadState state = next[head];
            if (state.windows().size() > WINDOWS_PER_HEAD) {
                throw new CoreException(
                        CoreError.INVALID_ARGUMENT,
                        "Head has not as many windows: head=" + head + " windows="
                                + state.windows().size() + " allowed=0 to " + WINDOWS_PER_HEAD);
            }
            Optional<HeadState.Output> output = state.output();
            if (output.isPresent()) {
                int connector = output.get().connector();
                if ((output(connector).connector().heads() >> head & 1) == 0) {
                    throw new CoreException(
                            CoreError.INVALID_ARGUMENT,
                            "Connector cannot show the head: connector=" + connector + " head=" + head);
                }
                if (used.contains(connector)) {
                    throw new CoreException(
                            CoreError.BUSY, "Another head has the connector: connector=" + connector + " head=" + head);
                }
                used.add(connector);
                requireInside(head, state, output.get());
            }
        }
    }

    private static void requireInside(int head, HeadState state, HeadState.Output output) {
        for (Optional<WindowState> window : state.windows()) {
            if (window.isPresent()
                    && (window.get().x() + window.get().width() > output.mode().width()
                            || window.get().y() + window.get().height()
                                    > output.mode().height())) {
                throw new CoreException(
                        CoreError.INVALID_ARGUMENT,
                        "Window is not inside the picture: head=" + head + " window=" + window.get() + " mode="
                                + output.mode());
            }
        }
    }

    private void addHead(Update update, int head, HeadState old, HeadState next) {
        if (!old.output().equals(next.output())) {
            old.output()
                    .ifPresent(output -> update.turnOff(
                            objects.assignSor(output(output.connector()).displayId())));
            next.output().ifPresent(output -> {
                DisplayObjects.Output to = output(output.connector());
                update.turnOn(head, output.mode(), objects.assignSor(to.displayId()), to.protocol());
            });
        }
        if (!old.cursor().map(CursorState::surface).equals(next.cursor().map(CursorState::surface))) {
            update.cursor(head, next.cursor().map(CursorState::surface));
        }
        for (int i = 0; i < WINDOWS_PER_HEAD; i++) {
            Optional<WindowState> before = window(old, i);
            Optional<WindowState> after = window(next, i);
            if (!before.equals(after)) {
                update.window(head * WINDOWS_PER_HEAD + i, after);
            }
        }
    }

    private static Optional<WindowState> window(HeadState head, int index) {
        return index < head.windows().size() ? head.windows().get(index) : Optional.empty();
    }

    /** Begins anew after an update that was not taken. */
    private void restart() {
        Arrays.fill(shown, HeadState.OFF);
        channels.close();
        channels = newChannels();
    }

    /** As {@link dev.nacre.core.Display#moveCursor}. */
    public synchronized void moveCursor(int head, int x, int y) {
        requireOpen();
        requireHead(head);
        place(head, x, y);
    }

    private void place(int head, int x, int y) {
        channels.moveCursor(head, x, y);
    }

    /** What a head shows. */
    public synchronized HeadState shown(int head) {
        return shown[head];
    }

    /** As {@link dev.nacre.core.Display#vblankEvents}. */
    public void vblankEvents(int head, boolean wanted) {
        // Not synchronized: a commit that waits for a frame does not hold it up.
        requireOpen();
        requireHead(head);
        access.vblankEvents(head, wanted);
    }

    /** Turns all off. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Arrays.fill(shown, HeadState.OFF);
        live.release(() -> {
            for (int head = 0; head < shown.length; head++) {
                access.vblankEvents(head, false);
            }
            channels.close();
            objects.close();
        });
        instances.close();
        notifiers.close();
    }
}
