package dev.nacre.vfiouser;

import dev.nacre.vfiouser.wire.WriteMulti;

/**
 * A write of a few bytes, for {@link VfioUserClient#postAll}.
 *
 * @param region which
 * @param offset first byte in the region
 * @param value what to write, little-endian
 * @param size bytes, 1 to 8
 */
public record RegionWrite(int region, long offset, long value, int size) {
    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if it is not 1 to 8
     */
    public RegionWrite {
        if (size < 1 || size > WriteMulti.MAX_COUNT) {
            throw new IllegalArgumentException("A write has 1 to 8 bytes, not " + size);
        }
    }
}
