package dev.nacre.daemon.host;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A virtual GPU that somebody wants.
 *
 * @param name 1 to 32 letters, digits, {@code .}, {@code _} and {@code -}, the first a letter or a digit; unique over all
 *     boards
 * @param type a type's name, in any case, or its id in decimal
 * @param board the board; empty for the one with the most memory left of those that have room for it
 * @param uuid its id; empty for a random one
 * @param placement its placement id; empty for the place that fits best
 */
public record CreateVgpu(String name, String type, Optional<String> board, Optional<UUID> uuid, OptionalInt placement) {
    /** One of a type, anywhere. */
    public static CreateVgpu of(String name, String type) {
        return new CreateVgpu(name, type, Optional.empty(), Optional.empty(), OptionalInt.empty());
    }
}
