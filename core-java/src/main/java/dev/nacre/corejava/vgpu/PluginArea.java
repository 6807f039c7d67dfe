package dev.nacre.corejava.vgpu;

import dev.nacre.core.GspLog;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.mmu.Bar1Window;
import dev.nacre.hw.vgpu.SharedArea;
import dev.nacre.hw.vgpu.VgpuAbi;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The memory by which host and plugin speak, in BAR 1. One thread at a time; {@link #logs} any. */
final class PluginArea {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int CHUNK_BYTES = 64 << 10;

    private final Bar1Window window;
    private final long at;
    private final VgpuAbi abi;
    private final MemorySegment word = MemorySegment.ofArray(new byte[Long.BYTES]);

    /** The memory that is mapped at a place. */
    PluginArea(Bar1Window window, long at, VgpuAbi abi) {
        this.window = window;
        this.at = at;
        this.abi = abi;
    }

    VgpuAbi abi() {
        return abi;
    }

    /** Clears what a former owner may have left, but the migration region, which nobody reads. */
    void clear() {
        MemorySegment zeros = MemorySegment.ofArray(new byte[CHUNK_BYTES]);
        clear(zeros, SharedArea.CONTROL, SharedArea.MIGRATION);
        clear(zeros, SharedArea.ERROR, SharedArea.BYTES);
    }

    private void clear(MemorySegment zeros, int from, int to) {
        for (int offset = from; offset < to; offset += CHUNK_BYTES) {
            window.write(at + offset, zeros, 0, Math.min(CHUNK_BYTES, to - offset));
        }
    }

    /** Tells the plugin, which is ready, where everything is. */
    void introduce() {
        write32(SharedArea.MESSAGE_TYPE, 0);
        write32(SharedArea.MESSAGE_SEQ_NUM, 0);
        write32(SharedArea.RESPONSE + abi.response().messageSeqNumProcessed(), 0);
        write32(SharedArea.RESPONSE + abi.response().resultCode(), 0);
        write64(SharedArea.RESPONSE_BUFF_OFFSET, SharedArea.RESPONSE);
        write64(SharedArea.MESSAGE_BUFF_OFFSET, SharedArea.MESSAGE);
        write64(SharedArea.MIGRATION_BUFF_OFFSET, SharedArea.MIGRATION);
        write64(SharedArea.ERROR_BUFF_OFFSET, SharedArea.ERROR);
        write32(SharedArea.ATTACHED_VGPU_COUNT, 1);
        // ORDERING: with the version, all else holds.
        write32(SharedArea.VERSION, SharedArea.VERSION_1);
    }

    int read32(int offset) {
        window.read(at + offset, word, 0, Integer.BYTES);
        return word.get(INT, 0);
    }

    long read64(int offset) {
        window.read(at + offset, word, 0, Long.BYTES);
        return word.get(LONG, 0);
    }

    void write32(int offset, int value) {
        word.set(INT, 0, value);
        window.write(at + offset, word, 0, Integer.BYTES);
    }

    private void write64(int offset, long value) {
        word.set(LONG, 0, value);
        window.write(at + offset, word, 0, Long.BYTES);
    }

    void write(int offset, byte[] bytes) {
        window.write(at + offset, MemorySegment.ofArray(bytes), 0, bytes.length);
    }

    /** A copy of a part. */
    HostileBytes read(String what, int offset, int count) {
        return new HostileBytes(what, copy(offset, count));
    }

    private byte[] copy(int offset, int count) {
        byte[] bytes = new byte[count];
        window.read(at + offset, MemorySegment.ofArray(bytes), 0, count);
        return bytes;
    }

    List<GspLog> logs() {
        List<GspLog> logs = new ArrayList<>();
        logs.add(new GspLog("init", copy(SharedArea.INIT_TASK_LOG, SharedArea.INIT_TASK_LOG_BYTES)));
        logs.add(new GspLog("vgpu", copy(SharedArea.VGPU_TASK_LOG, SharedArea.VGPU_TASK_LOG_BYTES)));
        if (abi.bootload().kernelLogBuffOffset() >= 0) {
            logs.add(new GspLog("kernel", copy(SharedArea.KERNEL_LOG, SharedArea.KERNEL_LOG_BYTES)));
        }
        return logs;
    }
}
