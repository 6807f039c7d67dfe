package dev.nacre.testsupport.driver;

/** A virtual address space of channels, with page tables in both kinds of memory. One thread. */
final class AddressSpace {
    private final Device device;
    private final BarTables bars;
    private final PageTables tables;
    private int tableCount;

    /**
     * An empty space.
     *
     * @param window reaches the pool that tables come from
     */
    AddressSpace(Device device, BarTables bars, VramPlan plan, VramAccess window) {
        this.device = device;
        this.bars = bars;
        // Every other table lies in system memory, so that walks cross between the two.
        this.tables = new PageTables(
                plan.table(window),
                size -> tableCount++ % 2 == 0
                        ? plan.table(window)
                        : new PageTables.SystemTable(device.memory.allocate(size)),
                device.check);
    }

    /** The root directory's address in the board's memory. */
    long pageDirectory() {
        return tables.root().address();
    }

    /** Maps a stretch of the board's memory. */
    void mapVideo(long va, long physical, long sizeBytes, PageTables.Page page) {
        tables.mapVideo(va, physical, sizeBytes, page);
        bars.invalidate(pageDirectory());
    }

    /** Maps new system memory of scattered pages. */
    DmaBuffer mapNew(long va, long sizeBytes) {
        DmaBuffer buffer = device.memory.allocate(sizeBytes);
        tables.mapSystem(va, buffer, PageTables.Page.SMALL);
        bars.invalidate(pageDirectory());
        return buffer;
    }

    /** Maps new system memory of scattered pages of 64 KiB. */
    DmaBuffer mapNewBlocks(long va, long sizeBytes) {
        DmaBuffer buffer = device.memory.allocateBlocks(sizeBytes);
        tables.mapSystem(va, buffer, PageTables.Page.BIG);
        bars.invalidate(pageDirectory());
        return buffer;
    }

    /** Takes one page away. */
    void unmap(long va, PageTables.Page page) {
        tables.unmap(va, page);
        bars.invalidate(pageDirectory());
    }
}
