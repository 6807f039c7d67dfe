package dev.nacre.drm.sync;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.Quota;
import dev.nacre.linux.Errno;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Some fences as one: ends when all have ended, and fails if one has. HW: {@code dma-fence-array.c} and {@code
 * dma-fence-unwrap.c}, by which fences that are made of others are taken apart first.
 */
public final class FenceGroup extends Fence {
    // GUEST: clients that mean it have one for each engine and process
    private static final int MOST_PARTS = 1 << 10;

    private final List<Fence> parts;
    private final Quota payer;

    // Guarded by this.
    private int unreached;

    private FenceGroup(List<Fence> parts, Quota payer) {
        this.parts = parts;
        this.payer = payer;
        this.unreached = parts.size();
    }

    /**
     * Makes one fence of some.
     *
     * @param payer to whom it counts until it has ended
     * @return a fence that has ended, if all have
     * @throws DrmException with ENOMEM if there are too many
     */
    public static Fence of(List<Fence> fences, Quota payer) {
        SequencedSet<Fence> left = new LinkedHashSet<>();
        for (Fence fence : fences) {
            partsOf(fence).stream().filter(part -> !part.isSignalled()).forEach(left::add);
        }
        if (left.size() <= 1) {
            return left.isEmpty() ? Fence.signalled() : left.getFirst();
        }
        if (left.size() > MOST_PARTS) {
            throw tooMany();
        }
        payer.take(left.size());
        FenceGroup group = new FenceGroup(List.copyOf(left), payer);
        group.parts.forEach(part -> part.addDependent(group));
        return group;
    }

    /**
     * The work that a fence stands for, or the fence itself.
     *
     * @throws DrmException with ENOMEM if it is very much
     */
    public static List<Fence> partsOf(Fence whole) {
        SequencedSet<Fence> found = new LinkedHashSet<>();
        Deque<Fence> left = new ArrayDeque<>(List.of(whole));
        for (int looked = 0; !left.isEmpty(); looked++) {
            if (looked > 2 * MOST_PARTS) {
                throw tooMany();
            }
            Fence one = left.pop();
            List<Fence> parts = one.parts();
            if (parts.isEmpty()) {
                found.add(one);
            } else {
                parts.reversed().forEach(left::push);
            }
        }
        return List.copyOf(found);
    }

    private static DrmException tooMany() {
        return new DrmException(Errno.ENOMEM, "Too many fences are one: most=" + MOST_PARTS);
    }

    @Override
    List<Fence> parts() {
        return parts;
    }

    @Override
    @Nullable
    Errno failure() {
        return parts.stream()
                .map(part -> part.error().orElse(null))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    synchronized boolean countDown() {
        return --unreached == 0;
    }

    @Override
    void hasEnded() {
        payer.give(parts.size());
    }
}
