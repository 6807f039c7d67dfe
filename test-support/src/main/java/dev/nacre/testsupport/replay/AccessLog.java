package dev.nacre.testsupport.replay;

import dev.nacre.testsupport.replay.LogEntry.Accesses;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * A recording in memory.
 *
 * @param header what it is of
 * @param entries what happened, in order
 */
public record AccessLog(LogHeader header, List<LogEntry> entries) {
    /** Bounds what a damaged file can make us allocate. */
    private static final int MAX_DATA_BYTES = 64 << 20;

    /** Takes a copy of the entries. */
    public AccessLog {
        entries = List.copyOf(entries);
    }

    /** Accesses in all, each read or write counted. */
    public long accessCount() {
        return entries.stream()
                .mapToLong(entry -> entry instanceof Accesses run ? run.count() : 0)
                .sum();
    }

    /**
     * Reads a recording to its end.
     *
     * @throws IOException if it cannot be read or is none
     */
    public static AccessLog read(InputStream source) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(new GZIPInputStream(source, 1 << 16), 1 << 16))) {
            if (in.readInt() != LogWriter.MAGIC || in.readInt() != LogWriter.VERSION) {
                throw new IOException("Not a recording, or of another version");
            }
            LogHeader header = header(in);
            List<LogEntry> entries = new ArrayList<>();
            for (int tag = in.readByte(); tag != LogWriter.END; tag = in.readByte()) {
                entries.add(entry(tag, in));
            }
            return new AccessLog(header, entries);
        }
    }

    private static LogHeader header(DataInputStream in) throws IOException {
        Map<String, String> values = new HashMap<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            String name = in.readUTF();
            values.put(name, in.readUTF());
        }
        return new LogHeader(values);
    }

    private static LogEntry entry(int tag, DataInputStream in) throws IOException {
        return switch (tag) {
            case LogWriter.ACCESSES -> accesses(in);
            case LogWriter.MEMORY -> {
                long iova = number(in);
                yield new LogEntry.Memory(iova, data(in));
            }
            case LogWriter.WRITTEN -> {
                long iova = number(in);
                int length = (int) number(in);
                yield new LogEntry.Written(iova, length, in.readInt());
            }
            case LogWriter.MESSAGES -> new LogEntry.Messages((int) number(in));
            case LogWriter.RESET -> new LogEntry.Reset();
            case LogWriter.DISCONNECTED -> new LogEntry.Disconnected();
            default -> throw new IOException("Recording has an unknown entry: tag=" + tag);
        };
    }

    private static Accesses accesses(DataInputStream in) throws IOException {
        int flags = in.readByte();
        int region = in.readByte();
        long offset = number(in);
        int width = (int) number(in);
        MemorySegment data = data(in);
        if (width < 0 || (width > 0 && data.byteSize() % width != 0)) {
            throw new IOException("Recording has a broken run: width=" + width + " bytes=" + data.byteSize());
        }
        return new Accesses((flags & 1) != 0, region, offset, width, (flags & 2) != 0 ? 0 : width, data);
    }

    private static MemorySegment data(DataInputStream in) throws IOException {
        long length = number(in);
        if (length < 0 || length > MAX_DATA_BYTES) {
            throw new IOException("Recording has an entry that is too long: length=" + length);
        }
        byte[] data = in.readNBytes((int) length);
        if (data.length < length) {
            throw new IOException("Recording ends within an entry");
        }
        return MemorySegment.ofArray(data).asReadOnly();
    }

    private static long number(DataInputStream in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int part = in.readByte();
            value |= (part & 0x7fL) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new IOException("Recording has a number that does not end");
    }
}
