package dev.nacre.pci;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A device whose state can move to another one of its kind: it can be stopped, its state read as a stream of bytes, and
 * such a stream written into it. What the bytes mean is the device's own business; a stream that comes back may be
 * anything at all.
 *
 * <p>The transport calls it on the thread that calls {@link PciFunction}, in this order: {@link #stop} and
 * {@link #start} alternate, the device running at first; at most one stream is open at a time; {@link #load} only while
 * stopped, {@link #save} while stopped or, if {@link #preCopy}, while running. Regions are read and written meanwhile as
 * ever. Every call must return within a second. One that fails with a {@link MigrationException} has changed nothing,
 * unless it says otherwise; any other exception is a defect, after which only a reset helps.
 */
public interface Migratable {
    /** The state of a device as a stream that is read to its end, piece by piece. */
    interface Saving extends AutoCloseable {
        /**
         * Reads the next piece, which is {@code count} bytes long unless there is no more. While the device runs, that
         * means no more for now: what changes later comes later, or when the device has been stopped. Once it is
         * stopped, it means the end.
         *
         * @param dst receives the bytes
         * @param dstOffset where in it, of any alignment
         * @param count most bytes, 0 or more
         * @return how many bytes there were
         * @throws MigrationException if the state cannot be read
         */
        int read(MemorySegment dst, long dstOffset, int count);

        /**
         * Reads the next piece where it lies, for a transport that can send it from there; in place of a {@link #read} of
         * as many bytes. For devices with much memory, who save a copy by it.
         *
         * @param count most bytes, 1 or more
         * @return {@code count} bytes, or fewer at the end, in a native segment that any thread can read; they stay as
         *     they are until the next call for the stream. Null if {@link #read} is to be called, as it is by default
         * @throws MigrationException if the state cannot be read
         */
        default @Nullable MemorySegment view(int count) {
            return null;
        }

        /** Ends the stream, read to its end or not. The device goes on in the state that it has. */
        @Override
        void close();
    }

    /** A stream that becomes the state of a device, written piece by piece as it was read. */
    interface Loading extends AutoCloseable {
        /**
         * Writes the next piece. Pieces need not have the sizes that they were read in, and need not ever end: a device
         * keeps no more of them than a state of its own can have.
         *
         * @param src holds the bytes, which are whatever a client has sent; valid during the call
         * @param srcOffset where in it, of any alignment
         * @param count how many bytes, 0 or more
         * @throws MigrationException if these bytes cannot be a state of this device
         */
        void write(MemorySegment src, long srcOffset, int count);

        /**
         * Says where the next piece belongs, for a transport that can receive it there; in place of a {@link #write} of as
         * many bytes, for devices with much memory. All its bytes are there by the next call for the stream, except for
         * {@link #close}: then the client has left before it sent them all, and any of them may be there.
         *
         * @param count how many bytes, 1 or more
         * @return exactly {@code count} bytes, in a native segment that any thread can write until the stream is closed;
         *     what they hold is up to the client. Null if {@link #write} is to be called, to take or to refuse them, as
         *     it is by default
         */
        default @Nullable MemorySegment place(int count) {
            return null;
        }

        /**
         * The stream is complete: the device takes on the state, and stays stopped.
         *
         * @throws MigrationException if the stream is damaged, incomplete or another device's; the device's state may
         *     then be anything until it is reset
         */
        void finish();

        /**
         * Ends the stream. Without a {@link #finish} that succeeded, the device's state may be anything until it is
         * reset.
         */
        @Override
        void close();
    }

    /** Whether {@link #save} works while the device runs; constant for its life. */
    default boolean preCopy() {
        return false;
    }

    /**
     * Stops the device: when this returns, it neither reads nor writes its host's memory and raises no interrupt. What a
     * register access would set off waits until it is started.
     *
     * @throws MigrationException if it cannot stop; it runs on
     */
    void stop();

    /**
     * Lets the device go on where it was stopped. Called after a reset too, when it may be running: then it goes on.
     *
     * @throws MigrationException if it cannot; it stays stopped
     */
    void start();

    /**
     * Begins to read the state.
     *
     * @return the stream; the caller closes it
     * @throws MigrationException if the state cannot be read now
     */
    Saving save();

    /**
     * Begins to write a state in place of the one that the device has.
     *
     * @return the stream; the caller closes it
     * @throws MigrationException if no state can be written now
     */
    Loading load();
}
