package dev.nacre.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PipeTest {
    @Test
    void readingEndBecomesReadyByAWrite() {
        Pipe pipe = Pipe.open();
        try (Fd reading = pipe.reading();
                Fd writing = pipe.writing();
                PollSet poll = new PollSet(1)) {
            poll.set(0, reading);
            assertThat(poll.await(0)).isZero();

            writing.write(new byte[] {1});

            assertThat(poll.await(0)).isEqualTo(1);
        }
    }

    @Test
    void pipeIsAbandonedWhenAllDuplicatesOfItsReadingEndAreClosed() {
        Pipe pipe = Pipe.open();
        try (Fd writing = pipe.writing()) {
            Fd duplicate = pipe.reading().duplicate();
            pipe.reading().close();
            assertThat(Pipe.isAbandoned(writing)).isFalse();

            duplicate.close();

            assertThat(Pipe.isAbandoned(writing)).isTrue();
        }
    }

    @Test
    void bothEndsHaveOneIdentityAndOtherPipesHaveOthers() {
        Pipe one = Pipe.open();
        Pipe other = Pipe.open();
        try (Fd a = one.reading();
                Fd b = one.writing();
                Fd c = other.reading();
                Fd d = other.writing()) {
            assertThat(FileStat.of(a).isSameFile(FileStat.of(b))).isTrue();
            assertThat(FileStat.of(a).isSameFile(FileStat.of(c))).isFalse();
            assertThat(d.isClosed()).isFalse();
        }
    }
}
