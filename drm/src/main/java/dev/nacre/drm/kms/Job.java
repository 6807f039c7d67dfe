package dev.nacre.drm.kms;

import dev.nacre.core.CoreException;
import dev.nacre.core.HeadState;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.EventReservation;
import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A commit on its way to the heads. */
final class Job {
    private final Map<Integer, HeadState> heads;
    private final boolean immediate;
    private final List<FrameBuffer> frameBuffers;
    private final List<Fence> waits;
    private final List<Flip> flips;
    private final List<Fence> ends;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    /**
     * An event that tells a client that a head shows the commit.
     *
     * @param reservation room for it
     * @param userData the client's own
     * @param crtc the head
     */
    record Flip(EventReservation reservation, long userData, Crtc crtc) {}

    /**
     * A commit.
     *
     * @param heads what they show then; all that it is about
     * @param immediate whether not to wait for a frame
     * @param frameBuffers all that is shown then, on all heads; a reference of each
     * @param waits what has to end before
     * @param flips what is told then
     * @param ends what ends then
     */
    Job(
            Map<Integer, HeadState> heads,
            boolean immediate,
            List<FrameBuffer> frameBuffers,
            List<Fence> waits,
            List<Flip> flips,
            List<Fence> ends) {
        this.heads = heads;
        this.immediate = immediate;
        this.frameBuffers = frameBuffers;
        this.waits = waits;
        this.flips = flips;
        this.ends = ends;
    }

    /** One that there is nothing to do for. */
    static Job nothing() {
        Job job = new Job(Map.of(), false, List.of(), List.of(), List.of(), List.of());
        job.finish();
        return job;
    }

    Map<Integer, HeadState> heads() {
        return heads;
    }

    boolean isImmediate() {
        return immediate;
    }

    List<FrameBuffer> frameBuffers() {
        return frameBuffers;
    }

    List<Fence> waits() {
        return waits;
    }

    List<Flip> flips() {
        return flips;
    }

    List<Fence> ends() {
        return ends;
    }

    void finish() {
        done.complete(null);
    }

    void fail(RuntimeException why) {
        done.completeExceptionally(why);
    }

    /** Waits until the heads show it. */
    void await() throws InterruptedException {
        boolean _ = await(Long.MAX_VALUE);
    }

    /**
     * Waits until the heads show it, but not for ever.
     *
     * @return whether they do
     */
    boolean await(long timeoutNs) throws InterruptedException {
        try {
            done.get(timeoutNs, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CoreException failure
                    ? DrmException.of(failure)
                    : new DrmException(Errno.EIO, String.valueOf(e.getMessage()));
        }
    }
}
