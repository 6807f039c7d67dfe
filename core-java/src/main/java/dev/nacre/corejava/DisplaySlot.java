package dev.nacre.corejava;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import org.jspecify.annotations.Nullable;

/** Who has a core's display. */
final class DisplaySlot {
    /** Changed with the gate's lock. */
    private volatile @Nullable DisplayHandle holder;

    /** Takes it. With the gate's lock. */
    void take(DisplayHandle by) {
        holder = by;
    }

    /** Gives it back. With the gate's lock. */
    void give(DisplayHandle by) {
        if (holder == by) {
            holder = null;
        }
    }

    /** @throws CoreException with BUSY if somebody has it */
    void requireFree() {
        DisplayHandle by = holder;
        if (by != null) {
            throw new CoreException(
                    CoreError.BUSY,
                    "A client has the display: client="
                            + by.attachment().client().name());
        }
    }

    /** Vertical blanks of heads have begun, a bit each. The interrupt thread. */
    void vblank(int heads) {
        DisplayHandle by = holder;
        if (by != null) {
            by.events().vblank(heads);
        }
    }

    /** Monitors were plugged in or out. The interrupt thread. */
    void hotplug() {
        DisplayHandle by = holder;
        if (by != null) {
            by.events().hotplug();
        }
    }
}
