package dev.nacre.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SamplesTest {
    @Test
    void medianIsTheOneInTheMiddleInAnyOrder() {
        assertThat(samples(9, 1, 5).median()).isEqualTo(5);
        assertThat(samples(4, 3, 2, 1).median()).isEqualTo(2);
        assertThat(samples(7).median()).isEqualTo(7);
    }

    @Test
    void percentileIsNotExceededBySoManyOfAHundred() {
        Samples samples = new Samples(200);
        for (int i = 200; i > 0; i--) {
            samples.add(i);
        }

        assertThat(samples.percentile(99)).isEqualTo(198);
        assertThat(samples.percentile(100)).isEqualTo(200);
        assertThat(samples.percentile(1)).isEqualTo(2);
    }

    @Test
    void noSamplesHaveNoMedian() {
        Samples none = new Samples(3);

        assertThatThrownBy(none::median).isInstanceOf(IllegalStateException.class);
    }

    private static Samples samples(double... values) {
        Samples samples = new Samples(values.length);
        for (double value : values) {
            samples.add(value);
        }
        return samples;
    }
}
