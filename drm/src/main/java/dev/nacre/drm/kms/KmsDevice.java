package dev.nacre.drm.kms;

import dev.nacre.core.Display;
import dev.nacre.core.DisplayListener;
import dev.nacre.core.HeadState;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Ioctl;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.IntStream;

/** What all ioctls of a display share: its objects and its state, with one lock over them. */
final class KmsDevice {
    /** Most pixels a side of a picture. HW: nouveau nouveau_display.c for these generations. */
    static final int MOST_SIDE = 16384;

    private static final int CURSOR_ZPOS = 255;
    private static final int OPAQUE = 0xffff;

    private final ReentrantLock lock = new ReentrantLock();
    private final Display display;
    private final ObjectTable objects = new ObjectTable();
    private final Layout layout;
    private final List<Vblanks> vblanks;
    private final Commits commits;

    // Guarded by lock.
    private final List<FrameBuffer> frameBuffers = new ArrayList<>();
    private final List<Blob> blobs = new ArrayList<>();
    private final List<Blob> dying = new ArrayList<>();
    private State state;

    /** Takes events of a display that does not know whom to tell before it exists. */
    static final class Relay implements DisplayListener {
        private volatile DisplayListener to = new DisplayListener() {
            @Override
            public void vblank(int head, long timeNs) {}

            @Override
            public void hotplug() {}
        };

        @Override
        public void vblank(int head, long timeNs) {
            to.vblank(head, timeNs);
        }

        @Override
        public void hotplug() {
            to.hotplug();
        }
    }

    /**
     * How a commit is made.
     *
     * @param modeset whether heads may be turned on, off, or scan otherwise
     * @param test whether it is only checked
     * @param blocking whether one that is on its way is waited for
     * @param immediate whether new pictures do not wait for a frame
     * @param waits what has to end before
     * @param flips makes what is told then, for each head that it is about
     * @param ends what ends then
     */
    record Request(
            boolean modeset,
            boolean test,
            boolean blocking,
            boolean immediate,
            List<Fence> waits,
            Function<Crtc, List<Job.Flip>> flips,
            List<Fence> ends) {
        /** As old ioctls do. */
        static final Request LEGACY = new Request(true, false, true, false, List.of(), crtc -> List.of(), List.of());
    }

    KmsDevice(Display display, Relay relay) {
        this.display = display;
        this.layout = new Layout(display, objects);
        this.vblanks = IntStream.range(0, display.heads())
                .mapToObj(head -> new Vblanks(display, head))
                .toList();
        this.commits = new Commits(display, vblanks);
        this.state = off();
        relay.to = new DisplayListener() {
            @Override
            public void vblank(int head, long timeNs) {
                vblanks.get(head).tell(timeNs);
            }

            @Override
            public void hotplug() {
                forgetMonitors();
            }
        };
    }

    private State off() {
        List<PlaneState> planes = layout.planes().stream()
                .map(plane -> PlaneState.off(new PlaneState.Look(zpos(plane), OPAQUE, 0)))
                .toList();
        return State.off(layout.crtcs().size(), planes, layout.connectors().size());
    }

    private static long zpos(Plane plane) {
        return plane.kind() == Plane.Kind.CURSOR ? CURSOR_ZPOS : plane.window();
    }

    private void forgetMonitors() {
        lock.lock();
        try {
            layout.connectors().forEach(Connector::forget);
        } finally {
            lock.unlock();
        }
    }

    /** A handler that has the lock. */
    Ioctl.Handler locked(Ioctl.Handler handler) {
        return call -> {
            lock.lockInterruptibly();
            try {
                handler.call(call);
            } finally {
                lock.unlock();
            }
        };
    }

    ReentrantLock lock() {
        return lock;
    }

    Display display() {
        return display;
    }

    ObjectTable objects() {
        return objects;
    }

    Layout layout() {
        return layout;
    }

    Vblanks vblanks(Crtc crtc) {
        return vblanks.get(crtc.index());
    }

    // With the lock.

    /** What was last committed; changed as a copy only. */
    State state() {
        return state;
    }

    boolean isPending(Crtc crtc) {
        return commits.isPending(crtc.index());
    }

