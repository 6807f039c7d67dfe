package dev.nacre.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FdTest {
    @Test
    void closingTwiceIsHarmlessAndTheNumberIsGone() {
        Fd fd = Memfd.create("closing", 16);

        fd.close();
        fd.close();

        assertThat(fd.isClosed()).isTrue();
        assertThatThrownBy(fd::number).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closingTwiceDoesNotCloseTheNextOwnersDescriptor() {
        Fd first = Memfd.create("first", 16);
        first.close();
        try (Fd second = Memfd.create("second", 32)) {
            first.close();

            assertThat(FileStat.of(second).sizeBytes()).isEqualTo(32);
        }
    }

    @Test
    void duplicateIsTheSameFileAndOutlivesTheOriginal() {
        Fd original = Memfd.create("duplicated", 48);
        FileStat before = FileStat.of(original);
        try (Fd copy = original.duplicate()) {
            original.close();

            assertThat(FileStat.of(copy)).isEqualTo(before);
        }
    }

    @Test
    void nonBlockingIsSetAndCleared() {
        try (Fd fd = EventFd.create().fd()) {
            fd.setNonBlocking(false);
            boolean cleared = fd.isNonBlocking();
            fd.setNonBlocking(true);

            assertThat(cleared).isFalse();
            assertThat(fd.isNonBlocking()).isTrue();
        }
    }

    @Test
    void adoptingANumberThatIsNotOpenFails() {
        assertThatThrownBy(() -> Fd.adopt(987_654))
                .isInstanceOfSatisfying(
                        NativeException.class,
                        e -> assertThat(e.is(Errno.EBADF)).isTrue())
                .hasMessage("fcntl(F_SETFD) failed: EBADF (fd=987654)");
    }

    @Test
    void writePutsAllBytesIntoTheFile() throws IOException {
        byte[] text = "ready\n".getBytes(StandardCharsets.UTF_8);
        try (Fd fd = Memfd.create("written", 0)) {
            fd.write(text);

            assertThat(Files.readAllBytes(Path.of("/proc/self/fd/" + fd.number())))
                    .isEqualTo(text);
        }
    }

    @Test
    void anUnknownErrnoIsNamedByNumber() {
        assertThat(Errno.nameOf(5000)).isEqualTo("errno 5000");
        assertThat(Errno.nameOf(0)).isEqualTo("errno 0");
        assertThat(Errno.of(-1)).isEmpty();
        assertThat(Errno.of(17)).contains(Errno.EEXIST);
    }
}
