package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.PollSet;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeavesNothing.class)
class VfioUserClientTest {
    private final FakeFunction function = new FakeFunction();
    private final UnixSocket.Pair sockets = UnixSocket.pair();
    private final VfioUserServer server =
            VfioUserServer.builder(function).connectedFd(sockets.second()).build();
    private final VfioUserClient client = connect();

    private VfioUserClient connect() {
        server.start();
        return VfioUserClient.over(sockets.first());
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
        function.close();
    }

    @Test
    void describesTheDevice() {
        assertThat(client.describe()).isEqualTo(new VfioUserClient.Description(true, true, 9, 5));
        assertThat(client.region(PciFunction.ROM_REGION)).isEqualTo(Region.readOnly(FakeFunction.ROM_SIZE));
        assertThat(client.region(FakeFunction.ABSENT)).isEqualTo(Region.ABSENT);
        assertThat(client.interruptCount(InterruptKind.MSIX)).isEqualTo(2048);
        assertThat(client.interruptFlags(InterruptKind.INTX)).isEqualTo(7);
    }

    @Test
    void scalarsAreReadAndWrittenAndPosted() {
        client.writeInt(FakeFunction.BAR0, 0x10, 0x1234_5678);
        client.writeLong(FakeFunction.BAR0, 0x21, 0x0102_0304_0506_0708L);
        client.postInt(FakeFunction.BAR0, 0x14, -2);

        assertThat(client.readInt(FakeFunction.BAR0, 0x10)).isEqualTo(0x1234_5678);
        assertThat(client.readLong(FakeFunction.BAR0, 0x10)).isEqualTo(0xffff_fffe_1234_5678L);
        assertThat(client.readLong(FakeFunction.BAR0, 0x21)).isEqualTo(0x0102_0304_0506_0708L);
    }

    @Test
    void largeTransfersAreSplit() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate((3 << 20) + 5);
            MemorySegment back = arena.allocate((3 << 20) + 5);
            for (long i = 0; i < data.byteSize(); i += 4096) {
                data.set(ValueLayout.JAVA_BYTE, i, (byte) (i >> 12));
            }
            function.calls.clear();
            function.recordAccesses = true;

            client.write(FakeFunction.BAR1, 3, data, 0, data.byteSize());
            client.read(FakeFunction.BAR1, 3, back, 0, back.byteSize());

