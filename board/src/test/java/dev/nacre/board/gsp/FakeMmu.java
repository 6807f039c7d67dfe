package dev.nacre.board.gsp;

import dev.nacre.board.mmu.MmuControl;

/** A memory management unit that remembers what it was told. */
public final class FakeMmu implements MmuControl {
    /** Page directory of BAR1, 0 while it is physical. */
    public long bar1;

    /** Page directory of BAR2, 0 while it is physical. */
    public long bar2;

    /** How often everything was invalidated. */
    public int invalidations;

    @Override
    public void bar1PageDirectory(long pageDirectoryAddress) {
        bar1 = pageDirectoryAddress;
    }

    @Override
    public void bar2PageDirectory(long pageDirectoryAddress) {
        bar2 = pageDirectoryAddress;
    }

    @Override
    public void physicalBars() {
        bar1 = 0;
        bar2 = 0;
    }

    @Override
    public void invalidateAll() {
        invalidations++;
    }
}
