package dev.nacre.corejava.channel;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.channel.HostChannel.Segment;
import java.util.ArrayDeque;
import java.util.List;

/** The commands of a channel whose user gives them word by word: a ring that lies in memory of the core's. */
public final class CopyRing {
    /** Most words of one piece. */
    public static final int MOST_DWORDS = 1024;

    /** Bytes of the ring. */
    public static final int BYTES = 64 << 10;

    private static final int DWORDS = BYTES / Integer.BYTES;

    // So often an interrupt is asked for, so that who waits for room is woken.
    private static final int INTERRUPT_DWORDS = DWORDS / 4;

    // TIMEOUT: how long the GPU may take with what was submitted before: copies of tens of GiB take seconds.
    private static final long ROOM_NS = 5_000_000_000L;

    /** A piece under way: its number, and how many words had been used at its end, gaps included. */
    private record Piece(long sequence, long end) {}

    private final HostChannel channel;

    // Guarded by this.
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private long used;
    private long freed;
    private long usedAtInterrupt;
    private int start;
    private int room = -1;
    private int count;

    /** The ring of a channel that was made with {@link #BYTES} of room. */
    public CopyRing(HostChannel channel) {
        this.channel = channel;
    }

    /** As {@link dev.nacre.core.CeChannel#begin}. */
    public synchronized void begin(int dwords) {
        if (dwords < 1 || dwords > MOST_DWORDS) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Number of words is impossible: dwords=" + dwords + " allowed=1 to " + MOST_DWORDS);
        }
        if (room >= 0) {
            throw new CoreException(CoreError.EXISTS, "Commands have begun: channel=" + channel.id());
        }
        if (channel.hasFailed()) {
            throw new CoreException(CoreError.IO, "Channel has failed: channel=" + channel.id());
        }
        int at = (int) (used % DWORDS);
        int gap = at + dwords > DWORDS ? DWORDS - at : 0;
        awaitRoom(gap + dwords);
        used += gap;
        start = (int) (used % DWORDS);
        room = dwords;
        count = 0;
    }

    private void awaitRoom(int dwords) {
        retire(channel.completed());
        while (DWORDS - (used - freed) < dwords) {
            Piece oldest = pieces.element();
            if (!channel.await(oldest.sequence, ROOM_NS)) {
                throw new CoreException(CoreError.TIMED_OUT, "GPU does not take commands: channel=" + channel.id());
            }
            retire(channel.completed());
        }
    }

    private void retire(long completed) {
        while (!pieces.isEmpty() && pieces.element().sequence <= completed) {
            freed = pieces.remove().end;
        }
    }

    /** As {@link dev.nacre.core.CeChannel#emit}. */
    public synchronized void emit(int dword) {
        if (room < 0) {
            throw notBegun();
        }
        if (count == room) {
            throw new CoreException(
                    CoreError.NO_SPACE,
                    "There is room for no more commands: dwords=" + room + " channel=" + channel.id());
        }
        channel.putPush(start + count, dword);
        count++;
    }

    /** As {@link dev.nacre.core.CeChannel#submit}. */
    public synchronized void submit() {
        submit(false);
    }

    /**
     * Has the GPU run what was added.
     *
     * @param interrupt whether the core is to be told the end
     * @return its number; 0 if nothing was added
     */
    synchronized long submit(boolean interrupt) {
        if (room < 0) {
            throw notBegun();
        }
        int dwords = count;
        room = -1;
        count = 0;
        if (dwords == 0) {
            return 0;
        }
        used += dwords;
        boolean asks = interrupt || used - usedAtInterrupt >= INTERRUPT_DWORDS;
        usedAtInterrupt = asks ? used : usedAtInterrupt;
        Segment segment = new Segment(channel.pushAddress() + 4L * start, dwords);
        long sequence = channel.submit(List.of(segment), asks, null, ROOM_NS);
        pieces.add(new Piece(sequence, used));
        return sequence;
    }

    private CoreException notBegun() {
        return new CoreException(CoreError.INVALID_ARGUMENT, "No commands have begun: channel=" + channel.id());
    }
}
