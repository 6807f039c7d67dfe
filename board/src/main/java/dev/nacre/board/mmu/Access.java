package dev.nacre.board.mmu;

/** What is to be done with memory. */
public enum Access {
    /** Read it. */
    READ,
    /** Write it. */
    WRITE,
    /** Read, change and write it in one. */
    ATOMIC
}
