package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nacre.fuzz.Conversation.State;
import dev.nacre.fuzz.ModelFunction.Migrates;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.UnixSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A whole connection's bytes, cut and accompanied by descriptors as the script decides. The server must answer each
 * message that wants an answer, in order, and be as new for the next client: the next input.
 */
final class SocketFuzzTest {
    private static final int MAX_OPERATIONS = 400;
    private static final String FILE = "nacre-fuzz";
    private static final int FILE_SIZE = 0x10000;

    // TIMEOUT: what a connection held is closed milliseconds after its end.
    private static final long PATIENCE_NS = 60_000_000_000L;

    /** What a client may pass. Made once: the server must get along with descriptors that it has seen before. */
    private static final class Passable {
        final Fd sealed = Memfd.ofFixedSize(FILE, FILE_SIZE);
        final Fd unsealed = Memfd.create(FILE, FILE_SIZE);
        final Fd tiny = Memfd.ofFixedSize(FILE, 100);
        final EventFd event = EventFd.create();
        final UnixSocket.Pair pair = UnixSocket.pair();
        private final List<Fd> all = List.of(sealed, unsealed, tiny, event.fd(), pair.first());

        Fd choose(int number) {
            return all.get(number % all.size());
        }

        void renew() {
            Memfd.resize(unsealed, FILE_SIZE);
            event.drain();
        }
    }

    /** Looking at every descriptor takes longer than a run: all of a corpus's runs do, few of a fuzzer's. */
    private static final int ALWAYS_CHECKED_RUNS = 200;

    private static final int CHECKED_EVERY = 32;

    private static @Nullable Serving serving;
    private static @Nullable Passable passable;
    private static List<String> before = List.of();
    private static long runs;

    @FuzzTest
    void anyBytes(byte[] input) throws Exception {
        if (serving == null || passable == null) {
            serving = new Serving("socket", Migrates.ALSO_RUNNING);
            passable = new Passable();
            before = OpenFds.list();
        }
        passable.renew();
        try (Peer peer = serving.connect()) {
            Conversation conversation = new Conversation(peer, serving.function.memory());
            new Session(new Script(input), conversation, peer, passable).run();
        }
        serving.assertEnded(0);
        assertThat(serving.function.memory().isMapped(0, 1, false)).isFalse();
        if (runs++ < ALWAYS_CHECKED_RUNS || runs % CHECKED_EVERY == 0) {
            awaitSame(before);
            assertThat(OpenFds.mappingsOf(FILE)).isZero();
        }
    }

    /** Waits until the process has the descriptors again that it had. */
    private static void awaitSame(List<String> expected) throws IOException {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        List<String> now = OpenFds.list();
        while (!now.equals(expected) && System.nanoTime() < deadlineNs) {
            LockSupport.parkNanos(50_000);
            now = OpenFds.list();
        }
        assertThat(now).isEqualTo(expected);
    }

    /** One input's run. */
    private static final class Session {
        private final Script script;
        private final Conversation conversation;
        private final Peer peer;
        private final Passable passable;
        private final ByteArrayOutputStream segment = new ByteArrayOutputStream();
        private List<Fd> fds = new ArrayList<>();
        private int nextId;

        Session(Script script, Conversation conversation, Peer peer, Passable passable) {
            this.script = script;
            this.conversation = conversation;
            this.peer = peer;
            this.passable = passable;
        }

        void run() {
            boolean hangsUp = script.flag();
            for (int i = 0; i < MAX_OPERATIONS && script.hasMore(); i++) {
                operation();
            }
            if (hangsUp) {
                return;
            }
            flush();
            finish();
        }

        /** Completes what was begun, asks one question more, and expects its answer and nothing else. */
        private void finish() {
            // Twice: a header that was completed may have announced a body.
            for (int i = 0; i < 2 && conversation.isGoingOn(); i++) {
                long missing = conversation.missing();
                if (missing > Wire.MAX_MESSAGE) {
                    return;
                }
                conversation.say(new byte[(int) missing], List.of());
            }
            conversation.say(Bytes.message(0xfffe, Wire.GET_INFO, 0, Wire.info()), List.of());
            if (conversation.state() == State.OVER) {
                peer.awaitEnd();
            }
        }

