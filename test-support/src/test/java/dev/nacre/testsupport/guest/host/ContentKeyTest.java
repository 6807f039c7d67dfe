package dev.nacre.testsupport.guest.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContentKeyTest {
    @Test
    void equalIngredientsGiveEqualKeys() {
        assertThat(ContentKey.of("a", "b")).isEqualTo(ContentKey.of("a", "b")).hasSize(16);
    }

    @Test
    void ingredientsAreFencedFromEachOther() {
        assertThat(ContentKey.of("ab", "")).isNotEqualTo(ContentKey.of("a", "b"));
    }
}
