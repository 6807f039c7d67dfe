package dev.nacre.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LentMemfdTest {
    private final Fd file = Memfd.ofFixedSize("nacre-test", 4096);

    @AfterEach
    void close() {
        file.close();
    }

    @Test
    void lentFileIsTheSameFile() {
        try (Fd lent = Memfd.lend(file, true)) {
            assertThat(FileStat.of(lent).isSameFile(FileStat.of(file))).isTrue();
            assertThat(lent.isReadWrite()).isTrue();
        }
    }

    @Test
    void fileIsLentUntilTheLastDuplicateIsClosed() {
        assertThat(Memfd.isLent(file)).isFalse();
        Fd lent = Memfd.lend(file, true);
        Fd other = Memfd.lend(file, true);
        Fd duplicate = lent.duplicate();
        lent.close();
        other.close();
        assertThat(Memfd.isLent(file)).isTrue();

        duplicate.close();

        assertThat(Memfd.isLent(file)).isFalse();
    }

    @Test
    void fileIsLentAsLongAsItIsMapped() {
        Fd lent = Memfd.lend(file, true);
        Mapping mapping = Mapping.map(lent, 0, 4096, Mapping.Access.READ_WRITE);
        lent.close();
        assertThat(Memfd.isLent(file)).isTrue();

        mapping.close();

        assertThat(Memfd.isLent(file)).isFalse();
    }

    @Test
    void fileThatIsLentForReadingCannotBeMappedForWriting() {
        try (Fd lent = Memfd.lend(file, false)) {
            assertThatThrownBy(() -> Mapping.map(lent, 0, 4096, Mapping.Access.READ_WRITE))
                    .isInstanceOfSatisfying(
                            NativeException.class,
                            e -> assertThat(e.is(Errno.EACCES)).isTrue());
        }
    }
}
