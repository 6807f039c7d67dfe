package dev.nacre.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.InterruptKind;
import dev.nacre.vfiouser.VfioUserClient;
import dev.nacre.vfiouser.VfioUserServer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The bench device as its client sees it: through a socket, without ever writing to configuration space. */
class ServedBenchDeviceTest {
    private static final long IOVA = 0x1_0000_0000L;
    private static final long GUEST_BYTES = 64 << 20;

    private final UnixSocket.Pair pair = UnixSocket.pair();
    private final BenchDevice device = new BenchDevice();
    private final VfioUserServer server =
            VfioUserServer.builder(device).connectedFd(pair.second()).build();
    private VfioUserClient client;

    @BeforeEach
    void connect() {
        server.start();
        client = VfioUserClient.over(pair.first());
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        device.close();
    }

    @Test
    void describesItselfAsTheClientExpects() {
        assertThat(client.describe()).isEqualTo(new VfioUserClient.Description(true, true, 9, 5));
        assertThat(client.interruptCount(InterruptKind.MSIX)).isEqualTo(8);
        assertThat(client.readInt(BenchRegisters.BAR_REGISTERS, BenchRegisters.ID))
                .isEqualTo(0x48434e42);
    }

    @Test
    void postedWritesComeInOrder() {
        for (int i = 0; i < 1000; i++) {
            client.postInt(BenchRegisters.BAR_REGISTERS, BenchRegisters.SCRATCH, i);
        }

        assertThat(client.readInt(BenchRegisters.BAR_REGISTERS, BenchRegisters.SCRATCH))
                .isEqualTo(999);
    }

    @Test
    void mebibytesGoThroughInOneMessage() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(1 << 20).fill((byte) 0x5a);
            MemorySegment in = arena.allocate(1 << 20);

            client.write(BenchRegisters.BAR_MEMORY, 0, out, 0, out.byteSize());
            client.read(BenchRegisters.BAR_MEMORY, 0, in, 0, in.byteSize());

            assertThat(in.mismatch(out)).isEqualTo(-1);
        }
    }

    @Test
    void doorbellsSignalTheirEventfdsWithTheTimeInGuestMemory() {
        try (Fd ram = Memfd.ofFixedSize("bench-ram", GUEST_BYTES);
                Mapping mapping = Mapping.map(ram, 0, GUEST_BYTES, Mapping.Access.READ);
                EventFd zero = EventFd.create();
                EventFd one = EventFd.create()) {
            client.map(IOVA, ram, 0, GUEST_BYTES, true);
            client.bindInterrupts(InterruptKind.MSIX, 0, List.of(zero, one));
            client.writeLong(BenchRegisters.BAR_REGISTERS, BenchRegisters.STAMP_IOVA, IOVA + 4096);
            long before = System.nanoTime();

            client.writeInt(BenchRegisters.BAR_REGISTERS, BenchRegisters.DOORBELL, 1);

            assertThat(one.drain()).isEqualTo(1);
            assertThat(zero.drain()).isZero();
            assertThat(mapping.segment().get(ValueLayout.JAVA_LONG, 4096)).isBetween(before, System.nanoTime());
            client.unmap(IOVA, GUEST_BYTES);
        }
    }

    @Test
    void copiesReachTheClientsMemory() {
        try (Fd ram = Memfd.ofFixedSize("bench-ram", GUEST_BYTES);
                Mapping mapping = Mapping.map(ram, 0, GUEST_BYTES, Mapping.Access.READ_WRITE)) {
            client.map(IOVA, ram, 0, GUEST_BYTES, true);
            mapping.segment().asSlice(0, 1 << 20).fill((byte) 3);

            copy(BenchRegisters.Copy.FROM_GUEST, IOVA);
            copy(BenchRegisters.Copy.TO_GUEST, IOVA + (32 << 20));

            MemorySegment first = mapping.segment().asSlice(0, 1 << 20);
            assertThat(mapping.segment().asSlice(32 << 20, 1 << 20).mismatch(first))
                    .isEqualTo(-1);
        }
    }

    private void copy(BenchRegisters.Copy copy, long iova) {
        int bar = BenchRegisters.BAR_REGISTERS;
        client.writeLong(bar, BenchRegisters.COPY_IOVA, iova);
        client.writeLong(bar, BenchRegisters.COPY_BYTES, 1 << 20);
        client.writeInt(bar, BenchRegisters.COPY_REPETITIONS, 2);
        client.writeInt(bar, BenchRegisters.COPY_GO, copy.number());
        assertThat(client.readInt(bar, BenchRegisters.COPY_STATUS)).isZero();
    }
}
