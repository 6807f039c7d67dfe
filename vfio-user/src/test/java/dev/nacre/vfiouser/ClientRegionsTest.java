package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.LyingServer.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.IoEventFd;
import dev.nacre.pci.Region;
import dev.nacre.pci.RegionMapping;
import dev.nacre.pci.RegionMapping.Area;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions, their mappings and their doorbells from a client's side, with an honest server and with others. */
@ExtendWith(LeavesNothing.class)
class ClientRegionsTest {
    private static final int MAPPED = 1;
    private static final long SIZE = 0x4000;

    private final Fd file = Memfd.ofFixedSize("client-region", 0x10000);
    private final FakeFunction function = new FakeFunction();

    @AfterEach
    void close() {
        file.close();
    }

    /** An honest server of the function, and its client. */
    private record Pair(VfioUserServer server, VfioUserClient client, FakeFunction function) implements AutoCloseable {
        @Override
        public void close() {
            client.close();
            server.close();
            function.close();
        }
    }

    private Pair serve() {
        UnixSocket.Pair sockets = UnixSocket.pair();
        VfioUserServer server =
                VfioUserServer.builder(function).connectedFd(sockets.second()).build();
        server.start();
        return new Pair(server, VfioUserClient.over(sockets.first(), LyingServer.patient()), function);
    }

    @Test
    void areasAreMappedAndTheRestIsNot() {
        List<Area> areas = List.of(new Area(0x1000, 0x1000), new Area(0x3000, 0x1000));
        function.replace(MAPPED, Region.readWrite(SIZE).mappedBy(new RegionMapping(file, 0x8000, areas)));
        try (Pair pair = serve();
                MappedRegion mapped = pair.client.mapRegion(MAPPED).orElseThrow();
                Mapping view = Mapping.map(file, 0, 0x10000, Mapping.Access.READ_WRITE)) {
            mapped.segment(0x3010, 4).orElseThrow().set(ValueLayout.JAVA_INT, 0, 42);

            assertThat(view.segment().get(ValueLayout.JAVA_INT, 0x8000 + 0x3010))
                    .isEqualTo(42);
            assertThat(mapped.areas()).isEqualTo(areas);
            assertThat(mapped.segment(0x1000, 0x1000)).isPresent();
            assertThat(mapped.segment(0, 4)).isEmpty();
            assertThat(mapped.segment(0x1ffe, 4)).isEmpty();
            assertThat(mapped.segment(0x1000, -1)).isEmpty();
            assertThat(pair.client.region(MAPPED).size()).isEqualTo(SIZE);
        }
    }

    @Test
    void wholeRegionIsMapped() {
        function.replace(MAPPED, Region.readOnly(SIZE).mappedBy(new RegionMapping(file, 0, List.of())));
        try (Pair pair = serve();
                MappedRegion mapped = pair.client.mapRegion(MAPPED).orElseThrow()) {
            assertThat(mapped.segment(0, SIZE))
                    .hasValueSatisfying(all -> assertThat(all.isReadOnly()).isTrue());
        }
    }

