package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.daemon.api.json.BoardsJson;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Boards in words that tests with a daemon do not see. */
class BoardTextTest {
    @Test
    void boardThatIsLostSaysWhyAndPromisesNothing() {
        String shown = BoardText.show(SmiTextTest.board("gpu0", null, "lost", "It has fallen off its bus"));

        assertThat(shown.lines())
                .contains("state     lost: It has fallen off its bus", "memory    98304 MiB", "faults    none")
                .noneMatch(line -> line.contains("free"));
        assertThat(BoardText.list(new BoardsJson(List.of(SmiTextTest.board("gpu0", null, "lost", "why")))))
                .containsPattern("gpu0 .* lost +vfio +java +98304 MiB +- +- +- +100\\.0 +12\\.5");
    }

    @Test
    void whatNeverWentWrongIsNotListed() {
        assertThat(BoardText.show(SmiTextTest.board("gpu0", null)).lines()).contains("faults     none");
    }
}
