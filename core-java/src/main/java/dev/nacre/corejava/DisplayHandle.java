package dev.nacre.corejava;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.CursorState;
import dev.nacre.core.Display;
import dev.nacre.core.DisplayConnector;
import dev.nacre.core.DisplayListener;
import dev.nacre.core.DisplaySurface;
import dev.nacre.core.HeadState;
import dev.nacre.core.MemoryObject;
import dev.nacre.core.WindowState;
import dev.nacre.corejava.disp.DisplayEngine;
import dev.nacre.corejava.disp.DisplayEvents;
import dev.nacre.corejava.gpu.DisplayAccess;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The display of a GPU, as a client has it. */
final class DisplayHandle extends Handle implements Display {
    private final DisplayEngine engine;
    private final DisplayEvents events;

    /** One commit at a time: those that wait for a frame do not hold the gate. Taken before the gate's lock. */
    private final ReentrantLock commits = new ReentrantLock();

    private DisplayHandle(JavaAttachment attachment, DisplayEngine engine, DisplayEvents events) {
        super(attachment);
        this.engine = engine;
        this.events = events;
    }

    /** Takes the display. With the gate's lock. */
    static DisplayHandle create(JavaAttachment attachment, DisplayListener listener) {
        JavaCore core = attachment.core();
        core.display().requireFree();
        GpuParts parts = core.parts();
        DisplayAccess access = parts.live()
                .gpu()
                .display()
                .orElseThrow(() -> new CoreException(CoreError.NOT_SUPPORTED, "The GPU has no display"));
        DisplayEngine engine = new DisplayEngine(parts.live(), access, parts.memory(), DisplayHandle::place);
        DisplayHandle made = new DisplayHandle(attachment, engine, new DisplayEvents(listener));
        core.display().take(made);
        return made;
    }

    private static DisplayEngine.Place place(DisplaySurface surface) {
        if (surface.memory() instanceof MemoryHandle memory) {
            return memory.place(surface.offset());
        }
        throw new CoreException(CoreError.INVALID_ARGUMENT, "Memory is another core's");
    }

    DisplayEvents events() {
        return events;
    }

    @Override
    public int heads() {
        return engine.heads();
    }

    @Override
    public int windowsPerHead() {
        return engine.windowsPerHead();
    }

    @Override
    public List<DisplayConnector> connectors() {
        return engine.connectors();
    }

    @Override
    public byte[] edid(int connector) {
        requireLive();
        return engine.edid(connector);
    }

    @Override
    public void commit(Map<Integer, HeadState> heads, boolean immediate) {
        commits.lock();
        try {
            Map<Integer, HeadState> next = Map.copyOf(heads);
            next.keySet().forEach(engine::requireHead);
            List<MemoryHandle> used = memories(next.values());
            core().gate().run(() -> {
                requireLive();
                used.forEach(this::requireOwn);
                used.forEach(memory -> memory.bound(1));
            });
            List<MemoryHandle> before = memories(shown());
            try {
                engine.commit(next, immediate);
            } finally {
                List<MemoryHandle> after = memories(shown());
                core().gate().run(() -> {
                    after.forEach(memory -> memory.bound(1));
                    before.forEach(memory -> memory.bound(-1));
                    used.forEach(memory -> memory.bound(-1));
                });
            }
        } finally {
            commits.unlock();
        }
    }

    private void requireOwn(MemoryHandle memory) {
        if (memory.attachment() != attachment()) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "Memory is another client's: " + memory.describe());
        }
        memory.requireLive();
    }

    private List<HeadState> shown() {
        return IntStream.range(0, engine.heads()).mapToObj(engine::shown).toList();
    }

    private static List<MemoryHandle> memories(Collection<HeadState> heads) {
        List<MemoryHandle> all = new ArrayList<>();
        for (HeadState head : heads) {
            Stream<DisplaySurface> windows =
                    head.windows().stream().flatMap(Optional::stream).map(WindowState::surface);
            Stream<DisplaySurface> cursor = head.cursor().map(CursorState::surface).stream();
            Stream.concat(windows, cursor).map(DisplaySurface::memory).forEach(memory -> all.add(own(memory)));
        }
        return all;
    }

    private static MemoryHandle own(MemoryObject memory) {
        if (memory instanceof MemoryHandle handle) {
            return handle;
        }
        throw new CoreException(CoreError.INVALID_ARGUMENT, "Memory is another core's");
    }

    @Override
    public void moveCursor(int head, int x, int y) {
        requireLive();
        engine.moveCursor(head, x, y);
    }

    @Override
    public void vblankEvents(int head, boolean wanted) {
        requireLive();
        engine.vblankEvents(head, wanted);
    }

    @Override
    String describe() {
        return "display heads=" + engine.heads();
    }

    @Override
    void release() {
        core().display().give(this);
        List<MemoryHandle> used = memories(shown());
        engine.close();
        used.forEach(memory -> memory.bound(-1));
        events.close();
    }
}
