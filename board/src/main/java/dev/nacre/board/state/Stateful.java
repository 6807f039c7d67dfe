package dev.nacre.board.state;

/**
 * A part of the board that has state. All of it is saved by name, so that a board that was saved can be gone on with in
 * a fresh one. While these methods run no engine does and no register is touched.
 */
public interface Stateful {
    /** The name of this part in saved state, unique in the board, for ever. */
    String stateName();

    /** Puts all state. */
    void save(StateWriter out);

    /**
     * Takes all state, which another part of the same name and configuration saved.
     *
     * @throws StateException if a value is missing or impossible; the part is then as after {@link #reset}
     */
    void restore(StateReader in);

    /** Returns to the state after power-on. */
    void reset();
}
