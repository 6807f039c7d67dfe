package dev.nacre.daemon.api;

import dev.nacre.display.Frame;

/** A picture in small. */
final class Thumbnail {
    private Thumbnail() {}

    /**
     * Makes a picture no wider than asked, in proportion; each pixel is the mean of those that it stands for.
     *
     * @param maxWidth from 1
     * @return the picture itself if it is not wider
     */
    static Frame of(Frame frame, int maxWidth) {
        if (frame.width() <= maxWidth) {
            return frame;
        }
        int height = Math.max(1, (int) ((long) frame.height() * maxWidth / frame.width()));
        int[] pixels = new int[maxWidth * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < maxWidth; x++) {
                pixels[y * maxWidth + x] = mean(
                        frame,
                        part(x, frame.width(), maxWidth),
                        part(x + 1, frame.width(), maxWidth),
                        part(y, frame.height(), height),
                        part(y + 1, frame.height(), height));
            }
        }
        return new Frame(maxWidth, height, pixels);
    }

    private static int part(int index, int whole, int parts) {
        // CAST: no more than the whole
        return (int) ((long) index * whole / parts);
    }

    private static int mean(Frame frame, int fromX, int toX, int fromY, int toY) {
        int[] pixels = frame.pixels();
        long red = 0;
        long green = 0;
        long blue = 0;
        for (int y = fromY; y < toY; y++) {
            for (int i = y * frame.width() + fromX; i < y * frame.width() + toX; i++) {
                red += (pixels[i] >> 16) & 0xff;
                green += (pixels[i] >> 8) & 0xff;
                blue += pixels[i] & 0xff;
            }
        }
        long count = (long) (toX - fromX) * (toY - fromY);
        return (int) (0xff00_0000L | ((red / count) << 16) | ((green / count) << 8) | (blue / count));
    }
}
