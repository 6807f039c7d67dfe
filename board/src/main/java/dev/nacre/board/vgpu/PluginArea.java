package dev.nacre.board.vgpu;

import dev.nacre.board.fb.Vram;
import dev.nacre.hw.vgpu.SharedArea;
import dev.nacre.hw.vgpu.Surface;
import dev.nacre.hw.vgpu.VgpuAbi;
import dev.nacre.hw.vgpu.VgpuAbi.ResponseLayout;
import dev.nacre.hw.vgpu.VgpuAbi.SurfaceLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;

/**
 * A plugin's side of the memory that it shares with its host. The host can change all of it at any time: each field is
 * read once. One thread.
 */
final class PluginArea {
    private static final int MAX_SURFACE_INT = Integer.MAX_VALUE;

    private final Vram vram;
    private final VgpuAbi abi;
    private final long base;
    private final long[] surfaceSequences = new long[SharedArea.SURFACES];

    /** Takes memory of {@link SharedArea#BYTES} that {@link Vram#contains}. */
    PluginArea(Vram vram, VgpuAbi abi, long base) {
        this.vram = vram;
        this.abi = abi;
        this.base = base;
    }

    /** Tells the host that the plugin is ready. */
    void ready() {
        vram.segment()
                .asSlice(base + SharedArea.RESPONSE, SharedArea.REGION_BYTES)
                .fill((byte) 0);
        VarHandle.releaseFence();
        control(SharedArea.MESSAGE_SEQ_NUM, SharedArea.PLUGIN_BOOTLOADED);
    }

    /** Number of the host's last message; what else it wrote is there when this is. */
    int sequence() {
        int sequence = vram.readInt(base + SharedArea.CONTROL + SharedArea.MESSAGE_SEQ_NUM);
        VarHandle.acquireFence();
        return sequence;
    }

    /** Kind of the host's last message. */
    int messageType() {
        return vram.readInt(base + SharedArea.CONTROL + SharedArea.MESSAGE_TYPE);
    }

    /** Whether the host speaks this version of it and looks for the regions where they are. */
    boolean understood() {
        return vram.readInt(base + SharedArea.CONTROL + SharedArea.VERSION) == SharedArea.VERSION_1
                && place(SharedArea.RESPONSE_BUFF_OFFSET) == SharedArea.RESPONSE
                && place(SharedArea.MESSAGE_BUFF_OFFSET) == SharedArea.MESSAGE
                && place(SharedArea.MIGRATION_BUFF_OFFSET) == SharedArea.MIGRATION
                && place(SharedArea.ERROR_BUFF_OFFSET) == SharedArea.ERROR;
    }

    private long place(int field) {
        return vram.readLong(base + SharedArea.CONTROL + field);
    }

    private void control(int field, int value) {
        vram.writeInt(base + SharedArea.CONTROL + field, value);
    }

    /** Says that a message has been begun. */
    void received(int sequence) {
        ResponseLayout layout = abi.response();
        if (layout.messageSeqNumReceived() >= 0) {
            response(layout.messageSeqNumReceived(), sequence);
        }
    }

    /** Says that a message has been processed, after all that was written before. */
    void processed(int sequence, int resultCode) {
        response(abi.response().resultCode(), resultCode);
        VarHandle.releaseFence();
        response(abi.response().messageSeqNumProcessed(), sequence);
    }

    private void response(int field, int value) {
        vram.writeInt(base + SharedArea.RESPONSE + field, value);
    }

    /** Tells the guest's frame-rate limit, where a version has a place for it. */
    void frameRateLimit(int framesPerSecond) {
        if (abi.response().frlConfig() >= 0) {
            response(abi.response().frlConfig(), framesPerSecond);
        }
    }

    /** A copy of the first bytes of the host's payload. */
    byte[] payload(int bytes) {
        return vram.segment().asSlice(base + SharedArea.MESSAGE, bytes).toArray(ValueLayout.JAVA_BYTE);
    }

    /** Answers with a payload. */
    void answer(byte[] payload) {
        MemorySegment.copy(
                MemorySegment.ofArray(payload), 0, vram.segment(), base + SharedArea.MESSAGE, payload.length);
    }

    /** Tells what the heads show. */
    void surfaces(List<GuestSurface> shown) {
        for (int head = 0; head < SharedArea.SURFACES; head++) {
            int number = head;
            GuestSurface surface =
                    shown.stream().filter(s -> s.head() == number).findFirst().orElse(null);
            long at = base
                    + SharedArea.RESPONSE
                    + abi.response().surfaces()
                    + (long) head * abi.surface().bytes();
            long sequence = ++surfaceSequences[head];
            vram.writeLong(at + Surface.SEQ_START, sequence);
            VarHandle.releaseFence();
            vram.segment()
                    .asSlice(
                            at + Surface.EFFECTIVE_FB_PAGE_SIZE, abi.surface().bytes() - Surface.EFFECTIVE_FB_PAGE_SIZE)
                    .fill((byte) 0);
            flag(at, abi.surface().headBlanked(), surface == null);
            if (surface != null) {
                surface(at, surface);
            }
            VarHandle.releaseFence();
            vram.writeLong(at + Surface.SEQ_END, sequence);
        }
    }

    private void surface(long at, GuestSurface surface) {
        SurfaceLayout layout = abi.surface();
        vram.writeInt(at + Surface.EFFECTIVE_FB_PAGE_SIZE, Surface.OFFSET_UNIT_BYTES);
        vram.writeInt(at + Surface.RECT_WIDTH, surface.width());
        vram.writeInt(at + Surface.RECT_HEIGHT, surface.height());
        vram.writeInt(at + Surface.SURFACE_WIDTH, surface.width());
        vram.writeInt(at + Surface.SURFACE_HEIGHT, surface.height());
        vram.writeInt(at + Surface.SURFACE_SIZE, (int) Math.min(surface.bytes(), MAX_SURFACE_INT));
        // CAST: 32 bits of 256 bytes reach further than any board's memory
        vram.writeInt(at + Surface.SURFACE_OFFSET, (int) (surface.offset() / Surface.OFFSET_UNIT_BYTES));
        vram.writeInt(at + Surface.SURFACE_FORMAT, surface.format());
        vram.writeInt(at + Surface.SURFACE_PITCH, surface.pitchBytes());
        vram.segment().set(ValueLayout.JAVA_BYTE, at + Surface.BLOCK_HEIGHT, (byte) surface.blockHeight());
        flag(at, layout.blockLinear(), surface.blockLinear());
    }

    // The flags are little-endian, so that the first byte of each is all that can be set.
    private void flag(long at, int offset, boolean set) {
        vram.segment().set(ValueLayout.JAVA_BYTE, at + offset, (byte) (set ? 1 : 0));
    }
}
