package dev.nacre.drm.sync;

import dev.nacre.drm.DrmException;
import dev.nacre.linux.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A point of a timeline: ends when its own fence and all points before it have ended. HW: {@code dma-fence-chain.c}, also for
 * what comes of points that do not grow: such a one begins a timeline of its own, behind which the old one cannot be seen.
 */
final class FenceChain extends Fence {
    // A client can add points to one that is never reached.
    private static final int MOST_UNREACHED = 1 << 14;

    private final long point;
    private final long previousPoint;
    private final int length;

    private final Fence own;

    /** Points that grow together. */
    private final Object context;

    // Guarded by this.
    private @Nullable Fence previous;
    private int unreached = 2;

    private FenceChain(@Nullable Fence previous, Fence own, long point) {
        this.own = own;
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
        length = this.previous instanceof FenceChain chain ? chain.length + 1 : 1;
    }

    /** What has to end before, without points that only wait for those before them: nobody can tell the difference. */
    private static @Nullable Fence stillAwaited(@Nullable Fence before) {
        Fence at = before;
        while (at instanceof FenceChain chain && chain.own.isSignalled()) {
            at = chain.previous();
        }
        return at == null || at.isSignalled() ? null : at;
    }

    /**
     * Adds a point.
     *
     * @param previous what there was; null for nothing
     * @throws DrmException with ENOMEM if too many points before it have not been reached
     */
    static FenceChain add(@Nullable Fence previous, Fence added, long point) {
        FenceChain chain = new FenceChain(previous, added, point);
        if (chain.length > MOST_UNREACHED) {
            throw new DrmException(Errno.ENOMEM, "Too many points wait: most=" + MOST_UNREACHED);
        }
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

    /** One of the two that it waits for has ended. */
    @Override
    synchronized boolean countDown() {
        return --unreached == 0;
    }
}
