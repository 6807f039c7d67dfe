package dev.nacre.drm.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.RealBoard;
import dev.nacre.drm.testing.Served;
import dev.nacre.drm.testing.WireClient;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The driver on a board, by the wire. */
class NovaDriverTest {
    private static final RealBoard board = new RealBoard("java");

    private final Served served = new Served(new NovaDriver(board.core));
    private final WireClient client = served.connect();
    private final Fd card = client.open(0);

    @AfterAll
    static void end() {
        board.close();
    }

    @AfterEach
    void close() {
        card.close();
        client.close();
        served.awaitEmpty();
        served.close();
        assertThat(board.core.owner()).isEmpty();
    }

    private int create(long bytes, Arg arg) {
        arg.u64(8, bytes);
        return client.ioctl(card, arg.iowr(0x41), arg);
    }

    private int info(int handle, Arg arg) {
        arg.u32(0, handle);
        return client.ioctl(card, arg.iowr(0x42), arg);
    }

    @Test
    void version_isThatOfNova() {
        long name = client.bytes(new byte[4]);
        long description = client.bytes(new byte[15]);
        Arg arg = Arg.of(64).u64(16, 4).u64(24, name).u64(48, 15).u64(56, description);

        assertThat(client.ioctl(card, arg.iowr(0), arg)).isZero();

        assertThat(arg.u32(0) | arg.u32(4) | arg.u32(8)).isZero();
        assertThat(new String(client.at(name).bytes(), StandardCharsets.US_ASCII))
                .isEqualTo("nova");
        assertThat(new String(client.at(description).bytes(), StandardCharsets.US_ASCII))
                .isEqualTo("Nvidia Graphics");
    }

    @Test
    void renderNode_doesNotExist() {
        assertThat(client.tryOpen(128).u32(8)).isEqualTo(Errno.ENODEV.number());
    }

    @Test
    void parameter_isTheSizeOfTheWindow() {
        Arg arg = Arg.of(16).u64(0, 1);
        assertThat(client.ioctl(card, arg.iowr(0x40), arg)).isZero();
        assertThat(arg.u64(8)).isEqualTo(board.core.board().bar1Bytes()).isPositive();
        for (long wrong : new long[] {0, 2, -1, 1L << 32 | 1}) {
            Arg other = Arg.of(16).u64(0, wrong);
            assertThat(client.ioctl(card, other.iowr(0x40), other)).isEqualTo(Errno.EINVAL.number());
        }
    }

    @Test
    void object_hasWholePages() {
        Arg made = Arg.of(16);
        assertThat(create(5000, made)).isZero();
        Arg info = Arg.of(16);
        assertThat(info(made.u32(0), info)).isZero();
        assertThat(info.u64(8)).isEqualTo(8192);
        assertThat(info(made.u32(0) + 1, Arg.of(16))).isEqualTo(Errno.ENOENT.number());
        Arg close = Arg.of(8).u32(0, made.u32(0));
        assertThat(client.ioctl(card, close.iow(0x09), close)).isZero();
        assertThat(info(made.u32(0), Arg.of(16))).isEqualTo(Errno.ENOENT.number());
    }

    @Test
    void objectOfImpossibleSize_isRefused() {
        assertThat(create(0, Arg.of(16))).isEqualTo(Errno.EINVAL.number());
        assertThat(create(-1, Arg.of(16))).isEqualTo(Errno.EINVAL.number());
        assertThat(create(Long.MAX_VALUE, Arg.of(16))).isEqualTo(Errno.EINVAL.number());
        assertThat(create(board.core.board().fbBytes() + 1, Arg.of(16))).isEqualTo(Errno.ENOMEM.number());
    }

    @Test
    void memoryOfAFile_isBoundedAllInAll() {
        long half = board.core.board().fbBytes() / 2;
        Arg one = Arg.of(16);
        assertThat(create(half, one)).isZero();
        assertThat(create(half + 4096, Arg.of(16))).isEqualTo(Errno.ENOMEM.number());
        Arg close = Arg.of(8).u32(0, one.u32(0));
        assertThat(client.ioctl(card, close.iow(0x09), close)).isZero();
        assertThat(create(half + 4096, Arg.of(16))).isZero();
    }

    @Test
    void objects_areForThoseWhoAreAuthenticated() {
        try (Fd second = client.open(0)) {
            // Root's files are authenticated from the start; tests may run as root.
            boolean root = served.device.files().iterator().next().opener().isRoot();
            Arg arg = Arg.of(16).u64(8, 4096);
            assertThat(client.ioctl(second, arg.iowr(0x41), arg)).isEqualTo(root ? 0 : Errno.EACCES.number());
        }
    }

    @Test
    void sharedMemory_isSealedAndSeenByBothProcesses() {
        Arg made = Arg.of(16);
        assertThat(create(8192, made)).isZero();
        Arg export = Arg.of(12).u32(0, made.u32(0)).u32(4, 2);
        assertThat(client.ioctl(card, export.iowr(0x2d), export)).isZero();
        Fd shared = client.fd(export.u32(8));
        assertThat(Memfd.seals(shared)).contains(Memfd.Seal.GROW, Memfd.Seal.SHRINK, Memfd.Seal.SEAL);
        try (WireClient other = served.connect();
                Fd theirs = other.open(0);
                Mapping mapping = Mapping.map(shared, 0, 8192, Mapping.Access.READ_WRITE)) {
            Arg imported = Arg.of(12).u32(8, other.add(shared.duplicate()));
            assertThat(other.ioctl(theirs, imported.iowr(0x2e), imported)).isZero();
            Arg info = Arg.of(16).u32(0, imported.u32(0));
            assertThat(client.ioctl(card, info.iowr(0x42), info)).isZero();
            assertThat(info.u64(8)).isEqualTo(8192);
            mapping.segment().set(ValueLayout.JAVA_BYTE, 0, (byte) 3);
            assertThat(first(shared)).isEqualTo((byte) 3);
        }
    }

    private static byte first(Fd memory) {
        try (Mapping mapping = Mapping.map(memory, 0, 1, Mapping.Access.READ)) {
            return mapping.segment().get(ValueLayout.JAVA_BYTE, 0);
        }
    }

    @Test
    void board_isInTheDriversHands() {
        Client vfio = Client.of("vfio", ClientKind.VFIO, Set.of(), _ -> {});

        assertThatThrownBy(() -> board.core.attach(vfio)).isInstanceOfSatisfying(CoreException.class, e -> {
            assertThat(e.error()).isEqualTo(CoreError.BUSY);
            assertThat(e).hasMessageContaining("nova");
        });
    }

    @Test
    void coreWithoutMemoryObjects_isRefused() {
        try (RealBoard plain = new RealBoard("c")) {
            assertThatThrownBy(() -> new NovaDriver(plain.core))
                    .isInstanceOfSatisfying(
                            CoreException.class, e -> assertThat(e.error()).isEqualTo(CoreError.NOT_SUPPORTED));
            assertThat(plain.core.owner()).isEmpty();
        }
    }
}
