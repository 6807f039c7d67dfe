package dev.nacre.board.state;

import dev.nacre.board.BoardConfig;
import dev.nacre.board.fb.VramStore;
import dev.nacre.hw.chip.Chip;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A board's saved state as a stream, big-endian:
 *
 * <pre>
 * "NACREGPU", int version
 * chip id (UTF), long memory bytes, int heads, from version 2 int virtual functions that there can be
 * int parts; for each: name (UTF), int length, bytes of a {@link StateWriter}
 * for each 64 KiB of memory that are not all zero: long address, the bytes; then long -1
 * int CRC-32C of all that
 * </pre>
 */
public final class Snapshot {
    private static final byte[] MAGIC = "NACREGPU".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION = 2;
    private static final int PAGE_BYTES = 64 << 10;
    private static final long END = -1;
    private static final int MOST_PARTS = 1000;
    private static final int MOST_PART_BYTES = 256 << 20;

    private Snapshot() {}

    /** Writes a board's state. While it does, nothing may change it. */
    public static void write(OutputStream to, BoardConfig board, List<? extends Stateful> parts, VramStore memory)
            throws IOException {
        CRC32C crc = new CRC32C();
        DataOutputStream out = new DataOutputStream(new CheckedOutputStream(to, crc));
        out.write(MAGIC);
        out.writeInt(VERSION);
        out.writeUTF(board.chip().id());
        out.writeLong(board.fbBytes());
        out.writeInt(board.heads());
        out.writeInt(board.vfs());
        out.writeInt(parts.size());
        for (Stateful part : parts) {
            StateWriter state = new StateWriter();
            part.save(state);
            byte[] bytes = state.toByteArray();
            out.writeUTF(part.stateName());
            out.writeInt(bytes.length);
            out.write(bytes);
        }
        writeMemory(out, memory);
        out.writeInt((int) crc.getValue());
        out.flush();
    }

    /**
     * Reads a board's state. Memory must be zero before; if this fails it holds anything.
     *
     * @return the parts' state by name, to be restored when all has been read
     * @throws StateException if the state is none, damaged, or of a board that is made otherwise
     */
    public static Map<String, StateReader> read(InputStream from, BoardConfig board, VramStore memory)
            throws IOException {
        CRC32C crc = new CRC32C();
        DataInputStream in = new DataInputStream(new CheckedInputStream(from, crc));
        try {
            checkOrigin(in, board);
            Map<String, StateReader> parts = readParts(in);
            readMemory(in, memory);
            int expected = (int) crc.getValue();
            if (in.readInt() != expected) {
                throw new StateException("Saved state is damaged: its checksum is wrong");
            }
            return parts;
        } catch (EOFException e) {
            throw new StateException("Saved state is cut off");
        } catch (UTFDataFormatException e) {
            throw new StateException("Saved state is damaged: " + e.getMessage());
        }
    }

    private static void writeMemory(DataOutputStream out, VramStore memory) throws IOException {
        MemorySegment bytes = memory.vram().segment();
        MemorySegment zeros = MemorySegment.ofArray(new byte[PAGE_BYTES]);
        byte[] page = new byte[PAGE_BYTES];
        long at = 0;
        while (at < bytes.byteSize()) {
            OptionalLong next = memory.nextInUse(at);
            if (next.isEmpty()) {
                break;
            }
            at = next.getAsLong() / PAGE_BYTES * PAGE_BYTES;
            if (bytes.asSlice(at, PAGE_BYTES).mismatch(zeros) >= 0) {
                MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, page, 0, PAGE_BYTES);
                out.writeLong(at);
                out.write(page);
            }
            at += PAGE_BYTES;
        }
        out.writeLong(END);
    }

    private static void checkOrigin(DataInputStream in, BoardConfig board) throws IOException {
        if (!java.util.Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
            throw new StateException("Not the saved state of a board");
        }
        int version = in.readInt();
        if (version < 1 || version > VERSION) {
            throw new StateException("Saved state has an unknown version: version=" + version + " known=" + VERSION);
        }
        String chip = in.readUTF();
        long fbBytes = in.readLong();
        int heads = in.readInt();
        int vfs = version < 2 ? 0 : in.readInt();
        Chip own = board.chip();
        if (!chip.equals(own.id()) || fbBytes != board.fbBytes() || heads != board.heads() || vfs != board.vfs()) {
            throw new StateException("Saved state is of another board: chip=" + chip + " fb=" + fbBytes + " heads="
                    + heads + " vfs=" + vfs + " own: chip=" + own.id() + " fb=" + board.fbBytes() + " heads="
                    + board.heads()
                    + " vfs=" + board.vfs());
        }
    }

    private static Map<String, StateReader> readParts(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST_PARTS) {
            throw new StateException("Saved state is damaged: parts=" + count);
        }
        Map<String, StateReader> parts = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.readUTF();
            int length = in.readInt();
            if (length < 0 || length > MOST_PART_BYTES) {
                throw new StateException("Saved state is damaged: part=" + name + " length=" + length);
            }
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException();
            }
            parts.put(name, new StateReader(bytes));
        }
        return parts;
    }

    private static void readMemory(DataInputStream in, VramStore memory) throws IOException {
        MemorySegment bytes = memory.vram().segment();
        byte[] page = new byte[PAGE_BYTES];
        for (long at = in.readLong(); at != END; at = in.readLong()) {
            if (at < 0 || at % PAGE_BYTES != 0 || at >= bytes.byteSize()) {
                throw new StateException("Saved state is damaged: page=0x" + Long.toHexString(at));
            }
            in.readFully(page);
            MemorySegment.copy(page, 0, bytes, ValueLayout.JAVA_BYTE, at, PAGE_BYTES);
        }
    }
}