        private void operation() {
            switch (script.below(14)) {
                case 0 -> segment.writeBytes(script.take(script.u8()));
                case 1 -> message(script.below(20), script.take(script.u8()));
                case 2 -> version();
                case 3 -> message(Wire.DMA_MAP, map());
                case 4 -> message(Wire.DMA_UNMAP, unmap());
                case 5 -> message(Wire.SET_IRQS, irqs());
                case 6 -> message(Wire.REGION_WRITE, write());
                case 7 -> message(Wire.REGION_READ, access(script.u16()));
                case 8 -> attach();
                case 9 -> flush();
                case 10 -> flush(script.u8());
                case 11 -> mischief();
                case 12 -> message(Wire.FEATURE, feature());
                default -> migrationData();
            }
        }

        private void message(int command, byte[] body) {
            int flags = script.u8();
            segment.writeBytes(
                    Bytes.message(nextId++ & 0xffff, command, flags < 0xf0 ? flags & Wire.NO_REPLY : flags, body));
        }

        private void version() {
            int minor = script.below(3);
            byte[] body = switch (script.below(5)) {
                case 0 -> Wire.version(minor, "");
                case 1 -> Wire.version(minor, Wire.QEMU);
                case 2 -> Wire.version(1, Wire.RUST_VMM);
                case 3 ->
                    Bytes.of()
                            .u16(0)
                            .u16(minor)
                            .raw(script.take(script.u8()))
                            .u8(0)
                            .get();
                default -> script.take(script.u8());
            };
            // Seldom without wanting an answer, since no more than the end can be checked then.
            segment.writeBytes(
                    Bytes.message(nextId++ & 0xffff, Wire.VERSION, script.u8() == 0xff ? Wire.NO_REPLY : 0, body));
        }

        private byte[] map() {
            int flags = script.u8();
            long offset = pages();
            long iova = pages();
            return Bytes.of()
                    .u32(32, flags & 0xf)
                    .u64(offset)
                    .u64(iova)
                    .u64(pages())
                    .get();
        }

        private byte[] unmap() {
            int flags = script.u8();
            long iova = pages();
            return Bytes.of().u32(24, flags & 3).u64(iova).u64(pages()).get();
        }

        /** A number of pages, mostly a small one. */
        private long pages() {
            int pages = script.u8();
            return pages == 0xff ? script.i64() : (pages & 0x1fL) << 12;
        }

        private byte[] irqs() {
            int flags = script.u8();
            int index = script.below(6);
            int start = script.below(80);
            int count = script.below(80);
            Bytes body = Bytes.of().u32(20, flags & 0x3f, index, start, count);
            return (flags & 2) != 0 ? body.raw(script.take(count)).get() : body.get();
        }

        private byte[] write() {
            byte[] data = script.take(script.below(17));
            return Bytes.of().raw(access(data.length)).raw(data).get();
        }

        private byte[] access(int count) {
            int region = script.below(10);
            long offset = switch (script.below(4)) {
                case 0 -> script.below(16);
                case 1 -> script.u16();
                case 2 -> ModelFunction.MSIX_TABLE + script.below(0xf0);
                default -> script.i64();
            };
            return Bytes.of().u64(offset).u32(region, count).get();
        }

        private byte[] feature() {
            byte[] data = script.take(script.below(49));
            int flags = script.below(10) | script.below(8) << 16;
            return Bytes.of()
                    .u32(8 + data.length + script.u8(), flags)
                    .raw(data)
                    .get();
        }

        private void migrationData() {
            byte[] data = script.take(script.u8());
            boolean read = script.flag();
            int size = read ? script.u8() : data.length;
            Bytes body = Bytes.of().u32(8 + size, size);
            message(
                    read ? Wire.MIG_READ : Wire.MIG_WRITE,
                    read ? body.get() : body.raw(data).get());
        }

        /** Begins a segment that carries descriptors. */
        private void attach() {
            flush();
            int count = script.below(20);
            Fd fd = passable.choose(script.u8());
            fds = new ArrayList<>(Collections.nCopies(count, fd));
        }

        /** Sends the segment, after it was cut in two. */
        private void flush(int cut) {
            byte[] all = segment.toByteArray();
            if (all.length > cut) {
                segment.reset();
                segment.write(all, 0, cut);
                flush();
                segment.write(all, cut, all.length - cut);
            }
            flush();
        }

        private void flush() {
            byte[] all = segment.toByteArray();
            if (all.length > 0) {
                segment.reset();
                conversation.say(all, fds);
                fds = List.of();
            }
        }

        /** What a client does beside the socket. */
        private void mischief() {
            flush();
            if (script.flag()) {
                passable.event.signal();
            } else {
                Memfd.resize(passable.unsealed, script.below(17) << 12);
            }
        }
    }
}
