package dev.nacre.corec;

import java.util.Locale;

/** The functions of {@code struct nacre_platform}, in its order and under their names there. */
enum PlatformOp {
    READ32(Shape.LIL),
    WRITE32(Shape.VOID_LILI),
    READ(Shape.LILPL),
    WRITE(Shape.LILPL),
    REGION_BYTES(Shape.LONG_LI),
    IS_GONE(Shape.L),
    RESET(Shape.VOID_L),
    DMA_ALLOC(Shape.LLPP),
    DMA_FREE(Shape.VOID_LL),
    INTERRUPT_FD(Shape.L),
    FIRMWARE(Shape.LPPP),
    LOG(Shape.VOID_LIP);

    private final Shape shape;

    PlatformOp(Shape shape) {
        this.shape = shape;
    }

    Shape shape() {
        return shape;
    }

    /** Its name in C. */
    String field() {
        return name().toLowerCase(Locale.ROOT);
    }
}
