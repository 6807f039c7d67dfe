package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ChecklistTest {
    private final StringWriter text = new StringWriter();
    private final Checklist list =
            new Checklist(new PrintWriter(text)).expect("chip", "NVIDIA (\\w+)").expect("card", "card0");

    @Test
    void lineThatMatchesTicksItsItemOnce() {
        list.line("nouveau: NVIDIA AD102 (192000a1)");
        list.line("nouveau: NVIDIA GA102 (172000a1)");

        assertThat(text.toString()).containsOnlyOnce("ok").contains("AD102").doesNotContain("GA102");
    }

    @Test
    void allSeenIsSuccess() {
        list.line("NVIDIA AD102");
        list.line("card0 is here");

        assertThat(list.finish()).isTrue();
    }

    @Test
    void whatNeverCameIsNamed() {
        list.line("NVIDIA AD102");

        assertThat(list.finish()).isFalse();
        assertThat(text.toString()).contains("no").contains("never seen: card0");
    }
}
