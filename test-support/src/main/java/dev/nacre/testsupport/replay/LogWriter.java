package dev.nacre.testsupport.replay;

import dev.nacre.testsupport.replay.LogEntry.Accesses;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a recording: gzip over tagged entries with numbers of variable length. Accesses that continue each other are
 * joined. One thread at a time.
 */
final class LogWriter implements AutoCloseable {
    static final int MAGIC = 0x4e4c4f47; // "NLOG"
    static final int VERSION = 1;
    static final int ACCESSES = 0;
    static final int MEMORY = 1;
    static final int WRITTEN = 2;
    static final int MESSAGES = 3;
    static final int RESET = 4;
    static final int DISCONNECTED = 5;
    static final int END = 6;
    static final int MAX_RUN_BYTES = 1 << 20;

    private final DataOutputStream out;
    private final ByteArrayOutputStream runData = new ByteArrayOutputStream();
    private boolean runWrite;
    private int runRegion;
    private long runOffset;
    private int runWidth;
    private int runCount;
    private int runStride;

    LogWriter(OutputStream target, LogHeader header) throws IOException {
        out = new DataOutputStream(new BufferedOutputStream(new GZIPOutputStream(target, 1 << 16), 1 << 16));
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeInt(header.values().size());
        for (var value : header.values().entrySet()) {
            out.writeUTF(value.getKey());
            out.writeUTF(value.getValue());
        }
    }

    /** Adds one access. */
    void access(boolean write, int region, long offset, byte[] data) throws IOException {
        if (!continues(write, region, offset, data.length)) {
            finishRun();
            runWrite = write;
            runRegion = region;
            runOffset = offset;
            runWidth = data.length;
            runStride = data.length;
        }
        runCount++;
        runData.writeBytes(data);
    }

    /** Adds anything else. */
    void add(LogEntry entry) throws IOException {
        finishRun();
        switch (entry) {
            case Accesses run -> put(run);
            case LogEntry.Memory memory -> {
                out.writeByte(MEMORY);
                number(memory.iova());
                number(memory.data().byteSize());
                out.write(memory.data().toArray(ValueLayout.JAVA_BYTE));
            }
            case LogEntry.Written written -> {
                out.writeByte(WRITTEN);
                number(written.iova());
                number(written.length());
                out.writeInt(written.crc());
            }
            case LogEntry.Messages messages -> {
                out.writeByte(MESSAGES);
                number(messages.count());
            }
            case LogEntry.Reset() -> out.writeByte(RESET);
            case LogEntry.Disconnected() -> out.writeByte(DISCONNECTED);
        }
    }

    private boolean continues(boolean write, int region, long offset, int width) {
        if (runCount == 0 || write != runWrite || region != runRegion || width != runWidth || width == 0) {
            return false;
        }
        if (runData.size() + width > MAX_RUN_BYTES) {
            return false;
        }
        if (runCount == 1 && offset == runOffset) {
            runStride = 0;
        }
        return offset == runOffset + (long) runStride * runCount;
    }

    private void finishRun() throws IOException {
        if (runCount > 0) {
            put(new Accesses(
                    runWrite, runRegion, runOffset, runWidth, runStride, MemorySegment.ofArray(runData.toByteArray())));
            runData.reset();
            runCount = 0;
        }
    }

    private void put(Accesses run) throws IOException {
        out.writeByte(ACCESSES);
        out.writeByte((run.write() ? 1 : 0) | (run.stride() == 0 && run.width() > 0 ? 2 : 0));
        out.writeByte(run.region());
        number(run.offset());
        number(run.width());
        number(run.data().byteSize());
        out.write(run.data().toArray(ValueLayout.JAVA_BYTE));
    }

    /** Seven bits at a time, low first, the top bit saying that more follow. */
    private void number(long value) throws IOException {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            out.writeByte((int) (left | 0x80));
            left >>>= 7;
        }
        out.writeByte((int) left);
    }

    @Override
    public void close() throws IOException {
        finishRun();
        out.writeByte(END);
        out.close();
    }
}
