package dev.nacre.drm.server;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Room for a message, which grows when it has to and shrinks when it may. One thread at a time, or closed by another. */
final class Message implements AutoCloseable {
    // As most messages need; a program with many threads has one of these for each.
    private static final int USUAL_BYTES = 32 << 10;

    private Room room = new Room(USUAL_BYTES);

    /** The bytes, aligned to 8. */
    MemorySegment segment() {
        return room.segment;
    }

    /** Makes room, keeping what there is. At most {@link Wire#MOST_MESSAGE_BYTES}. */
    void require(int bytes) {
        if (bytes > room.segment.byteSize()) {
            Room bigger = new Room(Wire.MOST_MESSAGE_BYTES);
            bigger.segment.asSlice(0, room.segment.byteSize()).copyFrom(room.segment);
            room.close();
            room = bigger;
        }
    }

    /** The message is done with: keeps only as much room as is usual. */
    void shrink() {
        if (room.segment.byteSize() > USUAL_BYTES) {
            room.close();
            room = new Room(USUAL_BYTES);
        }
    }

    /** Writes a header. */
    void header(int bytes, int type, int fds) {
        room.segment.set(JAVA_INT, 0, bytes);
        room.segment.set(JAVA_SHORT, Wire.TYPE_AT, (short) type);
        room.segment.set(JAVA_SHORT, Wire.FDS_AT, (short) fds);
    }

    int length() {
        return room.segment.get(JAVA_INT, 0);
    }

    int type() {
        return Short.toUnsignedInt(room.segment.get(JAVA_SHORT, Wire.TYPE_AT));
    }

    int intAt(long offset) {
        return room.segment.get(JAVA_INT, offset);
    }

    void setInt(long offset, int value) {
        room.segment.set(JAVA_INT, offset, value);
    }

    @Override
    public void close() {
        room.close();
    }

    private static final class Room {
        private final Arena arena = Arena.ofShared();
        private final MemorySegment segment;

        private Room(int bytes) {
            segment = arena.allocate(bytes, 8);
        }

        private void close() {
            arena.close();
        }
    }
}
