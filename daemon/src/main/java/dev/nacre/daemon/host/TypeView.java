package dev.nacre.daemon.host;

import dev.nacre.vfio.type.CatalogType;
import java.util.SortedMap;

/**
 * A type of virtual GPU that some board can have.
 *
 * @param type the type
 * @param creatable how many more can be created now, by the name of each board that knows the type; 0 or more
 */
public record TypeView(CatalogType type, SortedMap<String, Integer> creatable) {
    /** How many more can be created now, on all boards. */
    public int left() {
        return creatable.values().stream().mapToInt(Integer::intValue).sum();
    }
}
