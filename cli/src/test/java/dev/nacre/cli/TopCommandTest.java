package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What {@code nacre top} sends to a terminal. */
class TopCommandTest {
    @Test
    void everyLineIsPutAtItsPlaceAndNoneMovesTheOthersUp() {
        // HW: ECMA-48, 8.3.21, 8.3.39, 8.3.41: cursor position, erase in page, erase in line
        assertThat(TopCommand.onTerminal("a\nb\n"))
                .isEqualTo("\033[H\033[J" + "\033[1;1H\033[Ka" + "\033[2;1H\033[Kb" + "\033[3;1H\033[K");
    }
}
