package dev.nacre.corejava.boot;

import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.corejava.io.ConfigSpace;
import java.util.Optional;

/**
 * How a GPU is to be shared.
 *
 * @param sriov its virtual functions; empty if it is not to be shared
 * @param rule how engines' time is divided between them
 */
record Sharing(Optional<ConfigSpace.Sriov> sriov, VgpuScheduling rule) {
    /** How many virtual functions it can have. */
    int virtualFunctions() {
        return sriov.map(ConfigSpace.Sriov::totalVfs).orElse(0);
    }

    /** The rule; empty if it is not to be shared. */
    Optional<VgpuScheduling> scheduling() {
        return sriov.map(any -> rule);
    }
}
