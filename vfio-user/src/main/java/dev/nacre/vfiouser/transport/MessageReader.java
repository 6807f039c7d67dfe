package dev.nacre.vfiouser.transport;

import dev.nacre.linux.Fd;
import dev.nacre.linux.FdSocket;
import dev.nacre.linux.ReceivedFds;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.Limits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the stream into messages. It reads ahead as much as its buffer takes, so that a burst of messages costs one
 * system call, and allocates nothing per message. One thread.
 *
 * <p>The kernel ends a receive at bytes that carry descriptors, and a sender attaches them to the first byte that it
 * hands over of a message; so descriptors belong to the last message that starts inside the bytes received, or, if none
 * starts there, to the message that goes on in them. Those that nobody took are closed when the next message is begun.
 */
public final class MessageReader implements AutoCloseable {
    /** What {@link #next} found. */
    public enum Outcome {
        /** A whole message. */
        MESSAGE,
        /** A header whose size is below a header's, or above the limit. There is a header, but no body. */
        BAD_SIZE,
        /** The peer has gone. What there was of an incomplete message is lost. */
        END
    }

    /** Called before every wait for bytes. */
    @FunctionalInterface
    public interface BeforeWait {
        /** May wait for something else until the socket has bytes. */
        void run();
    }

    /**
     * Called when a large message has begun to come, and its first {@link #PREFIX_BYTES} are here: {@link #flags} and
     * the like tell of it. May call {@link #receiveInto}.
     */
    @FunctionalInterface
    public interface Placing {
        /** Has the rest of the message received elsewhere, or does nothing. */
        void place();
    }

    /** Bytes of a message, header included, that are here when a place is asked for. */
    public static final int PREFIX_BYTES = 32;

    /**
     * Some hundred short messages. No more, because what has been read ahead of a large message cannot be received where
     * it belongs.
     */
    private static final int READ_AHEAD_BYTES = 16 << 10;

    /** From so many missing bytes on, receiving them where they belong is worth a call of its own. */
    private static final int LEAST_PLACED_BYTES = 8 << 10;

    private final FdSocket socket;
    private final BeforeWait beforeWait;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(Limits.MAX_MESSAGE_BYTES + READ_AHEAD_BYTES, 64);
    private final ReceivedFds received = new ReceivedFds(Limits.MAX_FDS);
    private final PassedFds fds = new PassedFds();

    /** Position in the stream of the buffer's first byte. */
    private long base;

    private long start;
    private long end;

    /** Bytes of the current message, header included; they go away with the next one. */
    private long current;

    private @Nullable Placing placing;

    /** Where the end of the current message's body goes; null if it stays in the buffer. */
    private @Nullable MemorySegment place;

    private long placeOffset;
    private long placeBytes;
    private long placeFilled;
    private int bodySize;
    private int limit = Limits.MAX_MESSAGE_BYTES;
    private long closedFds;

    /**
     * Makes a reader at the start of a message.
     *
     * @param socket where to read; stays the caller's
     * @param beforeWait called before every wait
     */
    public MessageReader(FdSocket socket, BeforeWait beforeWait) {
        this.socket = socket;
        this.beforeWait = beforeWait;
    }

    /** Sets the largest message that is taken, in bytes with the header. */
    public void limit(int bytes) {
        limit = Math.min(bytes, Limits.MAX_MESSAGE_BYTES);
    }

    /** Asks for a place for each large message from now on. */
    public void placeBy(Placing where) {
        placing = where;
    }

    /** Waits for the next message. The one before, its bytes and its descriptors, is gone. */
    public Outcome next() {
        if (!dropCurrent()) {
            return Outcome.END;
        }
        closedFds += fds.dropBefore(base + start);
        if (!fill(Header.SIZE)) {
            return Outcome.END;
        }
        long size = Header.size(buffer, start);
        bodySize = 0;
        if (size < Header.SIZE || size > limit) {
            current = Math.max(size, Header.SIZE);
            return Outcome.BAD_SIZE;
        }
        // CAST: at most the limit
        bodySize = (int) size - Header.SIZE;
        current = size;
        if (placing != null && size - (end - start) >= LEAST_PLACED_BYTES) {
            if (!fill(PREFIX_BYTES)) {
                return Outcome.END;
            }
            placing.place();
        }
        return fill(current) && receivePlaced() ? Outcome.MESSAGE : Outcome.END;
    }

    /**
     * Has the end of the message's body received elsewhere than in {@link #segment}; what is here of it already is copied
     * there at once. If the peer leaves before it has sent all, some of the place's bytes are written and others not.
     * Only while a place is asked for.
     *
     * @param from first byte of the body that goes there, not beyond {@link #PREFIX_BYTES} of the message
     * @param place a native segment that stays until {@link #next} has returned
     * @param offset where in it
     */
    public void receiveInto(int from, MemorySegment place, long offset) {
        long head = Header.SIZE + (long) from;
        long here = end - start - head;
        MemorySegment.copy(buffer, start + head, place, offset, here);
        end = start + head;
        current = head;
        this.place = place;
        placeOffset = offset;
        placeBytes = bodySize - (long) from;
        placeFilled = here;
    }

    /** Whether the end of the message's body is not in {@link #segment}, but where {@link #receiveInto} wanted it. */
    public boolean isPlaced() {
        return place != null;
    }

    /** Whether bytes behind the current message are here already. */
    public boolean hasUnread() {
        return end - start > current;
    }

