package dev.nacre.board.bus;

/**
 * Something that answers a range of BAR0 register by register. Addresses are bytes from the start of BAR0, always a
 * multiple of 4: the decoder has resolved narrower, wider and unaligned accesses. Called on the socket's thread.
 */
public interface RegisterBlock {
    /** Reads a register, with its side effects. */
    int read(int address);

    /** The value that a partial write is merged into: what {@link #read} gives, without side effects. */
    int peek(int address);

    /** Writes a register. */
    void write(int address, int value);

    /**
     * Whether there is a register at an address of the block's range. Where there is none the decoder answers by the
     * board's one policy for unmodelled registers, and the block is not asked.
     */
    default boolean models(int address) {
        return true;
    }
}
