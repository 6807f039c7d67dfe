package dev.nacre.daemon.console;

import java.util.UUID;

/** A head at which somebody may look. */
public sealed interface Head {
    /** Which one of those that its owner has, from 0. */
    int index();

    /**
     * A virtual GPU's.
     *
     * @param vgpu its id, so that a later one of the same name is another
     * @param index from 0
     */
    record OfVgpu(UUID vgpu, int index) implements Head {}

    /**
     * A board's that programs of this host use.
     *
     * @param board its name
     * @param index from 0
     */
    record OfBoard(String board, int index) implements Head {}
}
