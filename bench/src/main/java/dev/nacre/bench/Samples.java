package dev.nacre.bench;

import java.util.Arrays;

/** Results of the same measurement. */
final class Samples {
    private final double[] values;
    private int count;

    Samples(int capacity) {
        values = new double[capacity];
    }

    void add(double value) {
        values[count] = value;
        count++;
    }

    /** The same in another unit. */
    Samples scaled(double factor) {
        Samples scaled = new Samples(values.length);
        for (int i = 0; i < count; i++) {
            scaled.add(values[i] * factor);
        }
        return scaled;
    }

    /** The one in the middle; the lower one of two. */
    double median() {
        return percentile(50);
    }

    /**
     * The smallest one that so many of a hundred do not exceed.
     *
     * @param percent 1 to 100
     */
    double percentile(int percent) {
        if (count == 0) {
            throw new IllegalStateException("No samples");
        }
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[Math.ceilDiv(count * percent, 100) - 1];
    }
}
