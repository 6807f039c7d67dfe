package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.disp.DisplayControl.Channel;
import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.gsp.FakeDriver.Message;
import dev.nacre.board.host.ChannelControl;
import dev.nacre.board.host.ChannelControl.MemoryRef;
import dev.nacre.board.rm.WireStruct;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects: where they may hang, what they make of host and display, what is freed with them. */
class GspObjectTest {
    private static final int CLIENT = GspFixture.CLIENT;
    private static final int DEVICE = GspFixture.DEVICE;
    private static final int SUBDEVICE = GspFixture.SUBDEVICE;
    private static final int VA_SPACE = GspFixture.VA_SPACE;

    private final GspFixture fixture = new GspFixture();

    @BeforeEach
    void boot() {
        fixture.bootWithObjects(928);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private int channel(int handle, int parent, byte[] params) {
        return fixture.alloc(CLIENT, parent, handle, 0xc56f, params);
    }

    private ChannelControl.Request onlyChannel() {
        return fixture.host.channels.values().iterator().next();
    }

    private static byte[] pageDirectory(long address, int flags, int vaSpace) {
        WireStruct params = WireStruct.ofSize(32);
        params.put64(0, address);
        params.put32(8, 4);
        params.put32(12, flags);
        params.put32(16, vaSpace);
        return params.toByteArray();
    }

    @Test
    void everyClassOfABoot_canBeAllocated() {
        channel(0xf1f00001, DEVICE, GspFixture.channelParams(368, 0x200100, 1));
        assertThat(fixture.alloc(CLIENT, 0xf1f00001, 1, 0xc997, new byte[0])).isZero();
        assertThat(fixture.alloc(CLIENT, 0xf1f00001, 2, 0xc9c0, new byte[0])).isZero();
        assertThat(fixture.alloc(CLIENT, 0xf1f00001, 3, 0xc7b5, new byte[8])).isZero();
        assertThat(fixture.alloc(CLIENT, 0xf1f00001, 4, 0x902d, new byte[0])).isZero();
        assertThat(fixture.alloc(CLIENT, 0xf1f00001, 5, 0xa140, new byte[0])).isZero();
        assertThat(fixture.alloc(CLIENT, DEVICE, 6, 0x73, new byte[0])).isZero();
        assertThat(fixture.alloc(CLIENT, SUBDEVICE, 7, 0x7e, new byte[24])).isZero();
        assertThat(fixture.alloc(CLIENT, SUBDEVICE, 8, 0x5, new byte[24])).isZero();
        assertThat(fixture.alloc(CLIENT, SUBDEVICE, 9, 0xc561, new byte[0])).isZero();
        assertThat(fixture.alloc(CLIENT, DEVICE, 10, 0xc770, new byte[0])).isZero();
        assertThat(fixture.alloc(CLIENT, DEVICE, 11, 0xa06c, new byte[20])).isZero();
        assertThat(fixture.alloc(CLIENT, 11, 12, 0x9067, new byte[12])).isZero();
        assertThat(fixture.alloc(CLIENT, DEVICE, 13, 0xc36f, GspFixture.channelParams(368, 0x200200, 1)))
                .isZero();
        assertThat(fixture.alloc(0x77, 0, 0x99, 0x41, new byte[120])).isZero();
        assertThat(fixture.alloc(0x77, 0x77, 0x80, 0x80, new byte[56]))
                .as("the client's handle is that of the record")
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0xc597, 0x22", // a class of another chip
        "0xdead, 0x22"
    })
    void unknownClass_isRefusedAndCounted(String rmClass, String status) {
        int number = Integer.decode(rmClass);

        Message reply = fixture.call(103, FakeDriver.alloc(CLIENT, DEVICE, 1, number, new byte[0]));

        assertThat(reply.body().get32(16)).isEqualTo(Integer.decode(status));
        assertThat(reply.result).as("some drivers look here only").isEqualTo(Integer.decode(status));
        assertThat(fixture.gsp.unknownControls()).containsEntry("class " + Integer.toHexString(number), 1L);
    }

    @Test
    void objectUnderWrongParent_isRefused() {
        assertThat(fixture.alloc(CLIENT, CLIENT, 1, 0x2080, new byte[4])).isEqualTo(0x36);
        assertThat(fixture.alloc(CLIENT, DEVICE, 1, 0xc7b5, new byte[8])).isEqualTo(0x36);
        assertThat(fixture.alloc(CLIENT, DEVICE, 1, 0xc77d, new byte[40])).isEqualTo(0x36);
        assertThat(fixture.alloc(CLIENT, 0x4321, 1, 0x90f1, new byte[48])).isEqualTo(0x36);
        assertThat(fixture.alloc(0x4321, 0x4321, 1, 0x80, new byte[56])).isEqualTo(0x23);
    }

