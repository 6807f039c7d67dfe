package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;

/**
 * The types of a C function. A constant's name lists the parameters: {@code I} is 32 bits; {@code L} is 64 bits, and also a
 * handle or a context, which nobody follows; {@code P} is a pointer. The result is {@code int} where the name does not
 * begin with another.
 */
enum Shape {
    VOID_L,
    VOID_LL,
    VOID_LP,
    VOID_PL,
    VOID_LIP,
    VOID_LILI,
    POINTER_L,
    LONG_L,
    LONG_LI,
    L,
    LI,
    LL,
    LP,
    LII,
    LIL,
    LLL,
    LPI,
    LPP,
    LIIP,
    LIPP,
    LLIP,
    LLPL,
    LLPP,
    LPII,
    LPPP,
    LILPL,
    LLIPP,
    LPILL,
    LIPPLP;

    /** For the linker. */
    FunctionDescriptor descriptor() {
        int underscore = name().indexOf('_');
        MemoryLayout[] parameters =
                name().substring(underscore + 1).chars().mapToObj(Shape::layout).toArray(MemoryLayout[]::new);
        String result = underscore < 0 ? "INT" : name().substring(0, underscore);
        return result.equals("VOID")
                ? FunctionDescriptor.ofVoid(parameters)
                : FunctionDescriptor.of(layout(result.charAt(0)), parameters);
    }

    private static MemoryLayout layout(int letter) {
        return switch (letter) {
            case 'I' -> JAVA_INT;
            case 'L' -> JAVA_LONG;
            case 'P' -> ADDRESS;
            default -> throw new AssertionError("No type: " + (char) letter);
        };
    }
}
