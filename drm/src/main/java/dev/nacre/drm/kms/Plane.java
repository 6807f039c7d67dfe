package dev.nacre.drm.kms;

import java.util.List;

/** A window or cursor of a head as clients know it. */
final class Plane extends ModeObject {
    private final Kind kind;
    private final int index;
    private final int head;
    private final int window;

    /** What it is. HW: DRM_PLANE_TYPE_*. */
    enum Kind {
        OVERLAY(0),
        PRIMARY(1),
        CURSOR(2);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        /** Its value of {@link Prop#PLANE_TYPE}. */
        int number() {
            return number;
        }
    }

    /**
     * One of a head.
     *
     * @param index among all planes
     * @param window of the head; without meaning for a cursor
     */
    Plane(Kind kind, int index, int head, int window) {
        super(ObjectType.PLANE);
        this.kind = kind;
        this.index = index;
        this.head = head;
        this.window = window;
    }

    Kind kind() {
        return kind;
    }

    int index() {
        return index;
    }

    int head() {
        return head;
    }

    int window() {
        return window;
    }

    List<PixelFormat> formats() {
        return kind == Kind.CURSOR ? PixelFormat.OF_CURSORS : PixelFormat.ALL;
    }

    List<Long> modifiers() {
        return kind == Kind.CURSOR ? List.of(Modifier.LINEAR) : Modifier.ALL;
    }

    boolean shows(FrameBuffer fb) {
        return formats().contains(fb.format()) && modifiers().contains(fb.modifier());
    }
}
