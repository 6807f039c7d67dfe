package dev.nacre.drm.sync;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.Quota;
import dev.nacre.linux.Errno;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A point of a timeline: ends when its own fence and all points before it have ended. HW: {@code dma-fence-chain.c}, also for
 * what comes of points that do not grow: such a one begins a timeline of its own, behind which the old one cannot be seen.
 */
final class FenceChain extends Fence {
    // GUEST: who asks for a point looks at as many
    private static final int MOST_UNREACHED = 1 << 14;

    private final long point;
    private final long previousPoint;

    /** How many points have not been reached with it, or more: those before it may have been since. */
    private final int length;

    private final Fence own;
    private final Quota payer;

    /** Points that grow together. */
    private final Object context;

    // Guarded by this.
    private @Nullable Fence previous;
    private int unreached = 2;

    private FenceChain(@Nullable Fence previous, Fence own, long point, Quota payer) {
        this.own = own;
        this.payer = payer;
        if (previous instanceof FenceChain chain && Long.compareUnsigned(point, chain.point) > 0) {
            this.point = point;
            previousPoint = chain.point;
            context = chain.context;
        } else {
            this.point = previous instanceof FenceChain chain ? chain.point : point;
            previousPoint = 0;
            context = new Object();
        }
        this.previous = stillAwaited(previous);
        length = 1 + unreached(this.previous);
    }

    /** What has to end before, without points that only wait for those before them: nobody can tell the difference. */
    private static @Nullable Fence stillAwaited(@Nullable Fence before) {
        Fence at = before;
        while (at instanceof FenceChain chain && chain.own.isSignalled()) {
            at = chain.previous();
        }
        return at == null || at.isSignalled() ? null : at;
    }

    /** How many points have not been reached; counted only if there may be too many. */
    private static int unreached(@Nullable Fence head) {
        if (!(head instanceof FenceChain newest)) {
            return 0;
        }
        if (newest.length < MOST_UNREACHED) {
            return newest.length;
        }
        int count = 0;
        for (Fence at = newest; at instanceof FenceChain one && !one.isSignalled(); at = one.previous()) {
            count++;
        }
        return count;
    }

    /**
     * Checks that a point may be added.
     *
     * @param head what there is; null for nothing
     * @throws DrmException with ENOMEM if too many points have not been reached
     */
    static void requireRoom(@Nullable Fence head) {
        if (unreached(head) >= MOST_UNREACHED) {
            throw new DrmException(Errno.ENOMEM, "Too many points wait: most=" + MOST_UNREACHED);
        }
    }

    /**
     * Adds a point.
     *
     * @param previous what there was; null for nothing
     * @param payer to whom it counts until it is reached
     */
    static FenceChain add(@Nullable Fence previous, Fence added, long point, Quota payer) {
        FenceChain chain = new FenceChain(previous, added, point, payer);
        payer.add(1);
        Fence before = chain.previous();
        added.addDependent(chain);
        if (before != null) {
            before.addDependent(chain);
        } else if (chain.countDown()) {
            chain.signal();
        }
        return chain;
    }

    /**
     * The fence that ends when a point is reached.
     *
     * @param head what a syncobj holds; null for nothing
     * @param wanted 0 for {@code head} itself
     * @return null if there is no such point
     */
    static @Nullable Fence find(@Nullable Fence head, long wanted) {
        if (head == null || wanted == 0) {
            return head;
        }
        if (!(head instanceof FenceChain chain) || Long.compareUnsigned(chain.point, wanted) < 0) {
            return null;
        }
        Fence at = chain;
        while (at instanceof FenceChain one
                && one.context.equals(chain.context)
                && Long.compareUnsigned(one.previousPoint, wanted) >= 0) {
            at = one.previous();
        }
        return at == null ? Fence.signalled() : at;
    }

    /**
     * The point that a timeline has reached; 0 if there is no timeline.
     *
     * @param head what a syncobj holds; null for nothing
     */
    static long reached(@Nullable Fence head) {
        if (!(head instanceof FenceChain chain)) {
            return 0;
        }
        FenceChain oldest = chain;
        while (oldest.previous() instanceof FenceChain before && before.context.equals(chain.context)) {
            oldest = before;
        }
        return oldest.isSignalled() ? oldest.point : oldest.previousPoint;
    }

    /** The newest point of a timeline; 0 if there is no timeline. */
    static long newest(@Nullable Fence head) {
        return head instanceof FenceChain chain ? chain.point : 0;
    }

    /** What comes before it and has not ended; null if nothing. */
    private synchronized @Nullable Fence previous() {
        if (previous != null && previous.isSignalled()) {
            previous = null;
        }
        return previous;
    }

    @Override
    void hasEnded() {
        synchronized (this) {
            // All that came before has ended, and would be kept for nothing.
            previous = null;
        }
        payer.give(1);
    }

    @Override
    synchronized List<Fence> parts() {
        Fence before = previous();
        return before == null ? List.of(own) : List.of(own, before);
    }

    /** One of the two that it waits for has ended. */
    @Override
    synchronized boolean countDown() {
        return --unreached == 0;
    }
}