    /**
     * Checks a state, and has it shown.
     *
     * @return waits for that, which is to be done without the lock
     * @throws DrmException with EINVAL and others if it is impossible; with EBUSY if a commit is on its way that it does
     *     not wait for
     */
    Job commit(State next, Request request) {
        Map<Integer, HeadState> heads = new StateCheck(layout, next).heads();
        for (Crtc crtc : next.touched()) {
            if (!request.modeset() && next.needsModeset(state, crtc)) {
                throw new DrmException(Errno.EINVAL, "A mode is to be set, which was not allowed");
            }
            if (!request.blocking() && !request.test() && isPending(crtc)) {
                throw new DrmException(Errno.EBUSY, "A commit of the head is on its way");
            }
        }
        List<Job.Flip> flips = new ArrayList<>();
        Map<Integer, HeadState> changed = new HashMap<>();
        try {
            for (Crtc crtc : next.touched()) {
                HeadState head = heads.getOrDefault(crtc.index(), HeadState.OFF);
                changed.put(crtc.index(), head);
                flips.addAll(flips(crtc, next, request));
            }
        } catch (DrmException e) {
            flips.forEach(flip -> flip.reservation().cancel());
            throw e;
        }
        if (request.test()) {
            flips.forEach(flip -> flip.reservation().cancel());
            return Job.nothing();
        }
        State before = state;
        state = next.copy();
        List<FrameBuffer> buffers = state.frameBuffers();
        buffers.forEach(FrameBuffer::retain);
        Job job = new Job(changed, request.immediate(), buffers, request.waits(), flips, request.ends());
        releaseCursors(before);
        buryBlobs();
        commits.submit(job);
        return job;
    }

    /** A cursor's place has changed, and nothing else; its head has been told. */
    void moved(State next) {
        state = next.copy();
    }

    private List<Job.Flip> flips(Crtc crtc, State next, Request request) {
        List<Job.Flip> flips = request.flips().apply(crtc);
        if (!flips.isEmpty() && !next.of(crtc).active() && !state.of(crtc).active()) {
            flips.forEach(flip -> flip.reservation().cancel());
            throw new DrmException(Errno.EINVAL, "A head that is off tells no flip");
        }
        return flips;
    }

    /** Gives up pictures of cursors that no state has any more, for no client has them. */
    private void releaseCursors(State before) {
        for (FrameBuffer fb : before.frameBuffers()) {
            if (fb.owner() == null && !state.frameBuffers().contains(fb)) {
                objects.remove(fb);
                fb.release();
            }
        }
    }

    /** Gives up blobs that clients have given up, and no head uses. */
    private void buryBlobs() {
        List<Blob> used = state.blobs();
        dying.removeIf(blob -> {
            boolean unused = !used.contains(blob);
            if (unused) {
                objects.remove(blob);
            }
            return unused;
        });
    }

    // Frame buffers.

    /** Takes a frame buffer in. */
    FrameBuffer add(FrameBuffer fb) {
        objects.add(fb);
        if (fb.owner() != null) {
            frameBuffers.add(fb);
        }
        return fb;
    }

    /** A file's own frame buffers. */
    List<FrameBuffer> frameBuffersOf(DrmFile file) {
        return frameBuffers.stream().filter(fb -> fb.owner() == file).toList();
    }

    /** Takes a frame buffer from its client. What shows it goes on, if it is to. */
    void remove(FrameBuffer fb) {
        if (frameBuffers.remove(fb)) {
            objects.remove(fb);
            fb.release();
        }
    }

    /** A state in which nothing shows some frame buffers. */
    State without(List<FrameBuffer> some) {
        State next = state.copy();
        for (Plane plane : layout.planes()) {
            PlaneState shown = next.of(plane);
            if (shown.fb() != null && some.contains(shown.fb())) {
                next.set(plane, PlaneState.off(shown.look()));
            }
        }
        return next;
    }

    // Blobs.

    /** Takes a blob in; one of nobody goes when no head uses it. */
    Blob add(Blob blob) {
        objects.add(blob);
        if (blob.owner() == null) {
            dying.add(blob);
        } else {
            blobs.add(blob);
        }
        return blob;
    }

    /** How many bytes of blobs a file has. */
    long blobBytesOf(DrmFile file) {
        return blobs.stream()
                .filter(blob -> blob.owner() == file)
                .mapToLong(blob -> Blob.countedBytes(blob.bytes().length))
                .sum();
    }

    /** Whether its client has given a blob up. */
    boolean isDying(Blob blob) {
        return dying.contains(blob);
    }

    /** Takes a blob from its client; it goes when no head uses it. */
    void remove(Blob blob) {
        blobs.remove(blob);
        dying.add(blob);
        buryBlobs();
    }

    /** Takes back all that a file has. @return waits until the heads have done so, without the lock */
    Job close(DrmFile file) {
        List<FrameBuffer> own = frameBuffersOf(file);
        Job job = own.isEmpty() ? Job.nothing() : commit(without(own), Request.LEGACY);
        own.forEach(this::remove);
        List.copyOf(blobs).stream().filter(blob -> blob.owner() == file).forEach(this::remove);
        vblanks.forEach(one -> one.forget(file));
        return job;
    }

    /** Turns all heads off. @return waits until they are, without the lock */
    Job turnOff() {
        State next = off();
        layout.crtcs().forEach(next::touch);
        return commit(next, Request.LEGACY);
    }
}
