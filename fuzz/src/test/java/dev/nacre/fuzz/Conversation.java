package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.fuzz.Peer.Reply;
import dev.nacre.linux.Fd;
import dev.nacre.pci.GuestMemory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client says, byte for byte, and what the rules of framing make of it: cut into messages independently of the
 * server, each to be answered in order, or not at all if it wants no reply. What was said is answered before more is
 * said, so that an input has one outcome.
 */
final class Conversation {
    /** Where the stream stands by the rules. */
    enum State {
        /** No version is agreed on. */
        NEW,
        /** A version is agreed on. */
        AGREED,
        /** A version was proposed without wanting to know the outcome: nobody can tell what follows. */
        UNKNOWN,
        /** The server must have hung up. */
        OVER
    }

    private final Peer peer;
    private final GuestMemory memory;

    /** How many descriptors came with messages that are not answered yet, by the messages' places in the stream. */
    private final Map<Long, Integer> descriptors = new HashMap<>();

    /** The place in the stream of the first unread byte. */
    private long place;

    private State state = State.NEW;
    private byte[] unread = new byte[0];

    /** Bytes still to come of a message that was too large to be taken. */
    private long ignored;

    /**
     * Begins one.
     *
     * @param memory the function's, which must have what the server says is mapped
     */
    Conversation(Peer peer, GuestMemory memory) {
        this.peer = peer;
        this.memory = memory;
    }

    State state() {
        return state;
    }

    /** Whether it is known what the server makes of more bytes. */
    boolean isGoingOn() {
        return state == State.NEW || state == State.AGREED;
    }

    /** Bytes that the message needs that was begun last; 0 between messages. */
    long missing() {
        if (ignored > 0 || unread.length == 0) {
            return ignored;
        }
        return unread.length < Wire.HEADER ? Wire.HEADER - unread.length : size() - unread.length;
    }

    /** Says something and takes the answers. */
    void say(byte[] bytes, List<Fd> fds) {
        if (bytes.length == 0 || !isGoingOn()) {
            return;
        }
        boolean taken = peer.send(bytes, fds);
        assertThat(taken).as("the server listens").isTrue();
        append(bytes, fds.size());
        while (isGoingOn() && nextMessage()) {
            // Each is checked by itself.
        }
    }

    private void append(byte[] bytes, int fds) {
        // CAST: at most the length
        int skipped = (int) Math.min(ignored, bytes.length);
        ignored -= skipped;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(unread);
        all.write(bytes, skipped, bytes.length - skipped);
        unread = all.toByteArray();
        if (fds > 0 && skipped < bytes.length) {
            descriptors.merge(place + lastStart(), fds, Integer::sum);
        }
    }

    /** Where the last message starts of which there is any byte: the one that descriptors belong to. */
    private int lastStart() {
        int at = 0;
        while (unread.length - at >= Wire.HEADER) {
            long next = at + Math.max(Wire.HEADER, Integer.toUnsignedLong(word(unread, at + 4)));
            if (next >= unread.length) {
                break;
            }
            at = (int) next;
        }
        return at;
    }

    /** Takes the next whole message off the stream and its reply off the socket; false if there is none. */
    private boolean nextMessage() {
        if (ignored > 0 || unread.length < Wire.HEADER) {
            return false;
        }
        long size = size();
        boolean bad = size < Wire.HEADER || size > (state == State.AGREED ? Wire.MAX_MESSAGE : Wire.MAX_VERSION);
        if (!bad && unread.length < size) {
            return false;
        }
        ByteBuffer header = ByteBuffer.wrap(unread).order(ByteOrder.LITTLE_ENDIAN);
        int id = Short.toUnsignedInt(header.getShort(0));
        int command = Short.toUnsignedInt(header.getShort(2));
        int flags = header.getInt(8);
        byte[] message = Arrays.copyOf(unread, (int) Math.min(size, unread.length));
        Integer fds = descriptors.remove(place);
        drop(Math.max(size, Wire.HEADER));
        boolean quiet = (flags & Wire.NO_REPLY) != 0;
        if (quiet && command == Wire.VERSION && state == State.NEW && !bad) {
            state = State.UNKNOWN;
            return false;
        }
        if (!quiet) {
            Reply reply = peer.receive();
            assertThat(reply.id()).isEqualTo(id);
            assertThat(reply.command()).isEqualTo(command);
            check(reply, bad || (flags & ~Wire.NO_REPLY) != 0);
            if (reply.errno() == 0) {
                checkDescriptors(message, command, fds == null ? 0 : fds);
            }
        }
        if (bad && state == State.NEW) {
            state = State.OVER;
        }
        return true;
    }