    @Test
    void handleZero_leavesTheChoiceToTheFirmware() {
        Message first = fixture.call(103, FakeDriver.alloc(CLIENT, DEVICE, 0, 0x90f1, new byte[48]));
        Message second = fixture.call(103, FakeDriver.alloc(CLIENT, DEVICE, 0, 0x90f1, new byte[48]));

        assertThat(first.body().get32(16)).isZero();
        assertThat(first.body().get32(8)).isNotZero();
        assertThat(second.body().get32(8)).isNotZero().isNotEqualTo(first.body().get32(8));
    }

    @Test
    void usedHandle_isRefused() {
        assertThat(fixture.alloc(CLIENT, DEVICE, VA_SPACE, 0x90f1, new byte[48]))
                .isEqualTo(0x19);
        assertThat(fixture.alloc(CLIENT, CLIENT, CLIENT, 0, new byte[120])).isEqualTo(0x19);
    }

    @Test
    void allocThatPromisesMoreParametersThanItHas_isRefused() {
        byte[] payload = FakeDriver.alloc(CLIENT, DEVICE, 1, 0x90f1, new byte[48]);
        WireStruct.over(payload).put32(20, 0x7fffffff);

        assertThat(fixture.call(103, payload).body().get32(16)).isEqualTo(0x3a);
    }

