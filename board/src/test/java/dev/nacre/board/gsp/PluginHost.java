package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.gsp.GspVersion;
import java.nio.charset.StandardCharsets;

/** The host's side of one plugin, written from the description of the shared area. */
final class PluginHost {
    static final long HEAP_BYTES = 0x280000;
    private static final int MARKER = 0x4e654a6f;
    private static final long HEAPS = 32L << 20;

    final VgpuFixture board;
    final int gfid;
    final long heap;
    private final boolean newer;
    private int sequence;

    PluginHost(VgpuFixture board, int gfid) {
        this.board = board;
        this.gfid = gfid;
        this.heap = HEAPS + (gfid - 1) * HEAP_BYTES;
        this.newer = board.version == GspVersion.R570_144;
    }

    int dbdf() {
        return VgpuFixture.PF_ADDRESS + VgpuFixture.FIRST_VF + gfid - 1;
    }

    long memory() {
        return (gfid - 1) * FakeGuests.SEGMENT;
    }

    int at(int newerOffset, int olderOffset) {
        return newer ? newerOffset : olderOffset;
    }

    /** Sound parameters. */
    WireStruct parameters() {
        WireStruct params = WireStruct.ofSize(at(6616, 6496));
        params.put32(0, dbdf());
        params.put32(4, gfid);
        params.put32(8, 869);
        params.put32(12, 1000 + gfid);
        params.put32(0x14, 64);
        params.put32(0x18, 1);
        for (int engine : new int[] {1, 9, 10}) {
            params.put32(0x1c + 4 * engine, (gfid - 1) * 64);
        }
        params.put32(at(0x170, 0x118), 1);
        params.put64(at(0x178, 0x120), memory());
        params.put64(at(0xd78, 0xd20), FakeGuests.SEGMENT);
        params.put64(at(0x1978, 0x1920), heap);
        params.put64(at(0x1980, 0x1928), HEAP_BYTES);
        params.put64(at(0x1990, 0x1938), heap + 0x204000);
        params.put64(at(0x1998, 0x1940), 0x20000);
        params.put64(at(0x19a0, 0x1948), heap + 0x224000);
        params.put64(at(0x19a8, 0x1950), 0x40000);
        if (newer) {
            params.put64(0x19b0, heap + 0x264000);
            params.put64(0x19b8, 0x10000);
        }
        return params;
    }

    int bootloadStatus(WireStruct parameters) {
        return board.status(VgpuFixture.BOOTLOAD, parameters.toByteArray());
    }

    /** Starts the plugin, waits for it, and agrees with it on the regions. */
    PluginHost bootload() {
        assertThat(bootloadStatus(parameters())).isZero();
        VgpuFixture.await("marker of " + gfid, () -> read(8) == MARKER);
        regions();
        return this;
    }

    /** Says where the regions are. */
    void regions() {
        write(0, 1);
        board.vram.writeLong(heap + 0x10, 0x1000);
        board.vram.writeLong(heap + 0x18, 0x2000);
        board.vram.writeLong(heap + 0x20, 0x3000);
        board.vram.writeLong(heap + 0x28, 0x203000);
    }

    /** A sound configuration. */
    WireStruct configuration() {
        WireStruct config = WireStruct.ofSize(at(112, 88));
        config.put(0, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, (byte) gfid});
        config.put32(0x10, dbdf());
        config.put32(0x18, 0xc1d00000 + gfid);
        config.put32(0x1c, 869);
        config.put32(0x20, 1000 + gfid);
        config.put32(0x28, 64);
        config.put32(0x2c, 1);
        config.put64(0x40, 4096);
        return config;
    }

    /** As {@link #bootload}, and makes the virtual GPU. */
    PluginHost running() {
        bootload();
        assertThat(message(1, new byte[8])).isZero();
        assertThat(message(2, configuration().toByteArray())).isZero();
        return this;
    }

    /** Sends a message and gives its result. */
    int message(int type, byte[] payload) {
        send(type, payload);
        return result();
    }

    void send(int type, byte[] payload) {
        for (int i = 0; i < payload.length; i++) {
            board.vram.segment().set(java.lang.foreign.ValueLayout.JAVA_BYTE, heap + 0x2000 + i, payload[i]);
        }
        write(4, type);
        write(8, ++sequence);
        board.gsp.pluginDoorbell(gfid);
    }

    int result() {
        VgpuFixture.await("answer of " + gfid, () -> read(0x1000 + at(4, 0)) == sequence);
        if (newer) {
            assertThat(read(0x1000)).isEqualTo(sequence);
        }
        return read(0x1000 + at(8, 4));
    }

    /** The answer's payload. */
    int payload(int offset) {
        return read(0x2000 + offset);
    }

    int read(int offset) {
        return board.vram.readInt(heap + offset);
    }

    void write(int offset, int value) {
        board.vram.writeInt(heap + offset, value);
    }

    /** A log's text. */
    String log(int offset, int bytes) {
        byte[] text =
                board.vram.segment().asSlice(heap + offset, bytes).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        return new String(text, StandardCharsets.US_ASCII).replace("\0", "");
    }

    String vgpuLog() {
        return log(0x224000, 0x40000);
    }

    String initLog() {
        return log(0x204000, 0x20000);
    }

    int shutDown() {
        return board.status(VgpuFixture.SHUTDOWN, VgpuFixture.words(gfid));
    }

    /** Tells it to end, and waits until it has: the call itself waits some milliseconds only. */
    void end() {
        assertThat(shutDown()).isZero();
        board.awaitNotice(gfid, VgpuFixture.NOTIFY_SHUT_DOWN);
    }

    int cleanUp() {
        return board.status(VgpuFixture.CLEANUP, VgpuFixture.words(gfid));
    }
}
