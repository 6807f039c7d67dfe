package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.disp.DisplayControl.Channel;
import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.disp.DisplayControl.PushBuffer;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.hw.chip.Chip;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies of controls, against the layouts of both firmware versions. Numbers are written out, not taken from tables. */
class GspControlTest {
    private final GspFixture fixture = new GspFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static byte[] garbage(int bytes) {
        byte[] params = new byte[bytes];
        new Random(bytes).nextBytes(params);
        return params;
    }

    private static byte[] words(int bytes, int... words) {
        WireStruct params = WireStruct.ofSize(bytes);
        for (int i = 0; i < words.length; i++) {
            params.put32(4 * i, words[i]);
        }
        return params.toByteArray();
    }

    @ParameterizedTest
    @CsvSource({
        "928, 1656, 0x158, 0x600, 0x640, 0x4ec, 0x4b4, 0x4c8",
        "664, 2168, 0x348, 0x828, 0x868, 0x71c, 0x6a4, 0x6d8"
    })
    void staticInfo_hasRegionsDirectoriesHandlesAndNames(
            int systemInfo,
            int bytes,
            String regions,
            String directories,
            String handles,
            String name,
            String engineCaps,
            String fbLength) {
        fixture.boot(systemInfo);
        long usable = FakeDriver.NON_WPR_HEAP - (2 << 20);

        WireStruct info = fixture.call(65, garbage(bytes)).body();

        int region = Integer.decode(regions);
        assertThat(info.length()).isEqualTo(bytes);
        assertThat(info.get32(region)).isEqualTo(2);
        assertThat(info.get64(region + 8)).isZero();
        assertThat(info.get64(region + 16)).isEqualTo(usable - 1);
        assertThat(info.get64(region + 24)).isZero();
        assertThat(info.get8(region + 36)).isEqualTo(1);
        assertThat(info.get8(region + 37)).isEqualTo(1);
        assertThat(info.get8(region + 38)).isZero();
        assertThat(info.get64(region + 56)).isEqualTo(usable);
        assertThat(info.get64(region + 64)).isEqualTo(FakeDriver.FB_BYTES - 1);
        assertThat(info.get64(region + 72)).as("reserved").isNotZero();
        assertThat(info.get64(Integer.decode(directories))).isEqualTo(usable);
        assertThat(info.get64(Integer.decode(directories) + 8)).isEqualTo(usable + 0x1000);
        assertThat(info.get32(Integer.decode(handles))).isEqualTo(0xc2000005);
        assertThat(info.get32(Integer.decode(handles) + 4)).isEqualTo(0xde1d0000);
        assertThat(info.get32(Integer.decode(handles) + 8)).isEqualTo(0x5d1d0000);
        assertThat(text(info, Integer.decode(name))).isEqualTo("NVIDIA L40");
        assertThat(info.get32(Integer.decode(engineCaps))).isEqualTo(1 << 1 | 1 << 9 | 1 << 10 | 1 << 11);
        assertThat(info.get64(Integer.decode(fbLength))).isEqualTo(FakeDriver.FB_BYTES);
        assertThat(info.get32(32)).as("length of the board's id").isEqualTo(16);
        assertThat(info.get64(36)).isNotZero();
    }

    @Test
    void oldStaticInfo_hasClusters() {
        fixture.boot(664);

        WireStruct info = fixture.call(65, new byte[2168]).body();

        assertThat(info.get32(0x124)).isEqualTo(0xfff);
        assertThat(info.get32(0x128 + 8 + 4)).isEqualTo(0x3f);
        assertThat(info.get32(0x128 + 8 * 11 + 4)).as("71 TPCs in 12 GPCs").isEqualTo(0x1f);
    }

    @Test
    void staticInfoAskedWithoutRoom_isLongEnoughAllTheSame() {
        fixture.boot(928);

        assertThat(fixture.call(65, new byte[0]).payload).hasSize(1656);
    }

    private static String text(WireStruct info, int offset) {
        byte[] bytes = info.part(offset, 64).toByteArray();
        int end = 0;
        while (bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.US_ASCII);
    }

