package dev.nacre.corec;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;

/** Exceptions as the numbers that C gets instead. */
final class Failures {
    private Failures() {}

    /** One of the negative {@code NACRE_ERR} numbers. */
    static int number(Throwable cause) {
        return -error(cause).errno().number();
    }

    private static CoreError error(Throwable cause) {
        return switch (cause) {
            case CoreException failure -> failure.error();
            case IndexOutOfBoundsException outside -> CoreError.INVALID_ARGUMENT;
            case IllegalArgumentException impossible -> CoreError.INVALID_ARGUMENT;
            case OutOfMemoryError full -> CoreError.NO_MEMORY;
            default -> CoreError.IO;
        };
    }
}
