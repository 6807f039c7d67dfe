package dev.nacre.board.mmu;

import dev.nacre.hw.mmu.FaultType;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory by virtual address, as one user of the memory management unit sees it: a BAR or a channel. Keeps translations,
 * until any are invalidated.
 */
public final class VirtualSpace extends Space {
    private static final long NO_PAGE = -1;

    private final Walker walker;
    private final AtomicLong generation;
    private final long[] pages;
    private final long[] translations;
    private long seenGeneration;
    private long root;
    private boolean rootInSystem;
    private boolean bound;

    VirtualSpace(PhysicalMemory memory, Walker walker, AtomicLong generation, int entries) {
        super(memory);
        this.walker = walker;
        this.generation = generation;
        this.pages = new long[entries];
        this.translations = new long[entries];
        forget();
    }

    /**
     * Sets the page directory; nothing is forgotten if it is the same as before.
     *
     * @param pageDirectory physical address
     * @param system whether it lies in system memory
     */
    public void bind(long pageDirectory, boolean system) {
        if (!bound || root != pageDirectory || rootInSystem != system) {
            root = pageDirectory;
            rootInSystem = system;
            bound = true;
            forget();
        }
    }

    /** Takes the page directory away: every access faults. */
    public void unbind() {
        bound = false;
    }

    @Override
    public long locate(long address, long length, Access access, Extent out) {
        // ORDERING: an invalidation counts after the page tables were written, so who sees the new count walks the new
        // tables; a walk that began before it is kept under the old count and dropped by the next access.
        long now = generation.get();
        if (now != seenGeneration) {
            forget();
            seenGeneration = now;
        }
        long translation = translate(address);
        if (Translation.isFault(translation)) {
            out.fault(Translation.faultType(translation));
            return 0;
        }
        if (access != Access.READ && isForbidden(translation, access, out)) {
            return 0;
        }
        long physical = Translation.address(translation, address);
        out.set(physical, Translation.isSystem(translation), Translation.isSparse(translation));
        long bytes = Translation.bytesLeft(translation, address);
        while (bytes < length) {
            long next = translate(address + bytes);
            if (!Translation.continues(next, translation, physical + bytes)) {
                return bytes;
            }
            bytes += Translation.bytesLeft(next, address + bytes);
        }
        return length;
    }

    private static boolean isForbidden(long translation, Access access, Extent out) {
        if (Translation.isReadOnly(translation)) {
            out.fault(FaultType.RO_VIOLATION);
            return true;
        }
        if (access == Access.ATOMIC && Translation.isAtomicDisabled(translation)) {
            out.fault(FaultType.ATOMIC_VIOLATION);
            return true;
        }
        return false;
    }

    private long translate(long address) {
        long page = address >>> Translation.SMALL_SHIFT;
        int slot = (int) (page ^ (page >>> 9)) & (pages.length - 1);
        if (pages[slot] == page) {
            return translations[slot];
        }
        if (!bound) {
            return Translation.fault(FaultType.UNBOUND_INST_BLOCK);
        }
        long translation = walker.walk(root, rootInSystem, address);
        if (!Translation.isFault(translation)) {
            pages[slot] = page;
            translations[slot] = translation;
        }
        return translation;
    }

    private void forget() {
        Arrays.fill(pages, NO_PAGE);
    }
}