    @Test
    void systemInfoOfUnknownSize_goesOnAsNewest() {
        fixture.boot(880);

        assertThat(fixture.call(65, new byte[2184]).payload).hasSize(2184);
        assertThat(fixture.internal(0x208001b0, garbage(1284)).get32(0)).isZero();
        assertThat(fixture.gsp.unknownControls()).isEmpty();
    }

    @Test
    void clusters_areThoseOfTheChip() {
        try (GspFixture small = new GspFixture(Chip.GA102)) {
            small.boot(928);
            assertThat(small.internal(0x20800137, new byte[4]).get32(0)).isEqualTo(0x7f);
            assertThat(small.internal(0x20800138, words(8, 6)).get32(4)).isEqualTo(0x1f);
            assertThat(small.internal(0x20800138, words(8, 7)).get32(4)).isZero();
            assertThat(small.internal(0x20800138, words(8, -1)).get32(4)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"928, 50, 84, 59, 73", "664, 49, 82, 58, 72"})
    void interruptTable_hasRowsOfEveryUnit(int systemInfo, int gsp, int gr0, int fault, int doorbell) {
        fixture.boot(systemInfo);

        WireStruct table = fixture.internal(0x20800a5c, garbage(2068));

        assertThat(row(table, gsp)).containsExactly(0, 155, -1);
        assertThat(row(table, 2)).containsExactly(0, 154, -1);
        assertThat(row(table, gr0)[2]).isZero();
        assertThat(row(table, 15)[2]).isEqualTo(10);
        assertThat(row(table, 16)[2]).isEqualTo(11);
        assertThat(row(table, 17)[2]).isEqualTo(12);
        assertThat(row(table, fault + 1)[1] / 64)
                .as("access counters lie in UVM's subtree")
                .isEqualTo(1);
        assertThat(row(table, doorbell)).containsExactly(0, 129, -1);
        assertThat(row(table, doorbell + 1)).containsExactly(0, 130, -1);
        assertThat(table.part(2052, 14).toByteArray()).containsExactly(-1, -1, 3, 3, 0, 0, -1, -1, -1, -1, 1, 1, 2, 2);
    }

    private static int[] row(WireStruct table, int engineIndex) {
        for (int i = 0; i < table.get32(0); i++) {
            int row = 4 + 16 * i;
            if ((table.get32(row) & 0xffff) == engineIndex) {
                return new int[] {table.get32(row + 4), table.get32(row + 8), table.get32(row + 12)};
            }
        }
        throw new AssertionError("No row for engine index " + engineIndex);
    }

    @ParameterizedTest
    @CsvSource({"928, 0x2d", "664, 0x2c"})
    void deviceInfoTable_listsEnginesAndNoRunlistOfTheSoftwareEngine(int systemInfo, String software) {
        fixture.boot(systemInfo);

        WireStruct table = fixture.internal(0x20801112, words(3212, 0));

        assertThat(table.get32(4)).isEqualTo(5);
        assertThat(table.get8(8)).isZero();
        int graphics = 12;
        assertThat(table.get32(graphics)).isEqualTo(0xd334df00);
        assertThat(table.get32(graphics + 8)).isEqualTo(1);
        assertThat(table.get32(graphics + 12)).isZero();
        assertThat(table.get32(graphics + 44)).isEqualTo(0x104000);
        assertThat(table.get32(graphics + 48)).isEqualTo(1);
        int copy1 = 12 + 200;
        assertThat(table.get32(copy1)).isEqualTo(0x793ceb01);
        assertThat(table.get32(copy1 + 8)).isEqualTo(10);
        assertThat(table.get32(copy1 + 12)).isEqualTo(1);
        assertThat(table.get32(copy1 + 40)).isEqualTo(1);
        assertThat(table.get32(copy1 + 44)).isEqualTo(0x104400);
        assertThat(new String(table.part(copy1 + 84, 3).toByteArray(), StandardCharsets.US_ASCII))
                .isEqualTo("CE1");
        int last = 12 + 400;
        assertThat(table.get32(last + 8)).isEqualTo(Integer.decode(software));
        assertThat(table.get32(last + 12)).isZero();
        assertThat(table.get32(last + 44)).isEqualTo(0x104000);
        assertThat(table.get32(last + 48)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"3, 2", "5, 0", "100, 0", "-1, 0", "2147483647, 0"})
    void deviceInfoTable_startsAtBaseIndex(int base, int entries) {
        fixture.boot(928);

        WireStruct table = fixture.internal(0x20801112, words(3212, base));

        assertThat(table.get32(4)).isEqualTo(entries);
        assertThat(table.get8(8)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"928, 1664, 26", "664, 1600, 25"})
    void contextBuffers_areNeverEmpty(int systemInfo, int bytes, int count) {
        fixture.boot(systemInfo);

        WireStruct reply = fixture.internal(0x20800a32, garbage(bytes));

        for (int i = 0; i < 2 * 8 * count; i++) {
            assertThat(reply.get32(4 * i)).isEqualTo(0x1000);
        }
        assertThat(reply.length()).isEqualTo(2 * 8 * 4 * count);
    }

    @ParameterizedTest
    @CsvSource({"928, 3712, 58", "664, 3392, 53"})
    void graphicsInfo_tellsVersionAndSubcontexts(int systemInfo, int bytes, int entries) {
        fixture.boot(systemInfo);

        WireStruct reply = fixture.internal(0x20800a2a, garbage(bytes));

        assertThat(reply.get32(8 * 0xc)).isEqualTo(0xc);
        assertThat(reply.get32(8 * 0xc + 4)).isEqualTo(0x809);
        assertThat(reply.get32(8 * 0xd + 4)).isEqualTo(48);
        assertThat(reply.get32(8 * 0x14 + 4)).isEqualTo(12);
        assertThat(reply.get32(8 * 0x2c + 4)).isEqualTo(64);
        assertThat(reply.get32(8 * 0x2e + 4)).isEqualTo(64);
        assertThat(reply.get32(8 * entries))
                .as("index of the second engine's first entry")
                .isZero();
        assertThat(reply.get32(8 * entries + 8)).isEqualTo(1);
        assertThat(reply.get32(8 * entries + 12)).isZero();
    }

    @Test
    void floorsweepingMasks_tellClusters() {
        fixture.boot(928);

        WireStruct reply = fixture.internal(0x20800a26, garbage(2368));

        assertThat(reply.get32(0)).isEqualTo(0xfff);
        assertThat(reply.get32(4)).isEqualTo(0x3f);
        assertThat(reply.get32(52)).isEqualTo(6);
        assertThat(reply.get32(52 + 44)).isEqualTo(5);
        assertThat(reply.get32(100)).isEqualTo(0xfff);
        assertThat(reply.get32(296)).as("second engine").isZero();
    }

    @Test
    void zcull_hasNoZeroInIt() {
        fixture.boot(928);

        WireStruct reply = fixture.internal(0x20801206, new byte[40]);

        for (int i = 0; i < 10; i++) {
            assertThat(reply.get32(4 * i)).isNotZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"928, 88, 12", "664, 92, 16"})
    void chipInfo_tellsIdsAndBases(int systemInfo, int bytes, int offset) {
        fixture.boot(systemInfo);

        WireStruct reply = fixture.internal(0x20800a36, garbage(bytes));

        assertThat(reply.get32(offset)).isEqualTo(0x26b510de);
        assertThat(reply.get32(offset + 4)).isEqualTo(0x169d10de);
        assertThat(reply.get32(offset + 8)).isEqualTo(0xa1);
        assertThat(reply.get32(offset + 12 + 4)).isEqualTo(0x400000);
        assertThat(reply.get32(offset + 12 + 8)).isEqualTo(0x9000);
        assertThat(reply.get32(offset + 12 + 16)).isEqualTo(0xbb0000);
    }

    @Test
    void barInfo_tellsSizesAndTheDriversAddresses() {
        byte[] info = new byte[928];
        WireStruct.over(info).put64(0, 0xfd000000L);
        WireStruct.over(info).put64(8, 0x38_0000_0000L);
        WireStruct.over(info).put64(16, 0x38_1000_0000L);
        fixture.boot(928);
        fixture.driver.send(72, info);

        WireStruct reply = fixture.internal(0x20801803, garbage(200));

        assertThat(reply.get32(4)).isEqualTo(3);
        assertThat(reply.get32(8 + 4)).isEqualTo(16);
        assertThat(reply.get64(8 + 16)).isEqualTo(0xfd000000L);
        assertThat(reply.get32(32 + 4)).isEqualTo(256);
        assertThat(reply.get64(32 + 8)).isEqualTo(256 << 20);
        assertThat(reply.get64(32 + 16)).isEqualTo(0x38_0000_0000L);
        assertThat(reply.get32(56 + 4)).isEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource({"928, 40, 8, 32, 36", "664, 56, 8, 36, 40"})
    void memorySystem_tellsCaches(int systemInfo, int bytes, int size, int caches, int slices) {
        fixture.boot(systemInfo);

        WireStruct reply = fixture.internal(0x20800a1c, garbage(bytes));

        assertThat(reply.get32(size)).isEqualTo(96 << 20);
        assertThat(reply.get32(caches)).isEqualTo(24);
        assertThat(reply.get32(slices)).isEqualTo(4);
    }

    @Test
    void smallNumbers_areWhatDriversNeed() {
        fixture.boot(928);

        assertThat(fixture.internal(0x20802a08, garbage(4)).get32(0)).isEqualTo(0x1000);
        assertThat(fixture.internal(0x20800a61, words(8, 1)).get32(4)).isEqualTo(2048);
        assertThat(fixture.internal(0x20800a4b, garbage(4)).get32(0)).isEqualTo(0x04040000);
        assertThat(fixture.internal(0x2080017e, garbage(8)).get64(0)).isZero();
    }

    @Test
    void name_isAsciiOrUtf16() {
        fixture.boot(928);

        assertThat(text(fixture.internal(0x20800110, words(132, 0)), 4)).isEqualTo("NVIDIA L40");
        byte[] wide = fixture.internal(0x20800110, words(132, 1)).part(4, 20).toByteArray();
        assertThat(new String(wide, StandardCharsets.UTF_16LE)).isEqualTo("NVIDIA L40");
    }

    @Test
    void gpuInfo_answersAsManyEntriesAsThereAre() {
        fixture.boot(928);

        WireStruct reply = fixture.internal(0x20800102, words(524, 3, 0x2c, 7, 0x34, 7, 0x1234, 7));

        assertThat(reply.get32(8)).isEqualTo(0x809);
        assertThat(reply.get32(16)).isEqualTo(1);
        assertThat(reply.get32(24)).isZero();
        fixture.internal(0x20800102, words(524, -1));
        fixture.internal(0x20800102, words(4, 64));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0x208001b0, 0x20800a40, 0x20800a41, 0x20800a22, 0x20800a1f, 0x2080013f, 0x20800aac, 0x00800294})
    void emptyTables_areZeroWhateverTheDriverSent(int command) {
        fixture.boot(928);

        WireStruct reply = fixture.internal(command, garbage(8204));

        assertThat(reply.toByteArray()).containsOnly(0);
    }

    @Test
    void unknownControl_isZeroedCountedAndNamed() {
        fixture.boot(928);

        assertThat(fixture.internal(0x20804711, garbage(64)).toByteArray()).containsOnly(0);
        fixture.internal(0x20804711, garbage(64));

        assertThat(fixture.gsp.unknownControls()).hasSize(1);
        assertThat(fixture.gsp.unknownControls()).allSatisfy((name, count) -> {
            assertThat(name).contains("NV2080").contains("0x20804711");
            assertThat(count).isEqualTo(2);
        });
    }

    @Test
    void legacyControl_isNotSupported() {
        fixture.boot(928);

        assertThat(fixture.controlStatus(GspFixture.INTERNAL_CLIENT, GspFixture.SUBDEVICE, 0x2080852e, garbage(528)))
                .isEqualTo(0x56);
    }

    @Test
    void controlOfNobody_isRefused() {
        fixture.boot(928);

        assertThat(fixture.controlStatus(0x1234, GspFixture.SUBDEVICE, 0x20800137, new byte[4]))
                .isEqualTo(0x23);
        assertThat(fixture.controlStatus(GspFixture.INTERNAL_CLIENT, 0x1234, 0x20800137, new byte[4]))
                .isEqualTo(0x33);
    }

    @Test
    void numbersOfTheOldRelease_meanWhatTheyMeantThere() {
        fixture.bootWithObjects(664);

        assertThat(fixture.internal(0x00730120, new byte[12]).get32(4)).isEqualTo(0x300);
        assertThat(fixture.internal(0x00730122, words(16, 0, 0, 0x300)).get32(8))
                .isEqualTo(0x200);
        assertThat(fixture.internal(0x00730126, words(16, 0, 0)).get32(12)).isEqualTo(0x200);
        assertThat(fixture.internal(0x20800a42, garbage(1284)).get32(0)).isZero();
        fixture.internal(0x20800ac3, words(40, 1));
        assertThat(fixture.host.enabled).as("20800ac3 saves a region there").isTrue();
        assertThat(fixture.gsp.unknownControls()).isEmpty();
    }

    @Test
    void toggleScheduling_stopsAndStartsAllChannels() {
        fixture.boot(928);

        fixture.internal(0x20800ac3, new byte[] {1});
        assertThat(fixture.host.enabled).isFalse();
        fixture.internal(0x20800ac3, new byte[] {0});
        assertThat(fixture.host.enabled).isTrue();
    }

    @Test
    void headsAndDisplays_areTheDisplaysOwn() {
        fixture.boot(928);

        assertThat(fixture.internal(0x20800a01, garbage(36)).get32(4)).isEqualTo(3);
        assertThat(fixture.internal(0x20800a01, garbage(36)).get32(12)).isEqualTo(1);
        assertThat(fixture.internal(0x00730102, new byte[12]).get32(8)).isEqualTo(1);
        assertThat(fixture.internal(0x00730287, new byte[8]).get32(4)).isEqualTo(1);
        assertThat(fixture.internal(0x00730107, new byte[12]).get32(4)).isEqualTo(0x300);
        assertThat(fixture.internal(0x00730107, new byte[12]).get32(8)).isEqualTo(0x300);
        assertThat(fixture.internal(0x00730108, words(16, 0, 0, 0x100)).get32(8))
                .isZero();
        assertThat(fixture.internal(0x00730108, words(16, 0, 0, 0x200)).get32(8))
                .isEqualTo(0x200);
        assertThat(fixture.internal(0x0073010c, words(16, 0, 0)).get32(12)).isEqualTo(0x200);
        assertThat(fixture.controlStatus(GspFixture.INTERNAL_CLIENT, GspFixture.SUBDEVICE, 0x0073010c, words(16, 0, 1)))
                .isEqualTo(0x1f);
    }

    @Test
    void outputsAndConnectors_areTheDisplaysOwn() {
        fixture.boot(928);

        WireStruct output = fixture.internal(0x0073028b, words(56, 0, 0x200));
        assertThat(output.get32(8)).isEqualTo(1);
        assertThat(output.get32(12)).isEqualTo(2);
        assertThat(output.get32(16)).isEqualTo(1);
        WireStruct connector = fixture.internal(0x00730250, words(72, 0, 0x200));
        assertThat(connector.get32(16)).isEqualTo(1);
        assertThat(connector.get32(20)).as("each display has its own").isEqualTo(1);
        assertThat(connector.get32(24)).isEqualTo(0x61);
        assertThat(fixture.internal(0x00730250, words(72, 0, 0x100)).get32(20)).isZero();
        assertThat(fixture.internal(0x00731140, words(16, 0, 0x200, -1)).get32(8))
                .isZero();
    }

    @Test
    void assignedSor_isMarkedAtItsPosition() {
        fixture.boot(928);

        WireStruct reply = fixture.internal(0x00731152, words(80, 0, 0x200));

        assertThat(reply.get32(0x28)).isZero();
        assertThat(reply.get32(0x30)).isEqualTo(0x200);
        assertThat(reply.get32(0x34)).isEqualTo(1);
        assertThat(reply.get32(0x1c)).isEqualTo(0x200);
    }

    @Test
    void edid_isTheMonitorsOrEmpty() {
        fixture.boot(928);

        WireStruct edid = fixture.internal(0x00730245, words(2064, 0, 0x200));

        assertThat(edid.get32(8)).isEqualTo(128);
        assertThat(edid.get8(16)).isEqualTo(1);
        assertThat(edid.get8(16 + 127)).isEqualTo(128);
        assertThat(fixture.internal(0x00730245, words(2064, 0, 0x100)).get32(8)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x0073028b, 0x00730250, 0x00730245, 0x00731152, 0x00731140})
    void controlOfNoDisplay_isRefused(int command) {
        fixture.boot(928);

        for (int display : new int[] {0, 1, 0x300, -1, 0x400}) {
            assertThat(fixture.controlStatus(
                            GspFixture.INTERNAL_CLIENT, GspFixture.SUBDEVICE, command, words(2064, 0, display)))
                    .isEqualTo(0x1f);
        }
    }

    @ParameterizedTest
    @CsvSource({"928, 56", "664, 40"})
    void pushBufferAndInstanceMemory_reachTheDisplay(int systemInfo, int bytes) {
        fixture.boot(systemInfo);
        WireStruct push = WireStruct.ofSize(bytes);
        push.put32(0, 1);
        push.put64(8, 0x2604000);
        push.put64(16, 0xfff);
        push.put32(28, 0xc67e);
        push.put32(32, 1);
        push.put8(36, 1);
        WireStruct instance = WireStruct.ofSize(24);
        instance.put64(0, 0x123000);
        instance.put64(8, 0x10000);
        instance.put32(16, 2);

        fixture.internal(0x20800a58, push.toByteArray());
        fixture.internal(0x20800a49, instance.toByteArray());

        assertThat(fixture.display.pushBuffers)
                .containsEntry(new Channel(ChannelKind.WINDOW, 1), new PushBuffer(0x2604000, true, 0x1000, true));
        assertThat(fixture.display.instanceMemory).isEqualTo("123000+10000");
    }

    @Test
    void pushBufferOfNoDisplayChannel_isRefused() {
        fixture.boot(928);
        WireStruct push = WireStruct.ofSize(56);
        push.put32(28, 0xc56f);

        assertThat(fixture.controlStatus(
                        GspFixture.INTERNAL_CLIENT, GspFixture.SUBDEVICE, 0x20800a58, push.toByteArray()))
                .isEqualTo(0x22);
    }

    @Test
    void everyControlOfABoot_isKnownAndSurvivesAnySize() {
        fixture.bootWithObjects(928);
        int[] commands = {
            0x20800a36, 0x20801112, 0x20801803, 0x20800a5c, 0x20800a61, 0x20802a08, 0x20800a2a, 0x20800a26, 0x20800a32,
            0x20800a41, 0x208001b0, 0x20800a40, 0x20800a1c, 0x20800a1f, 0x20800a22, 0x20800a3d, 0x20800a48, 0x20800301,
            0x20800af3, 0x20800aac, 0x20800afe, 0x20800a59, 0x20800a70, 0x20800a6c, 0x20800a80, 0x20802609, 0x20802a05,
            0x20802a06, 0x20802a0d, 0x20802a0f, 0x2080017e, 0x20800a9f, 0x20800a2c, 0x20800a2e, 0x20800a30, 0x20800a34,
            0x20800a3f, 0x2080012b, 0x2080013f, 0x402c0101, 0x20800a38, 0x20800aff, 0x20800a4b, 0x20800a01, 0x20800ac6,
            0x20800a49, 0x20800110, 0x20800102, 0x00800294, 0x2080014b, 0x20800157, 0x20800133, 0x2080012f, 0x20800a4c,
            0x208f1105, 0x00730102, 0x00730107, 0x00730108, 0x00730287, 0x00731365, 0x20800ac2, 0x20801206, 0x20800137,
            0x20800138
        };
        for (int command : commands) {
            for (int size : new int[] {0, 1, 4, 7, 64, 9000}) {
                fixture.controlStatus(GspFixture.INTERNAL_CLIENT, GspFixture.SUBDEVICE, command, garbage(size));
            }
        }
        assertThat(fixture.gsp.unknownControls()).isEmpty();
        assertThat(Arrays.stream(commands).distinct().count()).isEqualTo(commands.length);
    }
}
