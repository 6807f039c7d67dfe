package dev.nacre.hw.disp;

/** Methods of a window immediate channel, class C67B, in bytes. */
// HW: NVIDIA open-gpu-doc, clc67b.h; nouveau dispnv50/wimmc37b.c
public final class Nvc67b {
    /** Takes the position; together with the window if bit 1 is set. */
    public static final int UPDATE = 0x200;

    /** In UPDATE: together with the window. */
    public static final int UPDATE_WITH_WINDOW = 1 << 1;

    /** Where the window lies on its head: y (31:16), x (15:0), signed. */
    public static final int SET_POINT_OUT = 0x208;

    private Nvc67b() {}
}
