package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Fd;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import dev.nacre.vfiouser.RawClient.Reply;
import dev.nacre.vfiouser.RawClient.Request;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server that asks for memory by message, and a scripted client that answers as a test says. */
final class DmaPeer implements AutoCloseable {
    static final long RAM = 0x1_0000_0000L;
    static final long RAM_SIZE = 1 << 22;

    /** A thread for each transfer: the common pool may have but one. */
    private static final Executor THREADS =
            transfer -> Thread.ofPlatform().daemon().start(transfer);

    final Served served;
    final RawClient main;
    final @Nullable RawClient twin;
    final GuestMemory memory;

    private DmaPeer(Served served, @Nullable RawClient twin) {
        this.served = served;
        this.main = served.client;
        this.twin = twin;
        this.memory = served.function.memory();
    }

    /** Connects, with a second socket or without. */
    static DmaPeer connect(boolean withTwin, int maxDataBytes) {
        Served served = Served.silent(new FakeFunction(), builder -> builder.messageDma(true));
        String json = "{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":" + maxDataBytes
                + (withTwin ? ",\"twin_socket\":{\"supported\":true}" : "") + "}}\0";
        List<Fd> passed = new ArrayList<>();
        Reply reply = served.client.callTaking(
                passed, RawClient.VERSION, Bytes.of().u32(0).text(json).get());
        assertThat(reply.errno()).isZero();
        assertThat(passed).hasSize(withTwin ? 1 : 0);
        return new DmaPeer(served, withTwin ? new RawClient(passed.getFirst()) : null);
    }

    /** Connects and maps memory without a file. */
    static DmaPeer withMemory(boolean withTwin, int maxDataBytes) {
        DmaPeer peer = connect(withTwin, maxDataBytes);
        peer.map(RAM, RAM_SIZE, 3);
        return peer;
    }

    void map(long iova, long size, int flags, Fd... file) {
        byte[] map = Bytes.of().u32(32, flags).u64(0).u64(iova).u64(size).get();
        assertThat(main.call(RawClient.DMA_MAP, map, file).errno()).isZero();
    }

    byte[] unmapRequest(long iova, long size) {
        return Bytes.of().u32(24, 0).u64(iova).u64(size).get();
    }

    /** Where DMA messages come. */
    RawClient dma() {
        return twin == null ? main : twin;
    }

    /** Reads on a thread of the device's. */
    CompletableFuture<byte[]> read(long iova, int count) {
        return CompletableFuture.supplyAsync(
                () -> {
                    byte[] bytes = new byte[count];
                    memory.read(iova, MemorySegment.ofArray(bytes), 0, count);
                    return bytes;
                },
                THREADS);
    }

    /** Writes on a thread of the device's. */
    CompletableFuture<Void> write(long iova, byte[] bytes) {
        return CompletableFuture.runAsync(
                () -> memory.write(iova, MemorySegment.ofArray(bytes), 0, bytes.length), THREADS);
    }

    /** The fault that a transfer ended with. */
    static DmaFault faultOf(CompletableFuture<?> transfer) throws Exception {
        return transfer.handle((done, failure) -> failure == null ? null : failure.getCause())
                .thenApply(DmaFault.class::cast)
                .get(20, TimeUnit.SECONDS);
    }

    /** Answers a read with these bytes. */
    void give(Request request, byte[] bytes) {
        dma().answer(request, Bytes.of().raw(request.body()).raw(bytes).get());
    }

    /** Confirms a write. */
    void take(Request request) {
        dma().answer(request, Arrays.copyOf(request.body(), 16));
    }

    @Override
    public void close() {
        if (twin != null) {
            twin.close();
        }
        served.close();
    }
}
