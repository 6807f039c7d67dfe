package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.gsp.FakeDriver.Message;
import dev.nacre.board.rm.WireStruct;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that the driver did not wait for. */
class GspEventTest {
    private final GspFixture fixture = new GspFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private void subscribe(int handle, int notifyIndex, int action) {
        WireStruct event = WireStruct.ofSize(24);
        event.put32(0, GspFixture.CLIENT);
        event.put32(8, 0x7e);
        event.put32(12, notifyIndex);
        assertThat(fixture.alloc(GspFixture.CLIENT, GspFixture.SUBDEVICE, handle, 0x7e, event.toByteArray()))
                .isZero();
        WireStruct arm = WireStruct.ofSize(20);
        arm.put32(0, notifyIndex & 0xffff);
        arm.put32(4, action);
        fixture.control(GspFixture.CLIENT, GspFixture.SUBDEVICE, 0x20800301, arm.toByteArray());
    }

    @Test
    void hotplug_isPostedToTheSubscriberByteForByte() {
        fixture.bootWithObjects(928);
        subscribe(0x007e0000, 0x04000001, 2);
        subscribe(0x007e0001, 7, 2);

        fixture.gsp.hotplug(0x100, 0x200);
        fixture.settle();

        Message message = fixture.driver.receive();
        assertThat(message.function).isEqualTo(0x1003);
        assertThat(HexFormat.of().formatHex(message.payload))
                .isEqualTo("0000d0c1" + "00007e00" + "01000000" + "00000000" + "00000000" + "00000000" + "08000000"
                        + "00" + "00010000" + "00020000" + "000000");
        assertThat(fixture.falcon.interrupts).hasValue(1);
        assertThat(fixture.driver.hasMessage()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 2"})
    void action_saysHowOftenIsPosted(int action, int posts) {
        fixture.bootWithObjects(928);
        subscribe(0x007e0000, 1, action);

        fixture.gsp.hotplug(1, 0);
        fixture.gsp.hotplug(0, 1);
        fixture.settle();

        for (int i = 0; i < posts; i++) {
            assertThat(fixture.driver.receive().function).isEqualTo(0x1003);
        }
        assertThat(fixture.driver.hasMessage()).isFalse();
    }

    @Test
    void freedEvent_isNotPosted() {
        fixture.bootWithObjects(928);
        subscribe(0x007e0000, 1, 2);
        fixture.free(GspFixture.CLIENT, 0x007e0000);

        fixture.gsp.hotplug(1, 0);
        fixture.settle();

        assertThat(fixture.driver.hasMessage()).isFalse();
    }

    @Test
    void channelErrorOfNewRelease_hasAddress() {
        fixture.boot(928);

        fixture.gsp.channelError(10, 3, 31, 0x1234_5678_9000L, 2);
        fixture.settle();

        Message message = fixture.driver.receive();
        assertThat(message.function).isEqualTo(0x1004);
        assertThat(HexFormat.of().formatHex(message.payload))
                .isEqualTo("0a000000" + "03000000" + "00000000" + "00000000" + "1f000000" + "00000000" + "00000000"
                        + "00907856" + "34120000" + "02000000" + "00000000" + "00000000");
        assertThat(fixture.falcon.interrupts).hasValue(1);
    }

    @Test
    void channelErrorOfOldRelease_hasNoAddress() {
        fixture.boot(664);

        fixture.gsp.channelError(10, 3, 31, 0x1234_5678_9000L, 2);
        fixture.settle();

        assertThat(HexFormat.of().formatHex(fixture.driver.receive().payload))
                .isEqualTo("0a000000" + "03000000" + "1f000000" + "00000000" + "00000000");
    }

    @ParameterizedTest
    @CsvSource({"928, 272", "664, 268"})
    void errorLog_isTextOfBoundedLength(int systemInfo, int bytes) {
        fixture.boot(systemInfo);

        fixture.gsp.errorLog(31, 1, 3, "MMU fault ".repeat(100));
        fixture.settle();

        Message message = fixture.driver.receive();
        assertThat(message.function).isEqualTo(0x1006);
        assertThat(message.payload).hasSize(bytes);
        assertThat(message.body().get32(0)).isEqualTo(31);
        assertThat(message.body().get32(4)).isEqualTo(1);
        assertThat(message.body().get32(8)).isEqualTo(3);
        String text = new String(message.payload, 12, 255, StandardCharsets.US_ASCII);
        assertThat(text).startsWith("MMU fault MMU fault").doesNotContain("\0");
        assertThat(message.payload[12 + 255]).isZero();
    }

    @Test
    void eventsWithoutADriver_areForgotten() {
        fixture.gsp.channelError(1, 1, 31, 0, 0);
        fixture.gsp.hotplug(1, 0);
        fixture.settle();

        fixture.boot(928);

        assertThat(fixture.driver.hasMessage()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 5000})
    void floodOfEvents_isBoundedAndRepliesStillCome(int events) {
        fixture.boot(928);

        for (int i = 0; i < events; i++) {
            fixture.gsp.errorLog(1, -1, -1, "line " + i);
        }
        int received = 0;
        fixture.ring();
        while (fixture.driver.hasMessage()) {
            while (fixture.driver.hasMessage()) {
                fixture.driver.receive();
                received++;
            }
            fixture.ring();
        }

        assertThat(received).isBetween(63, events);
        fixture.internal(0x20800137, new byte[4]);
    }
}
