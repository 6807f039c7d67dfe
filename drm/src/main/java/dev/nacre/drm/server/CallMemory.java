package dev.nacre.drm.server;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.NumberPlace;
import dev.nacre.drm.UserMemory;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Memory and descriptors of a client during one call: what came ahead with the call, what is fetched, and what goes back
 * with the result.
 */
final class CallMemory implements UserMemory {
    private record Segment(long address, MemorySegment bytes) {
        boolean contains(long start, long count) {
            long offset = start - address;
            return offset >= 0 && offset <= bytes.byteSize() && count <= bytes.byteSize() - offset;
        }
    }

    private record Given(Fd fd, boolean cloexec, NumberPlace place) {}

    private final Channel channel;
    private final BooleanSupplier wanted;
    private final List<Segment> ahead = new ArrayList<>();
    private final List<Segment> back = new ArrayList<>();
    private final List<Given> given = new ArrayList<>();
    private int backBytes;
    private boolean gone;
    private @Nullable ProtocolException broken;

    /**
     * The memory of no call.
     *
     * @param wanted whether the call still matters
     */
    CallMemory(Channel channel, BooleanSupplier wanted) {
        this.channel = channel;
        this.wanted = wanted;
    }

    /**
     * A call begins: takes what came with it out of the message, because the next message will replace it.
     *
     * @param at where the segments begin
     * @throws ProtocolException if they do not lie in the message
     */
    void begin(int at, int count) {
        clear();
        if (count < 0 || count > Wire.MOST_SEGMENTS) {
            throw new ProtocolException("Too many segments: count=" + Integer.toUnsignedString(count));
        }
        Message message = channel.in();
        int length = message.length();
        int offset = at;
        for (int i = 0; i < count; i++) {
            requireInside(offset, Wire.SEGMENT_BYTES, length);
            long address = message.segment().get(JAVA_LONG, offset);
            int bytes = message.intAt(offset + 8);
            offset += Wire.SEGMENT_BYTES;
            requireInside(offset, bytes, length);
            byte[] copy = new byte[bytes];
            MemorySegment.ofArray(copy).copyFrom(message.segment().asSlice(offset, bytes));
            ahead.add(new Segment(address, MemorySegment.ofArray(copy)));
            offset += Wire.padded(bytes);
        }
    }

    private static void requireInside(int offset, int bytes, int length) {
        if (bytes < 0 || offset > length || bytes > length - offset) {
            throw new ProtocolException("Segment is not inside the message: bytes=" + bytes);
        }
    }

    /** The call has ended; what it wanted to give is closed. */
    void clear() {
        ahead.clear();
        back.clear();
        backBytes = 0;
        given.forEach(one -> one.fd.close());
        given.clear();
    }

    @Override
    public void copyIn(long address, MemorySegment dst) {
        long bytes = dst.byteSize();
        if (bytes > MOST_BYTES) {
            throw new DrmException(Errno.EINVAL, "Too much memory: bytes=" + bytes);
        }
        for (Segment segment : ahead) {
            if (segment.contains(address, bytes)) {
                dst.copyFrom(segment.bytes.asSlice(address - segment.address, bytes));
                return;
            }
        }
        for (long done = 0; done < bytes; done += Wire.MOST_DATA_BYTES) {
            long count = Math.min(bytes - done, Wire.MOST_DATA_BYTES);
            fetch(address + done, dst.asSlice(done, count));
        }
    }

    private void fetch(long address, MemorySegment dst) {
        Message out = channel.out();
        out.segment().set(JAVA_LONG, Wire.HEADER_BYTES, address);
        // CAST: at most MOST_DATA_BYTES
        out.setInt(Wire.HEADER_BYTES + 8, (int) dst.byteSize());
        out.setInt(Wire.HEADER_BYTES + 12, 0);
        ask(Wire.FETCH_BYTES, Wire.FETCH, Wire.DATA, Wire.DATA_AT);
        Message in = channel.in();
        requireOk(in.intAt(Wire.HEADER_BYTES));
        if (in.intAt(Wire.HEADER_BYTES + 4) != dst.byteSize() || in.length() < Wire.DATA_AT + dst.byteSize()) {
            throw breaks("Other memory than was asked for: bytes=" + in.intAt(Wire.HEADER_BYTES + 4));
        }
        dst.copyFrom(in.segment().asSlice(Wire.DATA_AT, dst.byteSize()));
    }

    /** GUEST: a client may claim any error. */
    private static void requireOk(int errno) {
        if (errno != 0) {
            throw new DrmException(Errno.of(errno).orElse(Errno.EFAULT), "The client says so");
        }
    }

