package dev.nacre.drm.nouveau;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.Attachment;
import dev.nacre.core.Channel;
import dev.nacre.core.ChannelGroup;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.core.Timeline;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A client's channel: its commands, and the fences of their ends. Any thread. */
final class NouveauChannel implements AutoCloseable {
    // HW: the core takes as many parts at a time
    private static final int MOST_PARTS = 256;

    // Parts under way from which on new work waits elsewhere than in an ioctl: the core's ring has a few hundred
    // entries.
    private static final int MANY_PARTS = 128;

    // GUEST: clients that mean it have one of each class
    private static final int MOST_OBJECTS = 4096;

    private final Engine engine;
    private final ChannelGroup group;
    private final Channel channel;
    private final Timeline timeline;
    private final JobQueue queue;

    // Held while the core is called, so that points are submitted in their order; taken before this.
    private final Object submitting = new Object();

    // Guarded by submitting.
    private long point;

    // Guarded by this, which nobody holds for long: the core's events wait for it.
    private boolean killed;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private final Set<Integer> objects = new HashSet<>();

    /** What is under way. */
    private record Pending(long point, Fence fence, int parts) {}

    /**
     * Makes one.
     *
     * @param queue its work; closed with it
     * @throws CoreException if there is no channel id or no memory left
     */
    NouveauChannel(Attachment attachment, AddressSpace space, Engine engine, JobQueue queue) {
        this.engine = engine;
        this.queue = queue;
        group = attachment.createChannelGroup(space, engine);
        try {
            channel = group.createChannel();
            timeline = attachment.createTimeline();
        } catch (CoreException e) {
            group.close();
            throw e;
        }
    }

    /** Its id, unique on the board. */
    int id() {
        return channel.id();
    }

    /** The classes of the objects that it can have. */
    List<Integer> classes() {
        return engine.classes();
    }

    /** Its work, in order. */
    JobQueue queue() {
        return queue;
    }

    /** Whether it has failed, and does nothing more. */
    synchronized boolean isKilled() {
        return killed;
    }

    /** Adds an object by the old interface. */
    synchronized void addObject(int handle) {
        if (objects.size() >= MOST_OBJECTS) {
            throw new DrmException(Errno.ENOMEM, "Too many objects: most=" + MOST_OBJECTS);
        }
        if (!objects.add(handle)) {
            throw new DrmException(Errno.EEXIST, "Handle is taken");
        }
    }

    /** Removes one. */
    synchronized void removeObject(int handle) {
        if (!objects.remove(handle)) {
            throw new DrmException(Errno.ENOENT, "No such object");
        }
    }

    /**
     * Has the GPU run commands. Waits while the channel's ring is full; the thread's interruption ends that.
     *
     * @param parts may be none: the fence then ends with what was submitted before
     * @param done ends with the commands
     * @throws DrmException with ENODEV if the channel has failed
     */
    void submit(List<Channel.Push> parts, Fence done) {
        synchronized (submitting) {
            if (parts.isEmpty()) {
                afterAll(done);
                return;
            }
            for (int at = 0; at < parts.size(); at += MOST_PARTS) {
                List<Channel.Push> some = parts.subList(at, Math.min(parts.size(), at + MOST_PARTS));
                boolean isLast = at + some.size() == parts.size();
                submit(some, isLast ? Optional.of(new Pending(point + 1, done, parts.size() + 1)) : Optional.empty());
            }
        }
    }

    private void submit(List<Channel.Push> some, Optional<Pending> end) {
        // ORDERING: known before the GPU can be done.
        end.ifPresent(this::expect);
        try {
            while (!submitInTime(some)) {
                // The ring is full, of work that takes long.
                synchronized (this) {
                    requireLive();
                }
            }
        } catch (CoreException | DrmException e) {
            end.ifPresent(this::forget);
            throw e;
        }
        point++;
    }

    /** Whether there was room in time. @throws CoreException also if the thread was interrupted, which ends the wait */
    private boolean submitInTime(List<Channel.Push> some) {
        try {
            channel.submit(some, timeline, point + 1);
            return true;
        } catch (CoreException e) {
            if (e.error() == CoreError.TIMED_OUT && !Thread.currentThread().isInterrupted()) {
                return false;
            }
            throw e;
        }
    }

    /** What new work waits for, if much is under way. */
    synchronized Optional<Fence> room() {
        int parts = pending.stream().mapToInt(Pending::parts).sum();
        return parts < MANY_PARTS ? Optional.empty() : Optional.of(pending.getFirst().fence);
    }

    private synchronized void expect(Pending end) {
        requireLive();
        pending.add(end);
    }

    private synchronized void forget(Pending end) {
        pending.remove(end);
    }

    private void requireLive() {
        if (killed) {
            throw new DrmException(Errno.ENODEV, "Channel has failed: channel=" + id());
        }
    }

    private void afterAll(Fence done) {
        synchronized (this) {
            requireLive();
            if (!pending.isEmpty()) {
                pending.add(new Pending(pending.getLast().point, done, 1));
                return;
            }
        }
        done.signal();
    }

    /** The GPU has got on. */
    void progressed() {
        List<Fence> ended = new ArrayList<>();
        synchronized (this) {
            if (killed) {
                return;
            }
            long reached = timeline.value();
            Pending first = pending.peek();
            while (first != null && first.point <= reached) {
                ended.add(pending.remove().fence);
                first = pending.peek();
            }
        }
        ended.forEach(Fence::signal);
    }

    /** The core says that a channel of this id has failed: this one, or one that had the id before. */
    void faulted() {
        progressed();
        if (isLost()) {
            kill();
        }
    }

    /** Whether what is under way never ends. A channel fails by what is under way alone. */
    private synchronized boolean isLost() {
        Pending first = pending.peek();
        if (first == null) {
            return false;
        }
        try {
            boolean _ = timeline.await(first.point, Duration.ZERO);
            return false;
        } catch (CoreException e) {
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What has not ended does not any more, and nothing begins. */
    void kill() {
        progressed();
        List<Pending> lost;
        synchronized (this) {
            killed = true;
            lost = List.copyOf(pending);
            pending.clear();
        }
        lost.forEach(one -> one.fence.fail(Errno.ENODEV));
    }

    /** What is under way. */
    List<Fence> work() {
        synchronized (this) {
            return pending.stream().map(Pending::fence).toList();
        }
    }

    /** Ends it: what has not ended fails. */
    @Override
    public void close() {
        queue.close();
        group.close();
        kill();
        timeline.close();
    }
}
