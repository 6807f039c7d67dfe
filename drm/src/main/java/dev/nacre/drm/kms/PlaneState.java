package dev.nacre.drm.kms;

import org.jspecify.annotations.Nullable;

/**
 * What a plane is to show.
 *
 * @param fb the picture; null for none
 * @param crtc the head; null for none
 * @param x where on the head
 * @param y where on the head
 * @param width on the head
 * @param height on the head
 * @param source which part of the picture
 * @param look how it is composed
 */
record PlaneState(
        @Nullable FrameBuffer fb,
        @Nullable Crtc crtc,
        int x,
        int y,
        long width,
        long height,
        Source source,
        Look look) {
    /**
     * A part of a picture, in 16.16 fixed point.
     *
     * @param x first pixel
     * @param y first line
     * @param width pixels
     * @param height lines
     */
    record Source(long x, long y, long width, long height) {
        static final Source NONE = new Source(0, 0, 0, 0);

        static Source ofPixels(int x, int y, int width, int height) {
            return new Source((long) x << 16, (long) y << 16, (long) width << 16, (long) height << 16);
        }
    }

    /**
     * How a plane is composed.
     *
     * @param zpos the greater the nearer
     * @param alpha 0 to 0xffff
     * @param blend a value of {@link Prop#BLEND}
     */
    record Look(long zpos, long alpha, long blend) {}

    /** A plane that is off. */
    static PlaneState off(Look look) {
        return new PlaneState(null, null, 0, 0, 0, 0, Source.NONE, look);
    }

    PlaneState withFb(@Nullable FrameBuffer next) {
        return new PlaneState(next, crtc, x, y, width, height, source, look);
    }

    PlaneState withCrtc(@Nullable Crtc next) {
        return new PlaneState(fb, next, x, y, width, height, source, look);
    }

    PlaneState withPlace(int nextX, int nextY, long nextWidth, long nextHeight) {
        return new PlaneState(fb, crtc, nextX, nextY, nextWidth, nextHeight, source, look);
    }

    PlaneState withSource(Source next) {
        return new PlaneState(fb, crtc, x, y, width, height, next, look);
    }

    PlaneState withLook(Look next) {
        return new PlaneState(fb, crtc, x, y, width, height, source, next);
    }
}