    /** The segment that holds the current message. */
    public MemorySegment segment() {
        return buffer;
    }

    /** Where in the segment the message's body starts. */
    public long body() {
        return start + Header.SIZE;
    }

    /** Bytes of the body. */
    public int bodySize() {
        return bodySize;
    }

    /** The message's id. */
    public int id() {
        return Header.id(buffer, start);
    }

    /** The number of the message's command. */
    public int command() {
        return Header.command(buffer, start);
    }

    /** The message's flags. */
    public int flags() {
        return Header.flags(buffer, start);
    }

    /** The message's error number. */
    public int error() {
        return Header.error(buffer, start);
    }

    /** Descriptors that came with the message and were not taken yet. */
    public int fdCount() {
        return fds.count(base + start);
    }

    /** Whether more descriptors came with the message than may; some of them are gone. */
    public boolean hasExcessFds() {
        return fds.isExcessive(base + start);
    }

    /** Takes the message's first descriptor; null if none is left. */
    public @Nullable Fd takeFd() {
        return fds.take(base + start);
    }

    /** Descriptors that came and that nobody took, so far. */
    public long closedFds() {
        return closedFds;
    }

    /**
     * Copies the current message and takes its descriptors away from here.
     *
     * @param hasBadSize whether it has no body, because its size is impossible
     */
    public QueuedMessage copy(boolean hasBadSize) {
        byte[] bytes = buffer.asSlice(start, Header.SIZE + (long) bodySize).toArray(ValueLayout.JAVA_BYTE);
        boolean excess = hasExcessFds();
        List<Fd> taken = new ArrayList<>();
        for (Fd fd = takeFd(); fd != null; fd = takeFd()) {
            taken.add(fd);
        }
        return new QueuedMessage(bytes, taken, excess, hasBadSize);
    }

    /**
     * Makes a message current that another reader has received, in place of the one before; or nothing. For a reader that
     * was {@link #handOver handed over}.
     *
     * @param message null at the end
     */
    public Outcome load(@Nullable QueuedMessage message) {
        closedFds += fds.dropBefore(Long.MAX_VALUE);
        if (message == null) {
            return Outcome.END;
        }
        MemorySegment.copy(message.bytes(), 0, buffer, ValueLayout.JAVA_BYTE, 0, message.bytes().length);
        start = 0;
        end = message.bytes().length;
        current = end;
        // CAST: at most the limit
        bodySize = (int) end - Header.SIZE;
        fds.attach(base, message.fds(), message.hasExcessFds());
        return message.hasBadSize() ? Outcome.BAD_SIZE : Outcome.MESSAGE;
    }

    /**
     * Lets another reader go on behind the current message, which stays here. This one no longer receives anything.
     *
     * @param next a new reader of the same socket
     */
    public void handOver(MessageReader next) {
        long from = start + current;
        next.base = base + from;
        next.end = end - from;
        MemorySegment.copy(buffer, from, next.buffer, 0, next.end);
        fds.moveFrom(base + from, next.fds);
        end = from;
    }

    /** Closes all descriptors that wait here, and frees the buffer. */
    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            fds.dropBefore(Long.MAX_VALUE);
            arena.close();
        }
    }

    /** Goes behind the current message, receiving and forgetting what is not here yet of one that was too large. */
    private boolean dropCurrent() {
        base += placeFilled;
        place = null;
        placeFilled = 0;
        placeBytes = 0;
        long here = Math.min(current, end - start);
        long missing = current - here;
        current = 0;
        start += here;
        if (start == end) {
            base += start;
            start = 0;
            end = 0;
        }
        while (missing > 0) {
            beforeWait.run();
            long n = socket.receive(buffer, 0, Math.min(missing, buffer.byteSize()), received);
            closedFds += received.count();
            received.close();
            if (n == 0) {
                return false;
            }
            missing -= n;
            base += n;
        }
        return true;
    }

    /** Receives until so many bytes of the current message are here. */
    private boolean fill(long bytes) {
        if (start + bytes > buffer.byteSize()) {
            MemorySegment.copy(buffer, start, buffer, 0, end - start);
            base += start;
            end -= start;
            start = 0;
        }
        while (end - start < bytes) {
            beforeWait.run();
            long most = Math.min(bytes - (end - start) + READ_AHEAD_BYTES, buffer.byteSize() - end);
            long n = end > start
                    ? socket.receiveMore(buffer, end, most, received)
                    : socket.receive(buffer, end, most, received);
            end += n;
            if (received.count() > 0 || received.isTruncated()) {
                fds.attach(base + lastStart(), received);
                received.close();
            }
            if (n == 0) {
                return false;
            }
        }
        return true;
    }

    /** Receives what is missing of the bytes that go elsewhere, if any do. */
    private boolean receivePlaced() {
        MemorySegment to = place;
        if (to == null) {
            return true;
        }
        while (placeFilled < placeBytes) {
            beforeWait.run();
            long n = socket.receiveMore(to, placeOffset + placeFilled, placeBytes - placeFilled, received);
            closedFds += received.count();
            received.close();
            if (n == 0) {
                return false;
            }
            placeFilled += n;
        }
        return true;
    }

    /** Where the last message starts that has any byte in the buffer. */
    private long lastStart() {
        long at = start;
        while (end - at >= Header.SIZE) {
            long next = at + Math.max(Header.size(buffer, at), Header.SIZE);
            if (next >= end) {
                break;
            }
            at = next;
        }
        return at;
    }
}