    @Test
    void mappingOutlivesTheClientUntilItIsClosed() {
        function.replace(MAPPED, Region.readWrite(SIZE).mappedBy(new RegionMapping(file, 0, List.of())));
        MappedRegion mapped;
        try (Pair pair = serve()) {
            mapped = pair.client.mapRegion(MAPPED).orElseThrow();
        }
        MemorySegment segment = mapped.segment(0, 4).orElseThrow();
        segment.set(ValueLayout.JAVA_INT, 0, 1);

        mapped.close();

        assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_INT, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void regionWithoutMappingHasNone() {
        try (Pair pair = serve()) {
            assertThat(pair.client.mapRegion(0)).isEmpty();
            assertThat(pair.client.region(0)).isEqualTo(Region.readWrite(4096));
            assertThat(pair.client.doorbells(0)).isEmpty();
        }
    }

    @Test
    void doorbellsRingAtTheDevice() {
        try (EventFd one = EventFd.create();
                EventFd two = EventFd.create()) {
            function.replace(
                    0,
                    Region.readWrite(4096)
                            .withDoorbells(List.of(
                                    IoEventFd.at(0, 4, one),
                                    IoEventFd.matching(8, 8, two, -1),
                                    IoEventFd.at(16, 0, one),
                                    new IoEventFd(32, 4, null, 0, 0))));
            try (Pair pair = serve()) {
                List<IoEventFd> bells = pair.client.doorbells(0);

                assertThat(bells).hasSize(4);
                assertThat(bells.get(0).event()).isSameAs(bells.get(2).event()).isNotNull();
                assertThat(bells.get(3).event()).isNull();
                assertThat(bells.get(1).datamatch()).isEqualTo(-1);
                EventFd theirs = bells.get(1).event();
                assertThat(theirs).isNotNull().satisfies(EventFd::signal);
                assertThat(two.drain()).isEqualTo(1);
                bells.stream().map(IoEventFd::event).filter(Objects::nonNull).forEach(EventFd::close);
            }
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        function.replace(MAPPED, Region.readWrite(SIZE).mappedBy(new RegionMapping(file, 0, List.of())));
        long before = OpenFds.count();
        try (Pair pair = serve()) {
            for (int i = 0; i < 10; i++) {
                pair.client.mapRegion(MAPPED).orElseThrow().close();
            }
        }

        assertThat(OpenFds.count()).isEqualTo(before);
        assertThat(OpenFds.mappingsOf("client-region")).isZero();
    }

    private static byte[] info(long argsz, int flags, int index, long capOffset) {
        return Bytes.of().u32(argsz, flags, index, capOffset).u64(SIZE).u64(0).get();
    }

    @ParameterizedTest
    @CsvSource({"31, 1", "0, 1", "65537, 1", "4294967295, 1", "32, 0"})
    void senselessFirstAnswerIsRefused(long argsz, int index) {
        try (LyingServer lying = LyingServer.connect()) {
            CompletableFuture<Region> call = lying.call(client -> client.region(MAPPED));
            lying.answer(info(argsz, 3, index, 0));

            assertThat(failureOf(call).errno()).isEqualTo(Errno.EPROTO.number());
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Where the capability is, its id, where the next is, number of areas, offset, size
        "0x1f, 1, 0, 1, 0, 0x1000",
        "0x31, 1, 0, 1, 0, 0x1000",
        "0xffffffff, 1, 0, 1, 0, 0x1000",
        "32, 1, 0, 2, 0, 0x1000",
        "32, 1, 0, 0xffffffff, 0, 0x1000",
        "32, 2, 32, 1, 0, 0x1000",
        "32, 2, 0x31, 1, 0, 0x1000",
        "32, 1, 0, 1, 0x4000, 0x1000",
        "32, 1, 0, 1, 0, 0x800",
        "32, 1, 0, 1, 0x1000, -4096",
        "32, 1, 0, 1, -4096, 0x2000"
    })
    void senselessCapabilityIsRefused(String at, int id, String next, String areas, String offset, String size)
            throws Exception {
        long before = OpenFds.count();
        try (LyingServer lying = LyingServer.connect()) {
            CompletableFuture<Region> call = lying.call(client -> client.region(MAPPED));
            lying.answer(info(64, 3 | 4, MAPPED, 0));
            byte[] answer = Bytes.of()
                    .raw(info(64, 3 | 4 | 8, MAPPED, Long.decode(at)))
                    .u16(id)
                    .u16(1)
                    .u32(Long.decode(next), Long.decode(areas), 0)
                    .u64(Long.decode(offset))
                    .u64(Long.decode(size))
                    .get();
            lying.answer(answer, file);

            assertThat(failureOf(call).errno()).isEqualTo(Errno.EPROTO.number());
        }
        assertThat(OpenFds.count()).isEqualTo(before);
    }

    @Test
    void mappingWithoutDescriptorOrBeyondItsFileIsRefused() {
        try (LyingServer lying = LyingServer.connect();
                LyingServer other = LyingServer.connect();
                Fd small = Memfd.ofFixedSize("small", 0x1000)) {
            CompletableFuture<Region> without = lying.call(client -> client.region(MAPPED));
            lying.answer(info(32, 3 | 4, MAPPED, 0));
            CompletableFuture<Region> beyond = other.call(client -> client.region(MAPPED));
            other.answer(info(32, 3 | 4, MAPPED, 0), small);

            assertThat(failureOf(without)).hasMessageContaining("no descriptor");
            assertThat(failureOf(beyond)).hasMessageContaining("beyond its file");
        }
    }

    @Test
    void wholeRegionWithoutCapabilityIsMappedByTheFirstReplysDescriptor() {
        try (LyingServer lying = LyingServer.connect()) {
            CompletableFuture<Region> call = lying.call(client -> client.region(MAPPED));
            lying.answer(info(32, 3 | 4, MAPPED, 0), file);

            assertThat(call.join().mapping()).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1, 4, 0", "0, 16, 0", "0, 4, 4", "-1, 3, 0", "0, 4, 1, 5000000000"})
    void senselessDoorbellIsRefused(String entry) throws Exception {
        String[] fields = entry.split(", ");
        long before = OpenFds.count();
        try (LyingServer lying = LyingServer.connect();
                EventFd event = EventFd.create()) {
            CompletableFuture<List<IoEventFd>> call = lying.call(client -> client.doorbells(0));
            lying.answer(Bytes.of().u32(56, 0, 0, 1).get());
            byte[] answer = Bytes.of()
                    .u32(56, 0, 0, 1)
                    .u64(0)
                    .u64(fields.length > 3 ? Long.parseLong(fields[3]) : Long.parseLong(fields[1]))
                    .u32(Integer.parseInt(fields[0]), 0, Integer.parseInt(fields[2]), 0)
                    .u64(0)
                    .get();
            lying.answer(answer, event.fd());

            assertThat(failureOf(call).errno()).isEqualTo(Errno.EPROTO.number());
        }
        assertThat(OpenFds.count()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource({"56, 2", "4294967295, 1", "16, 1", "4294967295, 4294967295"})
    void senselessCountOfDoorbellsIsRefused(long argsz, long count) {
        try (LyingServer lying = LyingServer.connect()) {
            CompletableFuture<List<IoEventFd>> call = lying.call(client -> client.doorbells(0));
            lying.answer(Bytes.of().u32(argsz, 0, 0, count).get());

            assertThat(failureOf(call).errno()).isEqualTo(Errno.EPROTO.number());
        }
    }
}
