package dev.nacre.board.intr;

/** Where engines report interrupts: the leaves and the top of the tree behind it are the tree's. Any thread. */
public interface InterruptLine {
    /**
     * Sets a vector's pending bit and sends the message interrupt if it is enabled.
     *
     * @param vector 0 to 255; leaf {@code vector / 32}, bit {@code vector % 32}
     */
    void raise(int vector);
}
