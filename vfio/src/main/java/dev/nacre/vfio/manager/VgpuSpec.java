package dev.nacre.vfio.manager;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * What a virtual GPU is to be.
 *
 * @param name for people and paths: unique on its board
 * @param typeId one of {@link VgpuManager#types}
 * @param uuid its id; empty for a random one
 * @param vfIndex the virtual function that is to show it; empty for the first that is free
 * @param placementId an id of {@link dev.nacre.vfio.placement.Placer#places}: where it is to lie; empty for
 *     the place that fits best
 */
public record VgpuSpec(String name, int typeId, Optional<UUID> uuid, OptionalInt vfIndex, OptionalInt placementId) {
    /** One of a type, anywhere. */
    public static VgpuSpec of(String name, int typeId) {
        return new VgpuSpec(name, typeId, Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
    }
}
