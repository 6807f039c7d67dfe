package dev.nacre.board.mmu;

/**
 * The translation of a small page, packed into a long so that it can be kept in an array:
 *
 * <pre>
 *  63   62 .. 12                    11 .. 7             4         3       2         1
 * | 0 | physical address | log2 of the page's size | no atomics | sparse | read-only | system |
 * </pre>
 *
 * A negative one is a fault: the complement of its type.
 */
final class Translation {
    /** log2 of the size of a small page, for which a translation stands. */
    static final int SMALL_SHIFT = 12;

    private static final long SYSTEM = 1 << 1;
    private static final long READ_ONLY = 1 << 2;
    private static final long SPARSE = 1 << 3;
    private static final long NO_ATOMICS = 1 << 4;
    private static final int SHIFT_AT = 7;
    private static final long ADDRESS = -1L << SMALL_SHIFT;
    private static final long KIND_OF_MEMORY = SYSTEM | READ_ONLY | SPARSE | NO_ATOMICS;

    private Translation() {}

    /**
     * A page, or the small part of a larger one.
     *
     * @param address physical address of the small part
     * @param pageShift log2 of the whole page's size
     */
    static long page(long address, int pageShift, boolean system, boolean readOnly, boolean noAtomics) {
        return (address & ADDRESS)
                | ((long) pageShift << SHIFT_AT)
                | (system ? SYSTEM : 0)
                | (readOnly ? READ_ONLY : 0)
                | (noAtomics ? NO_ATOMICS : 0);
    }

    /** Nothing that can be read and written nevertheless. */
    static long sparse(int pageShift) {
        return ((long) pageShift << SHIFT_AT) | SPARSE;
    }

    /** No translation. */
    static long fault(int type) {
        return ~(long) type;
    }

    static boolean isFault(long translation) {
        return translation < 0;
    }

    static int faultType(long translation) {
        return (int) ~translation;
    }

    static boolean isSystem(long translation) {
        return (translation & SYSTEM) != 0;
    }

    static boolean isSparse(long translation) {
        return (translation & SPARSE) != 0;
    }

    static boolean isReadOnly(long translation) {
        return (translation & READ_ONLY) != 0;
    }

    static boolean isAtomicDisabled(long translation) {
        return (translation & NO_ATOMICS) != 0;
    }

    /** Physical address of a virtual address in the page. */
    static long address(long translation, long virtualAddress) {
        return (translation & ADDRESS) | (virtualAddress & ~ADDRESS);
    }

    /** Bytes from a virtual address to the end of its whole page. */
    static long bytesLeft(long translation, long virtualAddress) {
        long size = 1L << ((translation >>> SHIFT_AT) & 31);
        return size - (virtualAddress & (size - 1));
    }

    /** Whether a page is memory like another and lies at a physical address. */
    static boolean continues(long translation, long like, long physicalAddress) {
        if (isFault(translation) || ((translation ^ like) & KIND_OF_MEMORY) != 0) {
            return false;
        }
        return isSparse(translation) || (translation & ADDRESS) == physicalAddress;
    }
}
