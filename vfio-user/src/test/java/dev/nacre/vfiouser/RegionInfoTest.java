package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.RawClient.EINVAL;
import static dev.nacre.vfiouser.RawClient.GET_REGION_INFO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.FileStat;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.Region;
import dev.nacre.pci.RegionMapping;
import dev.nacre.pci.RegionMapping.Area;
import dev.nacre.vfiouser.RawClient.Reply;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeavesNothing.class)
class RegionInfoTest {
    private final Served served = Served.negotiated();

    @AfterEach
    void close() {
        served.close();
    }

    @ParameterizedTest
    @CsvSource({"0, 3, 4096", "1, 3, 4194304", "2, 0, 0", "4, 2, 16", "6, 1, 8192", "7, 3, 4096", "8, 0, 0"})
    void eachRegionHasItsSizeAndAccess(int index, int flags, long size) {
        Reply reply = served.client.call(GET_REGION_INFO, request(32, index));

        assertThat(reply.errno()).isZero();
        assertThat(reply.body())
                .isEqualTo(Bytes.of().u32(32, flags, index, 0).u64(size).u64(0).get());
    }

    @Test
    void moreRoomChangesNothing() {
        Reply exact = served.client.call(GET_REGION_INFO, request(32, 0));
        Reply more = served.client.call(GET_REGION_INFO, request(0xffff_ffffL, 0));

        assertThat(more.body()).isEqualTo(exact.body());
    }

    @ParameterizedTest
    @CsvSource({"32, 9", "32, 4294967295", "31, 0", "8, 0", "0, 0"})
    void badIndexOrTooLittleRoomIsRefused(long argsz, long index) {
        assertThat(served.client.call(GET_REGION_INFO, request(argsz, index)).errno())
                .isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16, 31, 33})
    void wrongLengthIsRefused(int length) {
        assertThat(served.client
                        .call(GET_REGION_INFO, Arrays.copyOf(request(32, 0), length))
                        .errno())
                .isEqualTo(EINVAL);
        served.client.assertUsable();
    }

    private static byte[] request(long argsz, long index) {
        return Bytes.of().u32(argsz, 0, index, 0).u64(0).u64(0).get();
    }

    /** Regions that can be mapped. */
    @Nested
    class Mapped {
        private static final long SIZE = 0x4000;

        private final Fd file = Memfd.ofFixedSize("region", 0x10000);
        private final FakeFunction function = new FakeFunction();
        private final List<Fd> passed = new ArrayList<>();

        @AfterEach
        void closeFile() {
            passed.forEach(Fd::close);
            file.close();
        }

        private Reply ask(Served server, long argsz) {
            return server.client.callTaking(passed, GET_REGION_INFO, request(argsz, 1));
        }

        private Served serve(long offset, Area... areas) {
            function.replace(1, Region.readWrite(SIZE).mappedBy(new RegionMapping(file, offset, List.of(areas))));
            return Served.negotiated(function);
        }

        @ParameterizedTest
        @ValueSource(longs = {32, 33, 79})
        void tooLittleRoomTellsWhatIsNeeded(long argsz) {
            try (Served server = serve(0x8000, new Area(0, 0x1000), new Area(0x3000, 0x1000))) {
                Reply reply = ask(server, argsz);

                assertThat(reply.body())
                        .isEqualTo(Bytes.of()
                                .u32(32 + 16 + 2 * 16, 3 | 4, 1, 0)
                                .u64(SIZE)
                                .u64(0x8000)
                                .get());
                assertThat(passed).isEmpty();
            }
        }

        @ParameterizedTest
        @ValueSource(longs = {80, 81, 0xffff_ffffL})
        void enoughRoomGivesTheAreasAndTheFile(long argsz) {
            try (Served server = serve(0x8000, new Area(0x3000, 0x1000), new Area(0, 0x1000))) {
                Reply reply = ask(server, argsz);

                assertThat(reply.body())
                        .isEqualTo(Bytes.of()
                                .u32(80, 3 | 4 | 8, 1, 32)
                                .u64(SIZE)
                                .u64(0x8000)
                                .u16(1)
                                .u16(1)
                                .u32(0, 2, 0)
                                .u64(0)
                                .u64(0x1000)
                                .u64(0x3000)
                                .u64(0x1000)
                                .get());
                assertThat(passed).hasSize(1);
                assertThat(FileStat.of(passed.getFirst()).isSameFile(FileStat.of(file)))
                        .isTrue();
            }
        }

        @Test
        void wholeRegionIsOneArea() {
            try (Served server = serve(0)) {
                Reply reply = ask(server, 64);

                assertThat(reply.little().getInt(0)).isEqualTo(64);
                assertThat(reply.little().getInt(40)).isEqualTo(1);
                assertThat(reply.little().getLong(48)).isZero();
                assertThat(reply.little().getLong(56)).isEqualTo(SIZE);
                assertThat(passed).hasSize(1);
            }
        }

        @Test
        void otherRegionsHaveNoCapabilities() {
            try (Served server = serve(0)) {
                assertThat(server.client.call(GET_REGION_INFO, request(1000, 0)).body())
                        .isEqualTo(Bytes.of().u32(32, 3, 0, 0).u64(4096).u64(0).get());
            }
        }

        @Test
        void clientThatTakesNoDescriptorsCannotMap() {
            function.replace(1, Region.readWrite(SIZE).mappedBy(new RegionMapping(file, 0, List.of())));
            try (Served server = Served.silent(function, builder -> builder)) {
                server.client.call(
                        RawClient.VERSION,
                        Bytes.of()
                                .u32(0)
                                .text("{\"capabilities\":{\"max_msg_fds\":0}}\0")
                                .get());

                assertThat(ask(server, 1000).body())
                        .isEqualTo(Bytes.of().u32(32, 3, 1, 0).u64(SIZE).u64(0).get());
            }
        }

        @Test
        void requestWithoutReplyPassesNothingToTheNextOne() {
            try (Served server = serve(0)) {
                server.client.post(GET_REGION_INFO, request(64, 1));
                server.client.assertUsable();
            }
        }

        @Test
        void readsAndWritesStillWork() {
            try (Served server = serve(0)) {
                byte[] write = Bytes.of().u64(0x10).u32(1, 4).u32(99).get();
                assertThat(server.client.call(RawClient.REGION_WRITE, write).errno())
                        .isZero();
                assertThat(function.contents(1).get(ValueLayout.JAVA_INT, 0x10)).isEqualTo(99);
            }
        }

        @Test
        void fileThatTheModelHasClosedIsTheModelsFailure() {
            try (Served server = serve(0)) {
                file.close();

                assertThat(ask(server, 64).errno()).isEqualTo(Errno.EIO.number());
                server.client.assertUsable();
            }
        }

        @Test
        void answersLeaveNoDescriptorsOpen() throws Exception {
            try (Served server = serve(0)) {
                long before = OpenFds.count();
                for (int i = 0; i < 50; i++) {
                    ask(server, 64);
                }
                assertThat(OpenFds.count()).isEqualTo(before + 50);
            }
        }
    }
}