            assertThat(back.mismatch(data)).isEqualTo(-1);
            assertThat(function.calls).hasSize(8).contains("write 1 3 1048576", "write 1 3145731 5");
        }
    }

    @Test
    void refusalsCarryTheErrno() {
        assertThatThrownBy(() -> client.readInt(FakeFunction.BAR0, 4096))
                .isInstanceOfSatisfying(
                        VfioUserException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL.number()))
                .hasMessage("REGION_READ failed: EINVAL (the server refused)");
        assertThatThrownBy(() -> client.unmap(0, 4096)).hasMessageContaining("ENOENT");
        assertThat(client.describe().pci()).isTrue();
    }

    @Test
    void memoryIsMappedAndUnmapped() {
        try (Fd file = Memfd.ofFixedSize("client", 8192)) {
            client.map(0x1000, file, 4096, 4096, true);
            client.mapUnreachable(0xe000_0000L, 4096);

            function.memory().writeInt(0x1000, 99);

            assertThat(function.memory().readInt(0x1000)).isEqualTo(99);
            assertThatThrownBy(() -> function.memory().readInt(0xe000_0000L)).isInstanceOf(DmaFault.class);
            client.unmap(0x1000, 4096);
            client.unmap(0xe000_0000L, 4096);
            assertThatThrownBy(() -> function.memory().readInt(0x1000)).isInstanceOf(DmaFault.class);
        }
    }

    @Test
    void interruptsOfAnyNumberAreBoundMaskedFiredAndTakenBack() {
        List<EventFd> events = Stream.generate(EventFd::create).limit(40).toList();

        client.bindInterrupts(InterruptKind.MSIX, 100, events);
        function.interrupts().message(139);
        client.triggerInterrupt(InterruptKind.MSIX, 100);
        client.unbindInterrupts(InterruptKind.MSIX, 101, 1);
        boolean unbound = !function.interrupts().trigger(InterruptKind.MSIX, 101);
        client.disableInterrupts(InterruptKind.MSIX);
        boolean disabled = !function.interrupts().trigger(InterruptKind.MSIX, 100);

        assertThat(events.get(39).drain()).isEqualTo(1);
        assertThat(events.get(0).drain()).isEqualTo(1);
        assertThat(unbound).isTrue();
        assertThat(disabled).isTrue();
        events.forEach(EventFd::close);
    }

    @Test
    void someVectorsOfARangeAreMaskedAndFired() {
        List<EventFd> events = Stream.generate(EventFd::create).limit(3).toList();
        client.bindInterrupts(InterruptKind.MSIX, 7, events);

        client.act(InterruptAction.TRIGGER, InterruptKind.MSIX, 7, new boolean[] {true, false, true});
        List<Long> fired = events.stream().map(EventFd::drain).toList();
        client.act(InterruptAction.MASK, InterruptKind.MSIX, 7, 2);
        for (int vector = 7; vector < 10; vector++) {
            function.interrupts().message(vector);
        }
        List<Long> masked = events.stream().map(EventFd::drain).toList();
        client.act(InterruptAction.UNMASK, InterruptKind.MSIX, 7, new boolean[] {false, true, true});
        List<Long> unmasked = events.stream().map(EventFd::drain).toList();

        assertThat(fired).containsExactly(1L, 0L, 1L);
        assertThat(masked).containsExactly(0L, 0L, 1L);
        assertThat(unmasked).containsExactly(0L, 1L, 0L);
        events.forEach(EventFd::close);
    }

    @Test
    void lineIsMaskedByEventfd() {
        try (EventFd line = EventFd.create();
                EventFd mask = EventFd.create()) {
            client.bindInterrupts(InterruptKind.INTX, 0, List.of(line));
            client.maskLineBy(mask);
            mask.signal();
            client.describe();
            function.interrupts().line(true);

            assertThat(line.drain()).isZero();
        }
    }

    @Test
    void severalWritesArePostedWhetherTheServerTakesThemTogetherOrNot() {
        UnixSocket.Pair pair = UnixSocket.pair();
        try (FakeFunction other = new FakeFunction();
                VfioUserServer together = VfioUserServer.builder(other)
                        .connectedFd(pair.second())
                        .writeMultiple(true)
                        .build()) {
            together.start();
            List<RegionWrite> writes = IntStream.range(0, 450)
                    .mapToObj(i -> new RegionWrite(FakeFunction.BAR0, 8L * i, 0x0102_0304_0506_0700L + i, 1 + i % 8))
                    .toList();
            try (VfioUserClient otherClient = VfioUserClient.over(pair.first())) {
                otherClient.postAll(writes);
                client.postAll(writes);

                assertThat(otherClient.readLong(FakeFunction.BAR0, 8 * 447)).isEqualTo(0x0102_0304_0506_0700L + 447);
                assertThat(client.readInt(FakeFunction.BAR0, 0)).isEqualTo(0);
                assertThat(function.contents(FakeFunction.BAR0).mismatch(other.contents(FakeFunction.BAR0)))
                        .isEqualTo(-1);
            }
        }
    }

    @Test
    void lineIsUnmaskedByMessageAndByEventfd() {
        try (EventFd line = EventFd.create();
                EventFd unmask = EventFd.create();
                PollSet set = new PollSet(1)) {
            client.bindInterrupts(InterruptKind.INTX, 0, List.of(line));
            client.unmaskLineBy(unmask);
            function.interrupts().line(true);
            long first = line.drain();
            client.maskInterrupt(InterruptKind.INTX, 0, false);
            long second = line.drain();
            unmask.signal();
            set.set(0, line.fd());
            int third = set.await(20_000);

            assertThat(first).isEqualTo(1);
            assertThat(second).isEqualTo(1);
            assertThat(third).isEqualTo(1);
        }
    }

    @Test
    void resetReachesTheFunction() {
        client.reset();

        assertThat(function.calls).containsExactly("reset", "reset");
    }

    @Test
    void serverThatHasGoneIsReported() {
        server.close();

        assertThatThrownBy(client::describe)
                .isInstanceOfSatisfying(
                        VfioUserException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ECONNRESET.number()));
    }

    @Test
    void serverThatAsksSomethingIsLeft() throws Exception {
        UnixSocket.Pair pair = UnixSocket.pair();
        try (RawClient peer = new RawClient(pair.second())) {
            CompletableFuture<VfioUserException> failure = CompletableFuture.supplyAsync(() -> failureOf(pair.first()));
            peer.receiveExactly(16);
            peer.send(Bytes.message(
                    1, RawClient.DMA_READ, 0, Bytes.of().u64(0).u64(4).get()));

            assertThat(failure.get(20, TimeUnit.SECONDS).errno()).isEqualTo(Errno.EPROTO.number());
        }
    }

    @Test
    void serverOfANewerMinorIsLeft() throws Exception {
        UnixSocket.Pair pair = UnixSocket.pair();
        try (RawClient peer = new RawClient(pair.second())) {
            CompletableFuture<VfioUserException> failure = CompletableFuture.supplyAsync(() -> failureOf(pair.first()));
            int id = Short.toUnsignedInt(Bytes.little(peer.receiveExactly(16)).getShort());
            peer.send(Bytes.message(
                    id, RawClient.VERSION, 1, Bytes.of().u16(0).u16(1).get()));

            assertThat(failure.get(20, TimeUnit.SECONDS)).hasMessageContaining("unknown version");
        }
    }

    private static VfioUserException failureOf(Fd connected) {
        try {
            VfioUserClient.over(connected).close();
            throw new AssertionError("The client accepted the server");
        } catch (VfioUserException e) {
            return e;
        }
    }
}