    private void check(Reply reply, boolean mustFail) {
        if (reply.errno() != 0) {
            return;
        }
        int size = reply.body().length;
        switch (reply.command()) {
            case Wire.VERSION -> {
                assertThat(state).isEqualTo(State.NEW);
                assertThat(size).isGreaterThan(4);
                state = State.AGREED;
            }
            case Wire.DMA_MAP, Wire.SET_IRQS, Wire.RESET, Wire.MIG_WRITE ->
                assertThat(size).isZero();
            case Wire.WRITE_MULTI -> assertThat(size).isEqualTo(8);
            case Wire.DMA_UNMAP -> assertThat(size).isEqualTo(24);
            case Wire.GET_REGION_INFO -> assertThat(size).isGreaterThanOrEqualTo(32);
            case Wire.REGION_READ, Wire.GET_REGION_IO_FDS -> assertThat(size).isGreaterThanOrEqualTo(16);
            case Wire.GET_INFO, Wire.GET_IRQ_INFO, Wire.REGION_WRITE ->
                assertThat(size).isEqualTo(16);
            case Wire.FEATURE -> checkFeature(reply.body());
            case Wire.MIG_READ -> {
                assertThat(size).isGreaterThanOrEqualTo(8);
                assertThat(word(reply.body(), 0)).isEqualTo(size);
                assertThat(word(reply.body(), 4)).isEqualTo(size - 8);
            }
            default -> throw new AssertionError("success of command " + reply.command());
        }
        assertThat(state).as("success before VERSION").isEqualTo(State.AGREED);
        // The client of rust-vmm gets full-sized answers to what should fail; it is known by its VERSION alone.
        assertThat(mustFail && reply.command() == Wire.VERSION).isFalse();
    }

    /** That a message that succeeded had as many descriptors as it may have, and was given those. */
    private void checkDescriptors(byte[] message, int command, int count) {
        if (command == Wire.VERSION) {
            assertThat(count).isZero();
        }
        if (command != Wire.DMA_MAP) {
            return;
        }
        assertThat(count).isLessThanOrEqualTo(1);
        // Only if nothing that was said later can have unmapped it.
        if (unread.length == 0 && ignored == 0) {
            ByteBuffer map = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
            boolean readable = (map.getInt(Wire.HEADER + 4) & 1) != 0;
            assertThat(memory.isMapped(map.getLong(Wire.HEADER + 16), map.getLong(Wire.HEADER + 24), false))
                    .as("the memory that was mapped")
                    .isEqualTo(readable && count == 1);
        }
    }

    private static void checkFeature(byte[] body) {
        assertThat(body.length).isGreaterThanOrEqualTo(8);
        int flags = word(body, 4);
        int feature = flags & 0xffff;
        assertThat(feature).isIn(Wire.MIGRATION, Wire.STATE, Wire.LOG_START, Wire.LOG_STOP, Wire.LOG_REPORT);
        assertThat(flags & ~(0xffff | Wire.GET | Wire.SET | Wire.PROBE)).isZero();
        if ((flags & Wire.PROBE) != 0 || (flags & Wire.SET) != 0) {
            // The request, which may announce more room than it has data.
            assertThat(Integer.toUnsignedLong(word(body, 0))).isGreaterThanOrEqualTo(body.length);
        } else {
            assertThat(word(body, 0)).isEqualTo(body.length);
            assertThat(body.length).isGreaterThanOrEqualTo(feature == Wire.LOG_REPORT ? 8 + 24 + 8 : 8 + 8);
        }
        if (feature == Wire.STATE && (flags & (Wire.GET | Wire.PROBE)) == Wire.GET) {
            // None of the states that are not used over a socket.
            assertThat(word(body, 8)).isIn(0, 1, 2, 3, 4, 6);
        }
    }

    private static int word(byte[] body, int at) {
        return ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }

    private void drop(long size) {
        // CAST: at most the length
        int here = (int) Math.min(size, unread.length);
        ignored = size - here;
        place += size;
        unread = Arrays.copyOfRange(unread, here, unread.length);
    }

    private long size() {
        return Integer.toUnsignedLong(word(unread, 4));
    }
}
