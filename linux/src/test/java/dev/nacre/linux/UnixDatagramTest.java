package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixDatagramTest {
    private static final byte[] READY = "READY=1\nSTATUS=it runs".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    /** A socket that datagrams can be sent to. */
    private static Fd bound(byte[] name, int length) {
        try (Frame frame = new Frame()) {
            Fd fd = new Fd(frame.check(
                    Libc.socket(frame.state(), Abi.AF_UNIX, Abi.SOCK_DGRAM | Abi.SOCK_CLOEXEC, 0), "socket", ""));
            MemorySegment address = frame.allocate(Abi.SOCKADDR_UN.byteSize(), 2);
            address.set(JAVA_SHORT, Abi.SUN_FAMILY, (short) Abi.AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, Abi.SUN_PATH, name.length);
            frame.check(Libc.bind(frame.state(), fd.number(), address, (int) Abi.SUN_PATH + length), "bind", "");
            return fd;
        }
    }

    private static byte[] received(Fd fd) {
        try (FdSocket socket = new FdSocket(fd, 1);
                Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(256);
            long count = socket.receive(bytes, 0, 256, new ReceivedFds(1));
            return bytes.asSlice(0, count).toArray(JAVA_BYTE);
        }
    }

    @Test
    void datagramReachesASocketWithAPath() {
        String path = folder.resolve("notify").toString();
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        Fd reader = bound(name, name.length + 1);

        UnixDatagram.send(path, READY);

        assertThat(received(reader)).isEqualTo(READY);
    }

    @Test
    void datagramReachesASocketWithoutAFile() {
        String unique = "nacre-test-" + ProcessHandle.current().pid();
        Fd reader = bound(("\0" + unique).getBytes(StandardCharsets.UTF_8), unique.length() + 1);

        UnixDatagram.send("@" + unique, READY);

        assertThat(received(reader)).isEqualTo(READY);
    }

    @Test
    void missingReaderIsTold() {
        String path = folder.resolve("none").toString();

        assertThatThrownBy(() -> UnixDatagram.send(path, READY))
                .isInstanceOf(NativeException.class)
                .hasMessageContaining("connect failed");
    }

    @Test
    void addressThatIsTooLongIsRefused() {
        assertThatThrownBy(() -> UnixDatagram.send("x".repeat(108), READY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
