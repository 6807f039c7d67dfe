package dev.nacre.testsupport.driver;

/**
 * How the driver uses the board's memory: a pool for page tables and small objects, and an area for data. One thread.
 */
final class VramPlan {
    private static final long MIB = 1 << 20;
    private static final long PAGE = 4096;
    private static final long POOL = 8 * MIB;
    private static final long POOL_BYTES = 8 * MIB;

    /** The last MiB of the pool is for {@link BarTables}' own checks. */
    private static final long SPARE_BYTES = MIB;

    private static final long DATA = 32 * MIB;

    private final long dataBytes;
    private long next = POOL;

    /**
     * Plans a board's memory.
     *
     * @param usableBytes what the firmware leaves to the driver
     */
    VramPlan(long usableBytes) {
        this.dataBytes = Math.min(128 * MIB, (usableBytes - DATA) & (-2 * MIB));
    }

    /** Start of the pool. */
    long pool() {
        return POOL;
    }

    long poolBytes() {
        return POOL_BYTES;
    }

    /** Start of the data area, aligned to 2 MiB. */
    long data() {
        return DATA;
    }

    long dataBytes() {
        return dataBytes;
    }

    /** An unused page of the pool. */
    long page() {
        long page = next;
        next += PAGE;
        if (next > POOL + POOL_BYTES - SPARE_BYTES) {
            throw new IllegalStateException("The driver's pool in the board's memory is used up.");
        }
        return page;
    }

    /** An unused, zeroed page of the pool as a page table. */
    PageTables.Table table(VramAccess access) {
        long page = page();
        access.putBytes(page, new byte[(int) PAGE]);
        return new PageTables.VideoTable(access, page);
    }
}
