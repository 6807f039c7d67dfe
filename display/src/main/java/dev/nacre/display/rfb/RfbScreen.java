package dev.nacre.display.rfb;

import dev.nacre.display.Frame;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A source and all who look at it. Has no thread of its own: those who wait for something new take turns to look, so
 * that a source at which nobody looks costs nothing. A source that rests is looked at less and less often.
 *
 * <p>Each viewer is shown the newest picture whenever it has taken the one before, so that a slow one delays nobody and
 * holds one picture at most. A source that is off is black.
 *
 * <p>All methods may be called by any thread.
 */
public final class RfbScreen implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RfbScreen.class.getName());
    // What is shown of a source that has never been on.
    private static final int FIRST_WIDTH = 640;
    private static final int FIRST_HEIGHT = 480;
    private static final int BLACK = 0xff000000;

    /** How seldom a source is looked at that rests: what changes then is seen so much later at most. */
    private static final long REST_NS = 250_000_000;

    private final RfbSource source;
    private final RfbLimits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Set<RfbSession> sessions = new HashSet<>();
    private final Set<RfbSession> refusals = new HashSet<>();
    private final LongAdder updates = new LongAdder();
    private final LongAdder rectangles = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder ignoredInputs = new LongAdder();
    private @Nullable Picture picture;
    private boolean looking;
    private boolean closed;
    private long lookedNs = System.nanoTime();
    private long pauseNs;
    private long admitted;
    private long refused;
    private long failed;
    private long looks;

    /**
     * Makes a screen; looks at nothing yet.
     *
     * @param source what is looked at; stays its owner's
     * @param limits what viewers may take
     */
    public RfbScreen(RfbSource source, RfbLimits limits) {
        this.source = source;
        this.limits = limits;
    }

    /**
     * Serves a viewer until it or the screen ends; throws nothing, whatever the viewer does. Blocks the calling thread,
     * and uses two more.
     *
     * @param transport closed at the end
     */
    public void serve(RfbTransport transport) {
        new RfbSession(this, name(), limits, transport).run();
    }

    private String name() {
        try {
            return source.name();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "A source does not know its name", e);
            return "a screen";
        }
    }

    /** What it has done. */
    public RfbCounts counts() {
        lock.lock();
        try {
            return new RfbCounts(
                    sessions.size(),
                    admitted,
                    refused,
                    failed,
                    looks,
                    updates.sum(),
                    rectangles.sum(),
                    bytes.sum(),
                    ignoredInputs.sum());
        } finally {
            lock.unlock();
        }
    }

    /** Ends all its viewers, and lets no more in. */
    @Override
    public void close() {
        List<RfbSession> ended;
        lock.lock();
        try {
            closed = true;
            ended = new ArrayList<>(sessions);
            ended.addAll(refusals);
            news.signalAll();
        } finally {
            lock.unlock();
        }
        ended.forEach(RfbSession::end);
    }

    // For its sessions.

    /** What becomes of a viewer that comes. */
    enum Admission {
        /** It is served. */
        IN,
        /** It is told that there is no room. */
        REFUSED,
        /** It is told nothing: there are too many already who are told that. */
        DROPPED
    }

    /** Lets a viewer in, if there is room. It must {@link #leave} whatever the answer is. */
    Admission admit(RfbSession session) {
        lock.lock();
        try {
            if (closed || sessions.size() >= limits.viewers()) {
                refused++;
                return closed || refusals.size() >= limits.viewers() || !refusals.add(session)
                        ? Admission.DROPPED
                        : Admission.REFUSED;
            }
            admitted++;
            sessions.add(session);
            return Admission.IN;
        } finally {
            lock.unlock();
        }
    }

    void leave(RfbSession session, boolean itsFault) {
        lock.lock();
        try {
            refusals.remove(session);
            if (sessions.remove(session) && itsFault) {
                failed++;
            }
        } finally {
            lock.unlock();
        }
    }

    void wrote(int rectanglesInUpdate, long bytesOfUpdate) {
        updates.increment();
        rectangles.add(rectanglesInUpdate);
        bytes.add(bytesOfUpdate);
    }

    void ignoredInput() {
        ignoredInputs.increment();
    }

    /** Has viewers look again whether there is something for them. */
    void wake() {
        lock.lock();
        try {
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** A picture of now. */
    Picture now() throws InterruptedException {
        lock.lock();
        try {
            while (looking) {
                news.await();
            }
            return picture == null || isDue(limits.frameNs()) ? look() : picture;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for something that a viewer is to be sent.
     *
     * @param notBeforeNs when it may have its next update at the earliest
     * @return empty if the viewer or the screen has ended
     */
    Optional<Update> await(Viewer viewer, long notBeforeNs) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && !viewer.isOver()) {
                long waitNs = notBeforeNs - System.nanoTime();
                if (viewer.isAsking() && waitNs <= 0) {
                    Optional<Update> update = offer(viewer);
                    if (update.isPresent()) {
                        return update;
                    }
                    waitNs = lookedNs + pauseNs - System.nanoTime();
                }
                if (!viewer.isAsking() || looking) {
                    news.await();
                } else if (waitNs > 0) {
                    news.awaitNanos(waitNs);
                }
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** What there is for a viewer, after a look if one is due and nobody else has one. */
    private Optional<Update> offer(Viewer viewer) {
        boolean fresh = viewer.wantsFresh();
        Picture seen = picture;
        if (looking) {
            return seen == null || fresh ? Optional.empty() : viewer.take(seen);
        }
        return viewer.take(seen == null || isDue(fresh ? limits.frameNs() : pauseNs) ? look() : seen);
    }

    private boolean isDue(long afterNs) {
        return System.nanoTime() - lookedNs >= afterNs;
    }

    /** Looks, without the lock meanwhile; nobody else does. */
    private Picture look() {
        Picture before = picture;
        looking = true;
        lookedNs = System.nanoTime();
        looks++;
        lock.unlock();
        Picture after = before;
        try {
            Frame frame = frame(before);
            after = before == null ? Picture.first(frame) : before.next(frame);
        } finally {
            lock.lock();
            looking = false;
            news.signalAll();
        }
        pauseNs = after == before ? Math.min(2 * pauseNs, REST_NS) : limits.frameNs();
        picture = after;
        return after;
    }

    private Frame frame(@Nullable Picture before) {
        try {
            Optional<Frame> shown = source.frame();
            if (shown.isPresent()) {
                return shown.get();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, () -> "No picture of " + source.name(), e);
        }
        int width = before == null ? FIRST_WIDTH : before.frame().width();
        int height = before == null ? FIRST_HEIGHT : before.frame().height();
        int[] black = new int[width * height];
        Arrays.fill(black, BLACK);
        return new Frame(width, height, black);
    }

    /** Ends a transport, whatever it says to that. */
    static void close(RfbTransport transport) {
        try {
            transport.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A viewer's stream did not close", e);
        }
    }
}