    @Test
    void parametersThatTheLengthLeavesOut_areTakenFromTheElementAndGoBackInIt() {
        byte[] payload =
                FakeDriver.alloc(CLIENT, DEVICE, 0xf1f00007, 0xc56f, GspFixture.channelParams(360, 0x200700, 10));
        fixture.driver.record(103, payload, 32 + 32);
        fixture.ring();

        Message reply = fixture.driver.receive();

        assertThat(reply.length).isEqualTo(64);
        assertThat(reply.body().get32(16)).isZero();
        assertThat(WireStruct.over(reply.raw).get64(0x50 + 32 + 8)).isEqualTo(0x11000);
        assertThat(WireStruct.over(reply.raw).get32(0x50 + 32 + 128)).isEqualTo(10);
        assertThat(onlyChannel().channelId()).isEqualTo(7);
        assertThat(onlyChannel().rmEngineType()).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"368, 0x200120, 1, 1", "360, 0x200020, 9, 0", "368, 0x3ff7a0, 9, 4095"})
    void channel_hasTheIdOfItsFlags(int bytes, String flags, int engine, int id) {
        int status = channel(0xf1f00001, DEVICE, GspFixture.channelParams(bytes, Integer.decode(flags), engine));

        if (id < 2048) {
            assertThat(status).isZero();
            ChannelControl.Request request = onlyChannel();
            assertThat(request.channelId()).isEqualTo(id);
            assertThat(request.rmEngineType()).isEqualTo(engine);
            assertThat(request.gpFifoAddress()).isEqualTo(0x11000);
            assertThat(request.gpFifoEntries()).isEqualTo(1024);
            assertThat(request.userd()).isEqualTo(new MemoryRef(0x8000, false));
            assertThat(request.instanceBlock()).isEqualTo(new MemoryRef(0x379e8000L, false));
        } else {
            assertThat(status).isEqualTo(0x21);
        }
    }

    @Test
    void channelWhoseIdIsLeftToTheFirmware_getsAFreeOneAndItsToken() {
        channel(0xa1, DEVICE, GspFixture.channelParams(368, 0x200100, 1));
        channel(0xa2, DEVICE, GspFixture.channelParams(368, 0, 1));
        channel(0xa3, DEVICE, GspFixture.channelParams(368, 0, 1));

        assertThat(fixture.control(CLIENT, 0xa2, 0xc36f0108, new byte[] {-1, -1, -1, -1})
                        .get32(0))
                .isEqualTo(0x20002);
        assertThat(fixture.control(CLIENT, 0xa3, 0xc36f0108, new byte[4]).get32(0))
                .isEqualTo(0x20003);
        fixture.free(CLIENT, 0xa2);
        channel(0xa4, DEVICE, GspFixture.channelParams(368, 0, 1));
        assertThat(fixture.control(CLIENT, 0xa4, 0xc36f0108, new byte[4]).get32(0))
                .isEqualTo(0x20002);
    }

    @Test
    void channelThatTheHostRefuses_isRefused() {
        assertThat(channel(0xa1, DEVICE, GspFixture.channelParams(368, 0x200100, 99)))
                .isEqualTo(0x21);
        assertThat(fixture.free(CLIENT, 0xa1)).isEqualTo(0x57);
    }

    @Test
    void userdGivenAsBareAddress_isUsed() {
        byte[] params = GspFixture.channelParams(368, 0x200100, 1);
        WireStruct raw = WireStruct.over(params);
        raw.put64(168, 0);
        raw.put64(176, 0);
        raw.put32(32, 0x9000_0000);
        raw.put64(64, 0x2000);

        channel(0xa1, DEVICE, params);

        assertThat(onlyChannel().userd()).isEqualTo(new MemoryRef(0x9000_2000L, false));
    }

    @Test
    void pageDirectory_followsTheAddressSpace() {
        channel(0xa1, DEVICE, GspFixture.channelParams(368, 0x200100, 1));
        ChannelControl.Request request = onlyChannel();
        assertThat(request.pageDirectory().getAsLong()).isEqualTo(ChannelControl.NO_PAGE_DIRECTORY);

        fixture.control(CLIENT, DEVICE, 0x00801813, pageDirectory(0x379c1000, 0, VA_SPACE));
        assertThat(request.pageDirectory().getAsLong()).isEqualTo(0x379c1000);

        WireStruct unset = WireStruct.ofSize(8);
        unset.put32(0, VA_SPACE);
        fixture.control(CLIENT, DEVICE, 0x00801814, unset.toByteArray());
        assertThat(request.pageDirectory().getAsLong()).isEqualTo(ChannelControl.NO_PAGE_DIRECTORY);
    }

    @Test
    void pageDirectoryByFunction_isTheSame() {
        channel(0xa1, DEVICE, GspFixture.channelParams(368, 0x200100, 1));
        WireStruct payload = WireStruct.ofSize(48);
        payload.put32(0, CLIENT);
        payload.put32(4, DEVICE);
        payload.put(16, pageDirectory(0x1234000, 8, VA_SPACE));

        assertThat(fixture.call(54, payload.toByteArray()).result).isZero();
        assertThat(onlyChannel().pageDirectory().getAsLong()).isEqualTo(0x1234000);

        WireStruct unset = WireStruct.ofSize(16);
        unset.put32(0, CLIENT);
        unset.put32(4, DEVICE);
        unset.put32(8, VA_SPACE);
        assertThat(fixture.call(79, unset.toByteArray()).result).isZero();
        assertThat(onlyChannel().pageDirectory().getAsLong()).isEqualTo(ChannelControl.NO_PAGE_DIRECTORY);
        payload.put32(4, 0x999);
        assertThat(fixture.call(54, payload.toByteArray()).result).isEqualTo(0x33);
    }

    @Test
    void pageDirectoryInSystemMemory_isLeftToTheInstanceBlock() {
        channel(0xa1, DEVICE, GspFixture.channelParams(368, 0x200100, 1));

        fixture.control(CLIENT, DEVICE, 0x00801813, pageDirectory(0x379c1000, 1, VA_SPACE));

        assertThat(onlyChannel().pageDirectory().getAsLong()).isEqualTo(ChannelControl.NO_PAGE_DIRECTORY);
    }

    @Test
    void sharedRoot_servesUntilADirectoryIsGiven() {
        channel(0xa1, DEVICE, GspFixture.channelParams(368, 0x200100, 1));
        WireStruct levels = WireStruct.ofSize(184);
        levels.put32(32, 3);
        levels.put64(40, 0x5555000);
        levels.put32(56, 1);

        WireStruct reply = fixture.control(CLIENT, VA_SPACE, 0x90f10106, levels.toByteArray());
        assertThat(reply.toByteArray()).isEqualTo(levels.toByteArray());
        assertThat(onlyChannel().pageDirectory().getAsLong()).isEqualTo(0x5555000);

        fixture.control(CLIENT, DEVICE, 0x00801813, pageDirectory(0x379c1000, 0, VA_SPACE));
        assertThat(onlyChannel().pageDirectory().getAsLong()).isEqualTo(0x379c1000);
        assertThat(fixture.controlStatus(CLIENT, DEVICE, 0x90f10106, levels.toByteArray()))
                .isEqualTo(0x31);
    }

    @Test
    void channelInAGroup_inheritsEngineAndAddressSpace() {
        WireStruct group = WireStruct.ofSize(20);
        group.put32(8, VA_SPACE);
        group.put32(12, 11);
        fixture.alloc(CLIENT, DEVICE, 0x6c, 0xa06c, group.toByteArray());
        byte[] params = GspFixture.channelParams(368, 0x200100, 0);
        WireStruct.over(params).put32(28, 0);
        channel(0xa1, 0x6c, params);
        fixture.control(CLIENT, DEVICE, 0x00801813, pageDirectory(0x379c1000, 0, VA_SPACE));

        fixture.control(CLIENT, 0x6c, 0xa06c0101, new byte[] {1, 0});

        assertThat(onlyChannel().rmEngineType()).isEqualTo(11);
        assertThat(onlyChannel().pageDirectory().getAsLong()).isEqualTo(0x379c1000);
        assertThat(fixture.host.scheduled.values()).containsExactly(true);
    }

    @Test
    void channelWithoutAddressSpace_hasTheDevicesDefault() {
        byte[] params = GspFixture.channelParams(368, 0x200100, 1);
        WireStruct.over(params).put32(28, 0);
        channel(0xa1, DEVICE, params);

        fixture.control(CLIENT, DEVICE, 0x00801813, pageDirectory(0x777000, 0, 0));

        assertThat(onlyChannel().pageDirectory().getAsLong()).isEqualTo(0x777000);
        assertThat(fixture.controlStatus(CLIENT, DEVICE, 0x00801813, pageDirectory(0x777000, 0, 0x4444)))
                .isEqualTo(0x33);
    }

    @Test
    void bindAndSchedule_reachTheHost() {
        channel(0xa1, DEVICE, GspFixture.channelParams(368, 0x200100, 1));

        fixture.control(CLIENT, 0xa1, 0xa06f0104, new byte[] {9, 0, 0, 0});
        fixture.control(CLIENT, 0xa1, 0xa06f0103, new byte[] {1, 0});

        assertThat(fixture.host.bound.values()).containsExactly(9);
        assertThat(fixture.host.scheduled.values()).containsExactly(true);
        assertThat(fixture.controlStatus(CLIENT, 0xa1, 0xa06f0104, new byte[] {99, 0, 0, 0}))
                .isEqualTo(0x1f);
        assertThat(fixture.controlStatus(CLIENT, DEVICE, 0xa06f0103, new byte[2]))
                .isEqualTo(0x31);
        assertThat(fixture.controlStatus(CLIENT, DEVICE, 0xa06f0104, new byte[4]))
                .isEqualTo(0x31);
        assertThat(fixture.controlStatus(CLIENT, DEVICE, 0xc36f0108, new byte[4]))
                .isEqualTo(0x31);
        assertThat(fixture.controlStatus(CLIENT, DEVICE, 0xa06c0101, new byte[2]))
                .isEqualTo(0x31);
    }

    @Test
    void freeingAClient_endsAllChannelsUnderIt() {
        channel(0xa1, DEVICE, GspFixture.channelParams(368, 0x200100, 1));
        channel(0xa2, DEVICE, GspFixture.channelParams(368, 0x200200, 9));
        fixture.alloc(CLIENT, DEVICE, 0xc770, 0xc770, new byte[0]);
        fixture.alloc(CLIENT, 0xc770, 0xc77d, 0xc77d, new byte[40]);

        assertThat(fixture.free(CLIENT, CLIENT)).isZero();

        assertThat(fixture.host.channels).isEmpty();
        assertThat(fixture.display.freed).containsExactly(new Channel(ChannelKind.CORE, 0));
        assertThat(fixture.free(CLIENT, DEVICE)).isEqualTo(0x23);
        assertThat(fixture.alloc(CLIENT, CLIENT, CLIENT, 0, new byte[120])).isZero();
    }

    @Test
    void freeOfNothing_fails_butItsRecordSucceeds() {
        Message reply = fixture.call(10, FakeDriver.free(CLIENT, 0x4444));

        assertThat(reply.body().get32(12)).isEqualTo(0x57);
        assertThat(reply.result).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0xc77d, 40, CORE, 0x100",
        "0xc67e, 32, WINDOW, 0x100",
        "0xc67b, 40, WINDOW_IMMEDIATE, 0x100",
        "0xc67a, 16, CURSOR, 0"
    })
    void displayChannel_startsAtItsOffset(String rmClass, int bytes, ChannelKind kind, String offset) {
        fixture.alloc(CLIENT, DEVICE, 0xc770, 0xc770, new byte[0]);
        WireStruct params = WireStruct.ofSize(bytes);
        params.put32(0, 1);
        params.put32(12, 0x100);

        assertThat(fixture.alloc(CLIENT, 0xc770, 1, Integer.decode(rmClass), params.toByteArray()))
                .isZero();

        assertThat(fixture.display.channels).containsEntry(new Channel(kind, 1), Integer.decode(offset));
        assertThat(fixture.alloc(CLIENT, 0xc770, 2, Integer.decode(rmClass), params.toByteArray()))
                .as("somebody has it")
                .isEqualTo(0x1f);
        fixture.free(CLIENT, 1);
        assertThat(fixture.alloc(CLIENT, 0xc770, 2, Integer.decode(rmClass), params.toByteArray()))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, -1, Integer.MAX_VALUE})
    void impossibleDisplayChannel_isRefused(int instance) {
        fixture.alloc(CLIENT, DEVICE, 0xc770, 0xc770, new byte[0]);
        WireStruct params = WireStruct.ofSize(40);
        params.put32(0, instance);

        assertThat(fixture.alloc(CLIENT, 0xc770, 1, 0xc67e, params.toByteArray()))
                .isEqualTo(0x1f);
    }

    @Test
    void memoryOfASuspend_isDescribedAndFreed() {
        WireStruct payload = WireStruct.ofSize(56 + 8 * 3);
        payload.put32(0, CLIENT);
        payload.put32(4, DEVICE);
        payload.put32(8, 0xcaf00003);
        payload.put32(12, 0x81);
        payload.put32(0x28, 3);

        assertThat(fixture.call(4, payload.toByteArray()).result).isZero();
        assertThat(fixture.call(4, payload.toByteArray()).result).isEqualTo(0x19);
        assertThat(fixture.free(CLIENT, 0xcaf00003)).isZero();
        payload.put32(12, 0x2080);
        assertThat(fixture.call(4, payload.toByteArray()).result).isEqualTo(0x22);
    }

    @Test
    void duplicateOfAnAddressSpace_isTheSameForItsChannels() {
        fixture.alloc(0x77, 0, 0x77, 0, new byte[120]);
        fixture.alloc(0x77, 0x77, 0x80, 0x80, new byte[56]);
        WireStruct payload = WireStruct.ofSize(28);
        payload.put32(0, 0x77);
        payload.put32(4, 0x80);
        payload.put32(8, VA_SPACE);
        payload.put32(12, CLIENT);
        payload.put32(16, VA_SPACE);
        assertThat(fixture.call(21, payload.toByteArray()).result).isZero();

        fixture.alloc(0x77, 0x80, 0xa1, 0xc56f, GspFixture.channelParams(368, 0x200100, 1));
        fixture.control(CLIENT, DEVICE, 0x00801813, pageDirectory(0x379c1000, 0, VA_SPACE));

        assertThat(onlyChannel().pageDirectory().getAsLong()).isEqualTo(0x379c1000);
        payload.put32(16, 0x999);
        assertThat(fixture.call(21, payload.toByteArray()).result).isEqualTo(0x33);
    }

    @Test
    void objectsOfOneClient_areLimited() {
        int status = 0;
        int made = 0;
        for (int i = 0; i < 10_000 && status == 0; i++) {
            status = fixture.alloc(CLIENT, DEVICE, 0x1000 + i, 0x90f1, new byte[48]);
            made++;
        }

        assertThat(status).isEqualTo(0x1a);
        assertThat(made).isEqualTo(8192 - 4 + 1);
        assertThat(fixture.alloc(0x77, 0, 0x77, 0, new byte[120]))
                .as("others go on")
                .isZero();
    }

    @Test
    void depth_isLimited() {
        int parent = SUBDEVICE;
        int status = 0;
        int made = 0;
        for (int i = 0; i < 20 && status == 0; i++) {
            status = fixture.alloc(CLIENT, parent, 0x100 + i, 0xc361, new byte[0]);
            parent = 0x100 + i;
            made++;
        }

        assertThat(status).isEqualTo(0x36);
        assertThat(made).isLessThan(10);
    }

    @Test
    void internalClient_isThereAndCannotBeMadeTwice() {
        assertThat(fixture.alloc(GspFixture.INTERNAL_CLIENT, 0, GspFixture.INTERNAL_CLIENT, 0, new byte[120]))
                .isEqualTo(0x19);
        assertThat(Objects.requireNonNull(fixture.internal(0x20800137, new byte[4]))
                        .get32(0))
                .isNotZero();
    }
}
