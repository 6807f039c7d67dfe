package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.board.gsp.FakeDriver.Message;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Saved state: a fresh GSP goes on where another stood. */
class GspStateTest {
    private final GspFixture fixture = new GspFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void powerOnState_canBeSavedAndStartedFrom() {
        fixture.saveAndRestore();

        fixture.boot(928);
    }

    @Test
    void startThatIsOnlyNoted_isMadeByTheOtherOne() {
        fixture.driver.send(72, new byte[928]);
        fixture.gsp.thread().hold();
        fixture.gsp.boot(FakeDriver.WPR_META, FakeDriver.LIBOS);

        fixture.saveAndRestore();

        assertThat(fixture.driver.receive().function).isEqualTo(0x1002);
        assertThat(fixture.driver.receive().function).isEqualTo(0x1001);
    }

    @ParameterizedTest
    @ValueSource(ints = {928, 664})
    void bootWithASaveBetweenAllSteps_endsAsOneWithout(int systemInfo) {
        fixture.boot(systemInfo);
        fixture.saveAndRestore();
        Message info = fixture.call(65, new byte[systemInfo == 928 ? 1656 : 2168]);
        fixture.saveAndRestore();
        assertThat(fixture.alloc(GspFixture.CLIENT, 0, GspFixture.CLIENT, 0, new byte[120]))
                .isZero();
        fixture.saveAndRestore();
        assertThat(fixture.alloc(GspFixture.CLIENT, GspFixture.CLIENT, GspFixture.DEVICE, 0x80, new byte[56]))
                .isZero();
        fixture.saveAndRestore();
        assertThat(fixture.alloc(GspFixture.CLIENT, GspFixture.DEVICE, GspFixture.VA_SPACE, 0x90f1, new byte[48]))
                .isZero();
        fixture.saveAndRestore();

        assertThat(fixture.alloc(GspFixture.CLIENT, GspFixture.DEVICE, GspFixture.VA_SPACE, 0x90f1, new byte[48]))
                .isEqualTo(0x19);
        assertThat(info.payload).isEqualTo(fixture.call(65, new byte[info.payload.length]).payload);
        assertThat(fixture.gsp.queueErrors()).isEmpty();
    }

    @Test
    void channel_keepsItsIdAndFollowsItsAddressSpaceAgain() {
        fixture.bootWithObjects(928);
        fixture.alloc(GspFixture.CLIENT, GspFixture.DEVICE, 0xa1, 0xc56f, GspFixture.channelParams(368, 0, 1));

        fixture.saveAndRestore();

        WireStruct params = WireStruct.ofSize(32);
        params.put64(0, 0x444000);
        params.put32(16, GspFixture.VA_SPACE);
        fixture.control(GspFixture.CLIENT, GspFixture.DEVICE, 0x00801813, params.toByteArray());
        assertThat(Objects.requireNonNull(fixture.host.relinked.get(1L)).getAsLong())
                .isEqualTo(0x444000);
        fixture.alloc(GspFixture.CLIENT, GspFixture.DEVICE, 0xa2, 0xc56f, GspFixture.channelParams(368, 0, 1));
        assertThat(fixture.control(GspFixture.CLIENT, 0xa2, 0xc36f0108, new byte[4])
                        .get32(0))
                .isEqualTo(0x20002);
        fixture.free(GspFixture.CLIENT, 0xa1);
        assertThat(fixture.host.channels).hasSize(1);
    }

    @Test
    void givenPageDirectory_isKept() {
        fixture.bootWithObjects(928);
        WireStruct params = WireStruct.ofSize(32);
        params.put64(0, 0x444000);
        params.put32(16, GspFixture.VA_SPACE);
        fixture.control(GspFixture.CLIENT, GspFixture.DEVICE, 0x00801813, params.toByteArray());

        fixture.saveAndRestore();

        fixture.alloc(GspFixture.CLIENT, GspFixture.DEVICE, 0xa1, 0xc56f, GspFixture.channelParams(368, 0, 1));
        assertThat(fixture.host
                        .channels
                        .values()
                        .iterator()
                        .next()
                        .pageDirectory()
                        .getAsLong())
                .isEqualTo(0x444000);
    }

