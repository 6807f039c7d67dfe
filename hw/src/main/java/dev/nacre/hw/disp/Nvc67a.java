package dev.nacre.hw.disp;

/** Registers of a cursor channel, class C67A: methods that are written directly, in bytes. */
// HW: NVIDIA open-gpu-doc, clc67a.h; nouveau dispnv50/cursc37a.c
public final class Nvc67a {
    /** How many entries are free; there is no queue, so always as many. */
    public static final int FREE = 0x008;

    /** Takes the position. */
    public static final int UPDATE = 0x200;

    /** Where the hot spot lies on the head: y (31:16), x (15:0), signed. */
    public static final int SET_CURSOR_HOT_SPOT_POINT_OUT = 0x208;

    private Nvc67a() {}
}
