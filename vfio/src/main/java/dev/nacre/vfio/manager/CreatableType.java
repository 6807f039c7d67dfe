package dev.nacre.vfio.manager;

import dev.nacre.vfio.type.CatalogType;

/**
 * A type of which another virtual GPU can be created now.
 *
 * @param type the type
 * @param instancesLeft how many more, from 1
 */
public record CreatableType(CatalogType type, int instancesLeft) {}
