package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnixPacketsTest {
    private final String name = "nacre-test/" + UUID.randomUUID();
    private final UnixSocket.Pair pair = UnixPackets.pair(name);

    @AfterEach
    void close() {
        pair.first().close();
        pair.second().close();
    }

    @Test
    void secondSocketAndItsDuplicatesKnowTheFirstsName() {
        try (Fd duplicate = pair.second().duplicate()) {
            assertThat(UnixPackets.peerName(pair.second())).isEqualTo(name);
            assertThat(UnixPackets.peerName(duplicate)).isEqualTo(name);
            assertThat(UnixPackets.peerName(pair.first())).isEmpty();
        }
    }

    @Test
    void nameThatIsTakenIsRefused() {
        assertThatThrownBy(() -> UnixPackets.pair(name))
                .isInstanceOfSatisfying(
                        NativeException.class,
                        e -> assertThat(e.is(Errno.EADDRINUSE)).isTrue());
    }

    @Test
    void nameOfImpossibleLengthIsRefused() {
        assertThatThrownBy(() -> UnixPackets.pair("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UnixPackets.pair("x".repeat(108))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void packetsKeepTheirBounds() {
        assertThat(UnixPackets.send(pair.first(), new byte[] {1, 2, 3})).isTrue();
        assertThat(UnixPackets.send(pair.first(), new byte[] {4})).isTrue();

        try (FdSocket socket = new FdSocket(pair.second().duplicate(), 1);
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(16);
            assertThat(socket.receive(buffer, 0, 16, new ReceivedFds(1))).isEqualTo(3);
            assertThat(socket.receive(buffer, 0, 16, new ReceivedFds(1))).isEqualTo(1);
            assertThat(buffer.get(JAVA_BYTE, 0)).isEqualTo((byte) 4);
        }
    }

    @Test
    void packetThatFindsNoRoomIsNotWaitedFor() {
        int sent = 0;
        while (sent < 1_000_000 && UnixPackets.send(pair.first(), new byte[1024])) {
            sent++;
        }

        assertThat(sent).isBetween(1, 999_999);
    }

    @Test
    void packetToOneWhoHasGoneIsRefused() {
        pair.second().close();

        assertThat(UnixPackets.send(pair.first(), new byte[8])).isFalse();
    }

    @Test
    void peerIsThisProcess() {
        assertThat(UnixSocket.peer(pair.first()).pid())
                .isEqualTo((int) ProcessHandle.current().pid());
    }
}
