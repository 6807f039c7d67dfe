package dev.nacre.hw.host;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a semaphore's value changes; the host's and the copy engine's codes are the same. */
// HW: open-gpu-doc manuals/volta/gv100/dev_pbdma.ref.txt "Semaphore reduction operations"
public enum Reduction {
    /** The smaller of value and payload. */
    IMIN,
    /** The larger of value and payload. */
    IMAX,
    /** Exclusive or. */
    IXOR,
    /** And. */
    IAND,
    /** Or. */
    IOR,
    /** Sum. */
    IADD,
    /** One more, or 0 if that were more than the payload. */
    INC,
    /** One less, or the payload if the value is 0 or more than the payload. */
    DEC;

    private static final List<Reduction> ALL = List.of(values());

    /** The reduction of a code, or null if there is none. */
    public static @Nullable Reduction of(int code) {
        return code >= 0 && code < ALL.size() ? ALL.get(code) : null;
    }
}
