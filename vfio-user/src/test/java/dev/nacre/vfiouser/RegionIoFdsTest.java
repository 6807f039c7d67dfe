package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.GET_REGION_IO_FDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.IoEventFd;
import dev.nacre.pci.Region;
import dev.nacre.vfiouser.RawClient.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class RegionIoFdsTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void thereAreNone() {
        Reply reply = served.client.call(
                GET_REGION_IO_FDS, Bytes.of().u32(1 << 20, 0, 1, 0).get());

        assertThat(reply.errno()).isZero();
        assertThat(reply.body()).isEqualTo(Bytes.of().u32(16, 0, 1, 0).get());
    }

    @ParameterizedTest
    @CsvSource({"16, 1, 0, 0", "16, 0, 0, 1", "15, 0, 0, 0", "1048577, 0, 0, 0", "16, 0, 9, 0", "16, 0, 2, 0"})
    void badRequestIsRefused(long argsz, long flags, long index, long count) {
        Reply reply = served.client.call(
                GET_REGION_IO_FDS, Bytes.of().u32(argsz, flags, index, count).get());

        assertThat(reply.errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @Test
    void wrongLengthIsRefused() {
        Reply reply =
                served.client.call(GET_REGION_IO_FDS, Bytes.of().u32(16, 0, 0).get());

        assertThat(reply.errno()).isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    /** A region with doorbells. */
    @Nested
    class Doorbells {
        private final FakeFunction function = new FakeFunction();
        private final List<EventFd> events =
                Stream.generate(EventFd::create).limit(17).toList();
        private final List<Fd> passed = new ArrayList<>();

        @AfterEach
        void closeEvents() {
            passed.forEach(Fd::close);
            events.forEach(EventFd::close);
        }

        private Served serve(IoEventFd... bells) {
            function.replace(0, Region.readWrite(4096).withDoorbells(List.of(bells)));
            return Served.negotiated(function);
        }

        private Reply ask(Served server, long argsz) {
            return server.client.callTaking(
                    passed, GET_REGION_IO_FDS, Bytes.of().u32(argsz, 0, 0, 0).get());
        }

        @Test
        void sixAreReturnedAndWorkBothWays() {
            IoEventFd[] bells = new IoEventFd[6];
            for (int i = 0; i < 6; i++) {
                bells[i] = IoEventFd.at(8L * i, 4, events.get(i));
            }
            try (Served server = serve(bells)) {
                Reply reply = ask(server, 16 + 6 * 40);

                assertThat(reply.body()).hasSize(256);
                assertThat(reply.little().getInt(0)).isEqualTo(256);
                assertThat(reply.little().getInt(12)).isEqualTo(6);
                assertThat(passed).hasSize(6);
                for (int i = 0; i < 6; i++) {
                    assertThat(reply.little().getLong(16 + 40 * i)).isEqualTo(8L * i);
                    assertThat(reply.little().getInt(16 + 40 * i + 16)).isEqualTo(i);
                    EventFd theirs = EventFd.adopt(passed.get(i).duplicate());
                    theirs.signal();
                    assertThat(events.get(i).drain()).isEqualTo(1);
                    events.get(i).signal();
                    assertThat(theirs.drain()).isEqualTo(1);
                    theirs.close();
                }
            }
        }

        @Test
        void entryCarriesAllFields() {
            IoEventFd bell = new IoEventFd(0x20, 8, events.get(0), IoEventFd.DATAMATCH | IoEventFd.PIO, -3);
            try (Served server = serve(bell)) {
                assertThat(ask(server, 1000).body())
                        .isEqualTo(Bytes.of()
                                .u32(56, 0, 0, 1)
                                .u64(0x20)
                                .u64(8)
                                .u32(0, 0, 3, 0)
                                .u64(-3)
                                .get());
            }
        }

        @ParameterizedTest
        @ValueSource(longs = {16, 17, 95})
        void tooLittleRoomTellsWhatIsNeeded(long argsz) {
            try (Served server = serve(IoEventFd.at(0, 4, events.get(0)), IoEventFd.at(4, 4, events.get(1)))) {
                assertThat(ask(server, argsz).body())
                        .isEqualTo(Bytes.of().u32(96, 0, 0, 2).get());
                assertThat(passed).isEmpty();
            }
        }

        @Test
        void sharedDescriptorIsPassedOnce() {
            IoEventFd[] bells = new IoEventFd[8];
            for (int i = 0; i < 8; i++) {
                bells[i] = IoEventFd.matching(0, 4, events.get(i == 7 ? 2 : i), i);
            }
            try (Served server = serve(bells)) {
                Reply reply = ask(server, 1000);

                assertThat(passed).hasSize(7);
                assertThat(reply.little().getInt(16 + 40 * 7 + 16)).isEqualTo(2);
            }
        }

        @Test
        void doorbellWithoutDescriptorHasNoIndex() {
            try (Served server = serve(new IoEventFd(0, 4, null, 0, 0))) {
                Reply reply = ask(server, 1000);

                assertThat(passed).isEmpty();
                assertThat(reply.little().getInt(16 + 16)).isEqualTo(-1);
            }
        }

        @Test
        void moreDescriptorsThanTheClientTakesAreRefused() {
            IoEventFd[] bells = new IoEventFd[17];
            for (int i = 0; i < 17; i++) {
                bells[i] = IoEventFd.at(8L * i, 4, events.get(i));
            }
            try (Served server = serve(bells)) {
                assertThat(ask(server, 1000).errno()).isEqualTo(Errno.E2BIG.number());
                server.client.assertUsable();
            }
        }
    }
}
