package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.GspLog;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The firmware's logs. */
@Needs(Capability.GSP_LOGS)
abstract class GspLogTck extends TckGroup {
    @Test
    @Covers("Attachment.gspLogs")
    void logsHaveNamesOfTheirOwnAndContent() {
        try (Attachment attachment = attach()) {
            List<GspLog> logs = attachment.gspLogs();

            assertThat(logs).isNotEmpty();
            assertThat(logs).extracting(GspLog::name).doesNotHaveDuplicates().allMatch(name -> !name.isBlank());
            assertThat(logs).allMatch(log -> log.bytes().length > 0);
        }
    }

    @Test
    @Covers("Attachment.gspLogs")
    void logsAreCopiesThatNobodyChanges() {
        try (Attachment attachment = attach()) {
            byte[] first = attachment.gspLogs().getFirst().bytes();
            byte changed = (byte) ~first[0];
            first[0] = changed;

            assertThat(attachment.gspLogs().getFirst().bytes()[0]).isNotEqualTo(changed);
            assertThat(attachment.gspLogs().getFirst().bytes()).hasSameSizeAs(first);
        }
    }
}
