package dev.nacre.samples;

import dev.nacre.linux.Errno;
import dev.nacre.pci.Migratable;
import dev.nacre.pci.MigrationException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a {@link BenchDevice} as a stream: a head, then the bytes of its memories, one after the other. The memories
 * are read and written in place, so that nothing but the transport is measured.
 *
 * <pre>
 *   0x00 u64 magic and version | 0x08 u64 length of the stream | 0x10 u32 vectors to ring when started
 *   0x14 u32 whether to copy when started | 0x18 the device's own image | the memories
 * </pre>
 *
 * <p>One thread, as {@link Migratable} says.
 */
final class BenchState implements Migratable {
    /** What the state is of. */
    interface Owner {
        /** Its registers outside the memories. */
        byte[] image();

        /** Takes an image, when the memories have been written: any bytes of the right number. */
        void restore(byte[] image);

        /** Rings a vector's doorbell. */
        void ring(int vector);

        /** Runs the copy that the registers ask for. */
        void copy();
    }

    /** "NACREBD" and the version of the stream. */
    private static final long MAGIC = 0x01_4442_4552_4341_4eL;

    private static final int LENGTH = 0x08;
    private static final int RINGS = 0x10;
    private static final int COPIES = 0x14;
    private static final int IMAGE = 0x18;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Owner owner;
    private final MemorySegment head;
    private final MemorySegment[] parts;
    private final long length;
    private boolean stopped;
    private int rings;
    private boolean copies;

    /**
     * Describes a state.
     *
     * @param imageBytes of the owner's image
     * @param memories constant for the owner's life
     */
    BenchState(Owner owner, int imageBytes, List<MemorySegment> memories) {
        this.owner = owner;
        head = MemorySegment.ofArray(new byte[IMAGE + imageBytes]);
        parts = new MemorySegment[memories.size() + 1];
        parts[0] = head;
        long bytes = head.byteSize();
        for (int i = 0; i < memories.size(); i++) {
            parts[i + 1] = memories.get(i);
            bytes += memories.get(i).byteSize();
        }
        length = bytes;
    }

    /** Bytes of the stream. */
    long length() {
        return length;
    }

    /** Rings, now or when the device is started. */
    void ring(int vector) {
        if (!stopped) {
            owner.ring(vector);
        } else if (vector >= 0 && vector < BenchRegisters.VECTORS) {
            rings |= 1 << vector;
        }
    }

    /** Copies, now or when the device is started. */
    void copy() {
        if (stopped) {
            copies = true;
        } else {
            owner.copy();
        }
    }

    /** Forgets what waits for the start. */
    void reset() {
        rings = 0;
        copies = false;
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public void start() {
        stopped = false;
        int vectors = rings;
        boolean copying = copies;
        reset();
        for (int vector = 0; vector < BenchRegisters.VECTORS; vector++) {
            if ((vectors & (1 << vector)) != 0) {
                owner.ring(vector);
            }
        }
        if (copying) {
            owner.copy();
        }
    }

    @Override
    public Saving save() {
        head.set(LONG, 0, MAGIC);
        head.set(LONG, LENGTH, length);
        head.set(INT, RINGS, rings);
        head.set(INT, COPIES, copies ? 1 : 0);
        MemorySegment.copy(owner.image(), 0, head, ValueLayout.JAVA_BYTE, IMAGE, (int) head.byteSize() - IMAGE);
        return new Reading();
    }

    @Override
    public Loading load() {
        return new Writing();
    }

    /** A place in the stream. */
    private class Place {
        private int part;
        private long at;
        private long position;

        /** Moves up to so many bytes, and returns how many there were room or data for. */
        int move(MemorySegment other, long otherOffset, int count, boolean out) {
            int done = 0;
            while (done < count && part < parts.length) {
                MemorySegment here = parts[part];
                long some = Math.min(count - done, here.byteSize() - at);
                if (out) {
                    MemorySegment.copy(here, at, other, otherOffset + done, some);
                } else {
                    MemorySegment.copy(other, otherOffset + done, here, at, some);
                }
                // CAST: at most count
                done += (int) some;
                at += some;
                if (at == here.byteSize()) {
                    part++;
                    at = 0;
                }
            }
            position += done;
            return done;
        }

        /** The next bytes where they lie, and goes on behind them; null if they are not in one native piece. */
        @Nullable
        MemorySegment piece(int count) {
            if (part == parts.length || !parts[part].isNative() || parts[part].byteSize() - at < count) {
                return null;
            }
            MemorySegment piece = parts[part].asSlice(at, count);
            at += count;
            position += count;
            if (at == parts[part].byteSize()) {
                part++;
                at = 0;
            }
            return piece;
        }

        long position() {
            return position;
        }
    }

    private final class Reading extends Place implements Saving {
        @Override
        public int read(MemorySegment dst, long dstOffset, int count) {
            return move(dst, dstOffset, count, true);
        }

        @Override
        public @Nullable MemorySegment view(int count) {
            return piece(count);
        }

        @Override
        public void close() {}
    }

    private final class Writing extends Place implements Loading {
        @Override
        public void write(MemorySegment src, long srcOffset, int count) {
            // GUEST: nothing but the head is taken before the head is known to be one of this device.
            long headLeft = Math.max(0, head.byteSize() - position());
            int ofHead = (int) Math.min(count, headLeft);
            move(src, srcOffset, ofHead, false);
            if (headLeft > 0 && position() == head.byteSize()) {
                checkHead();
            }
            int rest = count - ofHead;
            if (move(src, srcOffset + ofHead, rest, false) != rest) {
                throw new MigrationException(Errno.EINVAL, "The state is longer than one of this device");
            }
        }

        @Override
        public @Nullable MemorySegment place(int count) {
            return piece(count);
        }

        @Override
        public void finish() {
            if (position() != length) {
                throw new MigrationException(
                        Errno.EINVAL, "The state ends after " + position() + " of " + length + " bytes");
            }
            checkHead();
            owner.restore(head.asSlice(IMAGE).toArray(ValueLayout.JAVA_BYTE));
            rings = head.get(INT, RINGS);
            copies = head.get(INT, COPIES) != 0;
        }

        @Override
        public void close() {}

        private void checkHead() {
            boolean known = head.get(LONG, 0) == MAGIC && head.get(LONG, LENGTH) == length;
            boolean possible = head.get(INT, RINGS) >>> BenchRegisters.VECTORS == 0 && head.get(INT, COPIES) >>> 1 == 0;
            if (!known || !possible) {
                throw new MigrationException(Errno.EINVAL, "The state is not one of this device");
            }
        }
    }
}