    private void ask(int bytes, int type, int answer, int answerBytes) {
        if (gone || !channel.send(bytes, type, List.of()) || !receive()) {
            gone = true;
            throw new DrmException(Errno.ENODEV, "The client has gone");
        }
        if (channel.in().type() != answer || channel.in().length() < answerBytes) {
            throw breaks("Answer of another type: type=" + channel.in().type());
        }
    }

    private boolean receive() {
        try {
            return channel.receive(wanted);
        } catch (ProtocolException e) {
            broken = e;
            return false;
        }
    }

    private DrmException breaks(String why) {
        broken = new ProtocolException(why);
        gone = true;
        return new DrmException(Errno.EPROTO, why);
    }

    /**
     * Whether the client is still there after the call.
     *
     * @throws ProtocolException if it broke the protocol during the call
     */
    boolean isClientThere() {
        if (broken != null) {
            throw broken;
        }
        return !gone;
    }

    @Override
    public void copyOut(long address, MemorySegment src) {
        long bytes = src.byteSize();
        if (bytes > Wire.MOST_DATA_BYTES - backBytes - Wire.SEGMENT_BYTES || back.size() >= Wire.MOST_SEGMENTS) {
            throw new DrmException(Errno.EINVAL, "Too much memory goes back: bytes=" + bytes);
        }
        // CAST: checked above
        byte[] copy = new byte[(int) bytes];
        MemorySegment.ofArray(copy).copyFrom(src);
        back.add(new Segment(address, MemorySegment.ofArray(copy)));
        backBytes += Wire.SEGMENT_BYTES + Wire.padded(copy.length);
    }

    @Override
    public Fd takeFd(int number) {
        channel.out().setInt(Wire.HEADER_BYTES, number);
        channel.out().setInt(Wire.HEADER_BYTES + 4, 0);
        ask(Wire.FETCH_FD_BYTES, Wire.FETCH_FD, Wire.DATA_FD, Wire.DATA_FD_BYTES);
        requireOk(channel.in().intAt(Wire.HEADER_BYTES));
        if (channel.fds().count() == 0) {
            throw new DrmException(Errno.EBADF, "No descriptor came: number=" + number);
        }
        return channel.fds().take();
    }

    @Override
    public void giveFd(Fd fd, boolean cloexec, NumberPlace where) {
        if (given.size() >= Wire.MOST_FDS) {
            fd.close();
            throw new DrmException(Errno.EMFILE, "Too many descriptors");
        }
        given.add(new Given(fd, cloexec, where));
    }

    /** The descriptors that go back; none if the call failed. */
    List<Fd> fds(boolean ok) {
        return ok ? given.stream().map(Given::fd).toList() : List.of();
    }

    /**
     * Writes the parts of a result that follow the argument.
     *
     * @param at where
     * @param ok whether the call succeeded; only then descriptors go back
     * @return where they end
     */
    int write(Message out, int at, boolean ok) {
        int end = at;
        for (Segment segment : back) {
            // CAST: at most MOST_DATA_BYTES
            int bytes = (int) segment.bytes.byteSize();
            out.segment().set(JAVA_LONG, end, segment.address);
            out.setInt(end + 8, bytes);
            out.setInt(end + 12, 0);
            out.segment().asSlice(end + Wire.SEGMENT_BYTES, bytes).copyFrom(segment.bytes);
            end += Wire.SEGMENT_BYTES + Wire.padded(bytes);
        }
        for (Given one : ok ? given : List.<Given>of()) {
            writePlace(out.segment(), end, one);
            end += Wire.PLACE_BYTES;
        }
        return end;
    }

    private static void writePlace(MemorySegment out, int at, Given one) {
        switch (one.place) {
            case NumberPlace.InArg(int offset) -> {
                out.set(JAVA_LONG, at, offset);
                out.set(JAVA_INT, at + 8, Wire.PLACE_IN_ARG);
            }
            case NumberPlace.At(long address) -> {
                out.set(JAVA_LONG, at, address);
                out.set(JAVA_INT, at + 8, Wire.PLACE_AT_ADDRESS);
            }
        }
        out.set(JAVA_INT, at + 12, one.cloexec ? Wire.PLACE_CLOEXEC : 0);
    }

    /** How many segments go back. */
    int segments() {
        return back.size();
    }

    /** How many bytes {@link #write} needs at the most. */
    int bytes() {
        return backBytes + given.size() * Wire.PLACE_BYTES;
    }
}
