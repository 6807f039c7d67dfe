package dev.nacre.daemon.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingsTest {
    private static List<RecordedEvent> record(Path folder, Runnable what) throws IOException {
        Path file = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            what.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("nacre."))
                .toList();
    }

    @Test
    void whatHappensIsInTheRecording(@TempDir Path folder) throws IOException {
        List<RecordedEvent> events = record(folder, () -> {
            Recordings.vgpuState("gpu0", "a", "starting", "failed", "no room");
            Recordings.guestReset("gpu0", "a", "command");
            Recordings.fault("gpu0", "", "gpu-lost");
            Recordings.pluginMessage("gpu0", "a", 7);
            Recordings.slowRequest("gpu0", "a", "region_write", 2_500_000);
        });

        assertThat(events)
                .extracting(event -> event.getEventType().getName())
                .containsExactlyInAnyOrder(
                        "nacre.VgpuState",
                        "nacre.GuestReset",
                        "nacre.Fault",
                        "nacre.PluginMessage",
                        "nacre.SlowRequest");
        assertThat(events).allMatch(event -> event.getString("board").equals("gpu0"));
        RecordedEvent slow = events.stream()
                .filter(event -> event.getEventType().getName().equals("nacre.SlowRequest"))
                .findFirst()
                .orElseThrow();
        assertThat(slow.getDuration("taken").toNanos()).isEqualTo(2_500_000);
        assertThat(slow.getString("command")).isEqualTo("region_write");
    }

    @Test
    void withoutARecordingNothingHappens(@TempDir Path folder) throws IOException {
        Recordings.pluginMessage("gpu0", "a", 1);

        assertThat(record(folder, () -> {})).isEmpty();
    }
}
