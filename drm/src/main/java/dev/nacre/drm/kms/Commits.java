package dev.nacre.drm.kms;

import dev.nacre.core.CoreException;
import dev.nacre.core.Display;
import dev.nacre.core.DisplayMode;
import dev.nacre.core.HeadState;
import dev.nacre.drm.sync.Fence;
import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Has heads show one commit after another, by a thread that ends when it has had nothing to do for some time. */
final class Commits {
    private static final System.Logger LOG = System.getLogger(Commits.class.getName());
    private static final long IDLE_MS = 1000;

    // TIMEOUT: work that a client has its commit wait for must not keep the display from the next one for ever.
    private static final long FENCE_NS = 10_000_000_000L;

    // TIMEOUT: more than a frame of the slowest mode.
    private static final long FRAME_MS = 2000;

    // HW: struct drm_event_vblank of drm.h
    static final int EVENT_BYTES = 32;

    private static final int FLIP_COMPLETE = 2;

    private final Display display;
    private final List<Vblanks> vblanks;
    private final ThreadPoolExecutor thread;

    /** How many jobs are on their way, by head; guarded by itself. */
    private final Map<Integer, Integer> pending = new HashMap<>();

    // Of the thread.
    private final Map<Integer, HeadState> shown = new HashMap<>();
    private final Map<Integer, Long> lastFlip = new HashMap<>();
    private List<FrameBuffer> shownBuffers = List.of();

    Commits(Display display, List<Vblanks> vblanks) {
        this.display = display;
        this.vblanks = vblanks;
        thread = new ThreadPoolExecutor(
                1,
                1,
                IDLE_MS,
                TimeUnit.MILLISECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("nacre-drm-commits").daemon().factory());
        thread.allowCoreThreadTimeOut(true);
    }

    /** Whether a commit of a head is on its way. */
    boolean isPending(int head) {
        synchronized (pending) {
            return pending.containsKey(head);
        }
    }

    /** Takes a commit. */
    void submit(Job job) {
        synchronized (pending) {
            job.heads().keySet().forEach(head -> pending.merge(head, 1, Integer::sum));
        }
        thread.execute(() -> run(job));
    }

    private void run(Job job) {
        RuntimeException failure = null;
        try {
            awaitFences(job.waits());
            boolean changes = job.heads().entrySet().stream()
                    .anyMatch(entry -> !entry.getValue().equals(shown.get(entry.getKey())));
            if (changes) {
                display.commit(job.heads(), job.isImmediate());
            } else if (!job.isImmediate() && !job.flips().isEmpty()) {
                awaitFrame(job.flips().getFirst().crtc().index());
            }
        } catch (CoreException e) {
            LOG.log(Level.WARNING, "A commit failed: {0}", e.getMessage());
            failure = e;
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A commit failed", e);
            failure = e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end(job, failure);
    }

    private static void awaitFences(List<Fence> waits) throws InterruptedException {
        long deadline = System.nanoTime() + FENCE_NS;
        for (Fence fence : waits) {
            if (!fence.await(deadline)) {
                LOG.log(Level.WARNING, "A commit waits for work that does not end");
            }
        }
    }

    private void awaitFrame(int head) throws InterruptedException {
        CountDownLatch latch = new CountDownLatch(1);
        Vblanks of = vblanks.get(head);
        of.at(of.now().count() + 1, this, moment -> latch.countDown());
        boolean _ = latch.await(FRAME_MS, TimeUnit.MILLISECONDS);
        of.forget(this);
    }

    private void end(Job job, @Nullable RuntimeException failure) {
        job.heads().forEach((head, state) -> {
            HeadState before = shown.put(head, state);
            if (before == null || !before.output().equals(state.output())) {
                vblanks.get(head)
                        .scan(state.output()
                                .map(HeadState.Output::mode)
                                .map(DisplayMode::frameNs)
                                .orElse(0L));
            }
        });
        synchronized (pending) {
            job.heads().keySet().forEach(head -> pending.computeIfPresent(head, (_, n) -> n == 1 ? null : n - 1));
        }
        job.flips().forEach(this::tell);
        job.ends().forEach(Fence::signal);
        shownBuffers.forEach(FrameBuffer::release);
        shownBuffers = job.frameBuffers();
        if (failure == null) {
            job.finish();
        } else {
            job.fail(failure);
        }
    }

    private void tell(Job.Flip flip) {
        int head = flip.crtc().index();
        Vblanks.Moment moment = vblanks.get(head).flipped(lastFlip.getOrDefault(head, 0L));
        lastFlip.put(head, moment.count());
        flip.reservation().send(event(FLIP_COMPLETE, flip.userData(), moment, flip.crtc()));
    }

    /** A struct drm_event_vblank. */
    static byte[] event(int type, long userData, Vblanks.Moment moment, Crtc crtc) {
        byte[] bytes = new byte[EVENT_BYTES];
        MemorySegment event = MemorySegment.ofArray(bytes);
        Args.put32(event, 0, type);
        Args.put32(event, 4, EVENT_BYTES);
        Args.put64(event, 8, userData);
        Args.put32(event, 16, moment.timeNs() / 1_000_000_000);
        Args.put32(event, 20, moment.timeNs() % 1_000_000_000 / 1000);
        Args.put32(event, 24, moment.count());
        Args.put32(event, 28, crtc.id());
        return bytes;
    }
}
