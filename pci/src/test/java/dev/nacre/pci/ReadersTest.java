package dev.nacre.pci;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ReadersTest {
    private final Readers readers = new Readers();

    private static long soonNs() {
        return System.nanoTime() + 1_000_000;
    }

    @Test
    void nobodyInsideIsEmpty() {
        assertThat(readers.awaitEmpty(soonNs())).isTrue();
    }

    @Test
    void readerInsideOutlivesTheDeadline() {
        readers.enter();
        readers.enter();
        readers.exit();

        boolean withOne = readers.awaitEmpty(soonNs());
        readers.exit();

        assertThat(withOne).isFalse();
        assertThat(readers.awaitEmpty(soonNs())).isTrue();
    }

    @Test
    void deadlineInThePastIsALookOnly() {
        assertThat(readers.awaitEmpty(System.nanoTime() - 1)).isTrue();
        readers.enter();

        assertThat(readers.awaitEmpty(System.nanoTime() - 1)).isFalse();
    }
}
