package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TckReportTest {
    private static final Setting ONE = new Setting("c", "in process", "AD102");
    private static final Setting OTHER = new Setting("java", "socket", "AD102");
    private static final Setting OTHER_CHIP = new Setting("java", "socket", "GA102");

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void oneFailureOfManyTestsIsTheOperationsResult() throws IOException {
        try (TckReport report = report()) {
            report.add(ONE, List.of("Core.attach"), new Result.Ok());
            report.add(ONE, List.of("Core.attach", "Core.owner"), new Result.Failed());
            report.add(ONE, List.of("Core.attach"), new Result.Skipped("no A"));

            assertThat(report.text()).containsPattern("(?m)^Core.attach +\\| FAILED$");
            assertThat(report.text()).containsPattern("(?m)^AD102 +\\| FAILED$").contains("3 tests");
        }
    }

    @Test
    void skippedTestsCountOnlyIfThereIsNoOther() throws IOException {
        try (TckReport report = report()) {
            report.add(ONE, List.of("Core.attach"), new Result.Skipped("no A"));
            report.add(ONE, List.of("Core.attach"), new Result.Ok());
            report.add(ONE, List.of("Core.owner"), new Result.Skipped("no B"));

            assertThat(report.text())
                    .containsPattern("(?m)^Core.attach +\\| ok$")
                    .containsPattern("(?m)^Core.owner +\\| skipped: no B$");
        }
    }

    @Test
    void eachCoreAndTransportHasAColumnAndEachChipARow() throws IOException {
        try (TckReport report = report()) {
            report.add(OTHER, List.of("Core.attach"), new Result.Ok());
            report.add(OTHER_CHIP, List.of("Core.attach"), new Result.Skipped("no C"));
            report.add(ONE, List.of("Core.attach"), new Result.Failed());

            assertThat(report.text())
                    .containsPattern("(?m)^operation +\\| c, in process \\| java, socket$")
                    .containsPattern("(?m)^Core.attach +\\| FAILED +\\| ok$")
                    .containsPattern("(?m)^Core.owner +\\| - +\\| -$")
                    .containsPattern("(?m)^GA102 +\\| - +\\| skipped: no C$");
        }
    }

    @Test
    void endOfTheRunPrintsTheTablesAndWritesThemWithTheCells() throws IOException {
        TckReport report = report();
        report.add(ONE, List.of("event FAULT"), new Result.Skipped("no D"));

        report.close();

        assertThat(folder.resolve(TckReport.TEXT)).hasContent(report.text());
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains(report.text());
        assertThat(folder.resolve(TckReport.LINES)).hasContent("event FAULT\tc\tin process\tAD102\tskipped: no D\n");
    }

    @Test
    void everyMethodOfTheInterfacesAndEveryEventIsARow() {
        assertThat(Operations.all())
                .contains("Core.attach", "Attachment.close", "Channel.submit", "CeChannel.emit", "event RESUME")
                .doesNotHaveDuplicates()
                .doesNotContain("Core.equals", "CoreProvider.named");
    }

    private TckReport report() {
        return new TckReport(new PrintStream(printed, true, StandardCharsets.UTF_8), Optional.of(folder));
    }
}
