package dev.nacre.daemon.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.daemon.host.EventLog.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EventLogTest {
    // TIMEOUT: as long as a busy machine may take.
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final EventLog log = new EventLog(4, InstantSource.fixed(Instant.EPOCH));

    private void add(int count) {
        for (int i = 0; i < count; i++) {
            log.add(ServiceEvent.Kind.VGPU_CREATED, Subject.vgpu("gpu0", "a"), "created", Map.of());
        }
    }

    private static List<Long> drain(EventLog.Cursor cursor) throws InterruptedException {
        List<Long> ids = new ArrayList<>();
        for (Optional<ServiceEvent> event = cursor.next(Duration.ZERO);
                event.isPresent();
                event = cursor.next(Duration.ZERO)) {
            ids.add(event.get().id());
        }
        return ids;
    }

    @Test
    void eventsAreNumberedFromOne() throws InterruptedException {
        add(3);

        assertThat(drain(log.cursor(0))).containsExactly(1L, 2L, 3L);
        assertThat(log.lastId()).isEqualTo(3);
    }

    @Test
    void readerGoesOnBehindWhatItKnows() throws InterruptedException {
        add(3);

        assertThat(drain(log.cursor(2))).containsExactly(3L);
    }

    @Test
    void readerOfAFormerLifeGetsAllThatIsKept() throws InterruptedException {
        add(2);

        assertThat(drain(log.cursor(700))).containsExactly(1L, 2L);
    }

    @Test
    void slowReaderMissesWhatTheRingForgotAndIsTold() throws InterruptedException {
        EventLog.Cursor slow = log.cursor(0);
        add(10);

        assertThat(drain(slow)).containsExactly(7L, 8L, 9L, 10L);
        assertThat(slow.missed()).isEqualTo(6);
    }

    @Test
    void readerWaitsForTheNextEvent() throws Exception {
        EventLog.Cursor cursor = log.cursor(0);
        CompletableFuture<Optional<ServiceEvent>> next = new CompletableFuture<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                next.complete(cursor.next(PATIENCE));
            } catch (InterruptedException e) {
                next.completeExceptionally(e);
            }
        });

        add(1);

        assertThat(next.get().orElseThrow().id()).isEqualTo(1);
        assertThat(reader.join(PATIENCE)).isTrue();
    }

    @Test
    void recentEventsAreTheNewest() {
        add(10);

        assertThat(log.recent(2)).extracting(ServiceEvent::id).containsExactly(9L, 10L);
        assertThat(log.recent(100)).extracting(ServiceEvent::id).containsExactly(7L, 8L, 9L, 10L);
    }
}