    @Test
    void displayChannelAndArmedEvent_areKept() {
        fixture.bootWithObjects(928);
        fixture.alloc(GspFixture.CLIENT, GspFixture.DEVICE, 0xc770, 0xc770, new byte[0]);
        fixture.alloc(GspFixture.CLIENT, 0xc770, 0xc77d, 0xc77d, new byte[40]);
        WireStruct event = WireStruct.ofSize(24);
        event.put32(12, 1);
        fixture.alloc(GspFixture.CLIENT, GspFixture.SUBDEVICE, 0x7e, 0x7e, event.toByteArray());
        WireStruct arm = WireStruct.ofSize(20);
        arm.put32(0, 1);
        arm.put32(4, 2);
        fixture.control(GspFixture.CLIENT, GspFixture.SUBDEVICE, 0x20800301, arm.toByteArray());

        fixture.saveAndRestore();

        assertThat(fixture.alloc(GspFixture.CLIENT, 0xc770, 0xc77e, 0xc77d, new byte[40]))
                .isEqualTo(0x1f);
        fixture.gsp.hotplug(1, 0);
        fixture.settle();
        assertThat(fixture.driver.receive().function).isEqualTo(0x1003);
    }

    @Test
    void notedEvents_areSentByTheOtherOne() {
        fixture.boot(928);
        fixture.gsp.thread().hold();
        fixture.gsp.channelError(10, 3, 31, 0x1000, 2);
        fixture.gsp.errorLog(31, 0, 3, "text");

        fixture.saveAndRestore();

        assertThat(fixture.driver.receive().payload).hasSize(48);
        assertThat(fixture.driver.receive().function).isEqualTo(0x1006);
    }

    @Test
    void halfAMessage_isCompletedAtTheOtherOne() {
        fixture.boot(928);
        byte[] params = new byte[100_000];
        Arrays.fill(params, (byte) 7);
        byte[] payload = FakeDriver.control(GspFixture.INTERNAL_CLIENT, GspFixture.SUBDEVICE, 0x2080012b, params);
        int first = 0x10000 - 80;
        fixture.driver.record(76, Arrays.copyOf(payload, first), 32 + first);
        fixture.ring();

        fixture.saveAndRestore();
        fixture.driver.record(71, Arrays.copyOfRange(payload, first, payload.length), 32 + payload.length - first);
        fixture.ring();

        Message one = fixture.driver.receive();
        Message two = fixture.driver.receive();
        assertThat(one.payload.length + two.payload.length).isEqualTo(payload.length);
        assertThat(two.payload).containsOnly(7);
    }

    @Test
    void repliesThatHadNoRoom_areSentByTheOtherOne() {
        fixture.boot(928);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 40; i++) {
                byte[] gpc = {(byte) (40 * round + i), 0, 0, 0, 0, 0, 0, 0};
                fixture.driver.send(
                        76, FakeDriver.control(GspFixture.INTERNAL_CLIENT, GspFixture.SUBDEVICE, 0x20800138, gpc));
            }
            fixture.ring();
        }

        fixture.saveAndRestore();

        for (int i = 0; i < 80; i++) {
            if (!fixture.driver.hasMessage()) {
                fixture.ring();
            }
            assertThat(fixture.driver.receive().body().get32(24)).isEqualTo(i);
        }
    }

    @Test
    void suspendedFirmware_isResumedByTheOtherOne() {
        fixture.bootWithObjects(664);
        fixture.call(47, new byte[] {1, 0, 0, 0, 3, 0, 0, 0});
        fixture.gsp.halt();
        fixture.settle();
        fixture.saveAndRestore();
        WireStruct.over(fixture.driver.ram).put64((int) FakeDriver.SR_META, 0x8a3bb9e6c6c39d93L);
        WireStruct.over(fixture.driver.ram).put8((int) FakeDriver.RM_ARGUMENTS + 0x38, 1);

        fixture.gsp.resume(FakeDriver.SR_META);
        fixture.settle();

        assertThat(fixture.driver.receive().function).isEqualTo(0x1001);
        assertThat(fixture.free(GspFixture.CLIENT, GspFixture.VA_SPACE)).isZero();
    }

    @Test
    void reset_isPowerOn() {
        fixture.bootWithObjects(928);
        fixture.gsp.thread().hold();
        fixture.gsp.reset();
        fixture.gsp.thread().resume();
        fixture.driver.prepare();

        fixture.bootWithObjects(664);
    }

    @Test
    void savedStateThatIsCutOff_isRefusedAndLeavesPowerOn() {
        fixture.bootWithObjects(928);
        fixture.gsp.thread().hold();
        StateWriter out = new StateWriter();
        fixture.gsp.save(out);
        byte[] bytes = out.toByteArray();

        for (int cut : new int[] {0, 40, 200, bytes.length / 2}) {
            assertThatThrownBy(() -> fixture.gsp.restore(new StateReader(Arrays.copyOf(bytes, cut))))
                    .isInstanceOf(StateException.class);
        }

        fixture.gsp.thread().resume();
        fixture.driver.prepare();
        fixture.boot(928);
    }
}
