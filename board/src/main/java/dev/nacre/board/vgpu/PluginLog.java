package dev.nacre.board.vgpu;

import dev.nacre.board.fb.Vram;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A log of a plugin, in memory that the host gave for it: lines of text from its start, and zeros behind them. When it is
 * full the older half goes. One thread.
 */
final class PluginLog {
    private static final int MAX_LINE_BYTES = 240;

    /** Smallest log that is of use. */
    static final int MIN_BYTES = 0x1000;

    private final MemorySegment memory;
    private long used;

    /** Begins an empty log in memory that {@link Vram#contains}. */
    PluginLog(Vram vram, FbRange place) {
        memory = vram.segment().asSlice(place.offset(), place.bytes());
        memory.fill((byte) 0);
    }

    /**
     * Adds a line.
     *
     * @param timeNs nanoseconds since the plugin's start
     */
    void line(long timeNs, String text) {
        String line =
                String.format(Locale.ROOT, "[%d.%06d] %s\n", timeNs / 1_000_000_000, timeNs / 1000 % 1_000_000, text);
        byte[] all = line.getBytes(StandardCharsets.US_ASCII);
        int bytes = Math.min(all.length, MAX_LINE_BYTES);
        if (used + bytes >= memory.byteSize()) {
            dropOlderHalf();
        }
        MemorySegment.copy(MemorySegment.ofArray(all), 0, memory, used, bytes - 1L);
        memory.set(ValueLayout.JAVA_BYTE, used + bytes - 1, (byte) '\n');
        used += bytes;
    }

    private void dropOlderHalf() {
        long from = used / 2;
        // GUEST: the host can write here, so the end of a line need not be where it was.
        while (from < used && memory.get(ValueLayout.JAVA_BYTE, from - 1) != '\n') {
            from++;
        }
        MemorySegment.copy(memory, from, memory, 0, used - from);
        used -= from;
        memory.asSlice(used).fill((byte) 0);
    }
}
