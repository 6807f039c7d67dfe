package dev.nacre.corec;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Objects of Java's as handles for C. A handle names a slot and how often the slot was used before, so that one that was
 * freed is known as such. Any thread may call; finding an object allocates nothing.
 */
final class Handles {
    /** An object that has something to give back when its handle goes. */
    interface Releasable {
        /** Gives it back. */
        void release();
    }

    /** What a slot holds: null after it was freed. */
    private record Slot(
            int generation, long owner, @Nullable Object object) {}

    private static final int FIRST_SLOTS = 64;

    /** Written under the lock of this, also its elements. */
    private volatile AtomicReferenceArray<@Nullable Slot> slots = new AtomicReferenceArray<>(FIRST_SLOTS);

    /**
     * Gives an object a handle.
     *
     * @param owner the handle that it goes with; 0 for none
     */
    synchronized long add(long owner, Object object) {
        int index = 0;
        while (index < slots.length() && isUsed(slots.get(index))) {
            index++;
        }
        if (index == slots.length()) {
            grow();
        }
        Slot before = slots.get(index);
        int generation = before == null ? 1 : before.generation + 1;
        slots.set(index, new Slot(generation, owner, object));
        return handle(index, generation);
    }

    /**
     * The object of a handle.
     *
     * @throws CoreException with {@link CoreError#STALE} if there is none, or one of another type
     */
    <T> T find(long handle, Class<T> type) {
        AtomicReferenceArray<@Nullable Slot> all = slots;
        int index = (int) handle - 1;
        Slot slot = index >= 0 && index < all.length() ? all.get(index) : null;
        if (slot == null || slot.generation != (int) (handle >>> Integer.SIZE) || !type.isInstance(slot.object)) {
            throw new CoreException(
                    CoreError.STALE,
                    "A handle is not, or no more, one of this type: handle=0x" + Long.toHexString(handle) + " type="
                            + type.getSimpleName());
        }
        return type.cast(slot.object);
    }

    /** Takes a handle back, and all that go with it. Without effect if it was taken back already. */
    synchronized void remove(long handle) {
        for (int index = 0; index < slots.length(); index++) {
            Slot slot = slots.get(index);
            if (slot == null || slot.object == null) {
                continue;
            }
            long own = handle(index, slot.generation);
            if (own == handle) {
                slots.set(index, new Slot(slot.generation, 0, null));
                if (slot.object instanceof Releasable releasable) {
                    releasable.release();
                }
            } else if (slot.owner == handle) {
                remove(own);
            }
        }
    }

    /** How many handles there are. */
    synchronized int count() {
        int count = 0;
        for (int index = 0; index < slots.length(); index++) {
            if (isUsed(slots.get(index))) {
                count++;
            }
        }
        return count;
    }

    private void grow() {
        AtomicReferenceArray<@Nullable Slot> more = new AtomicReferenceArray<>(2 * slots.length());
        for (int index = 0; index < slots.length(); index++) {
            more.set(index, slots.get(index));
        }
        slots = more;
    }

    private static boolean isUsed(@Nullable Slot slot) {
        return slot != null && slot.object != null;
    }

    private static long handle(int index, int generation) {
        return (long) generation << Integer.SIZE | index + 1;
    }
}
