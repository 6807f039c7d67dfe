package dev.nacre.board.mmu;

/** What RM tells the memory management unit. GSP's engine thread. */
public interface MmuControl {
    /**
     * Sets the page directory of BAR1, in VRAM; the driver writes into it by itself.
     *
     * @param pageDirectoryAddress physical address in VRAM
     */
    void bar1PageDirectory(long pageDirectoryAddress);

    /**
     * Sets the page directory of BAR2, in VRAM.
     *
     * @param pageDirectoryAddress physical address in VRAM
     */
    void bar2PageDirectory(long pageDirectoryAddress);

    /** Makes BAR1 and BAR2 physical again, as before the GSP was booted. */
    void physicalBars();

    /** Forgets every translation: a page directory changed behind the hardware's back. */
    void invalidateAll();
}
