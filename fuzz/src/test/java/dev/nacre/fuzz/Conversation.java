package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.fuzz.Peer.Reply;
import dev.nacre.linux.Fd;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

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
    private State state = State.NEW;
    private byte[] unread = new byte[0];

    /** Bytes still to come of a message that was too large to be taken. */
    private long ignored;

    Conversation(Peer peer) {
        this.peer = peer;
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
        append(bytes);
        while (isGoingOn() && nextMessage()) {
            // Each is checked by itself.
        }
    }

    private void append(byte[] bytes) {
        // CAST: at most the length
        int skipped = (int) Math.min(ignored, bytes.length);
        ignored -= skipped;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(unread);
        all.write(bytes, skipped, bytes.length - skipped);
        unread = all.toByteArray();
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
            case Wire.DMA_MAP, Wire.SET_IRQS, Wire.RESET -> assertThat(size).isZero();
            case Wire.WRITE_MULTI -> assertThat(size).isEqualTo(8);
            case Wire.DMA_UNMAP -> assertThat(size).isEqualTo(24);
            case Wire.GET_REGION_INFO -> assertThat(size).isGreaterThanOrEqualTo(32);
            case Wire.REGION_READ, Wire.GET_REGION_IO_FDS -> assertThat(size).isGreaterThanOrEqualTo(16);
            case Wire.GET_INFO, Wire.GET_IRQ_INFO, Wire.REGION_WRITE ->
                assertThat(size).isEqualTo(16);
            default -> {}
        }
        assertThat(state).as("success before VERSION").isEqualTo(State.AGREED);
        // The client of rust-vmm gets full-sized answers to what should fail; it is known by its VERSION alone.
        assertThat(mustFail && reply.command() == Wire.VERSION).isFalse();
    }

    private void drop(long size) {
        // CAST: at most the length
        int here = (int) Math.min(size, unread.length);
        ignored = size - here;
        unread = Arrays.copyOfRange(unread, here, unread.length);
    }

    private long size() {
        return Integer.toUnsignedLong(
                ByteBuffer.wrap(unread).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
    }
}
