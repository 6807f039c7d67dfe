package dev.nacre.board.gsp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.gsp.FakeDriver.Message;
import dev.nacre.board.rm.WireStruct;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The queues: wrapping, long messages, a full status queue, bad records. */
class GspQueueTest {
    private static final int UNKNOWN_CONTROL = 0x20807777 & ~0x8000;

    private final GspFixture fixture = new GspFixture();

    @BeforeEach
    void boot() {
        fixture.boot(928);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private byte[] internalControl(int command, byte[] params) {
        return FakeDriver.control(GspFixture.INTERNAL_CLIENT, GspFixture.SUBDEVICE, command, params);
    }

    @Test
    void threeHundredMessages_wrapBothQueues() {
        for (int i = 0; i < 300; i++) {
            byte[] params = new byte[i % 7 * 1500];
            WireStruct reply = fixture.internal(UNKNOWN_CONTROL, params);
            assertThat(reply.length()).isEqualTo(params.length);
        }
        assertThat(fixture.gsp.queueErrors()).isEmpty();
    }

    @Test
    void manyMessagesWithOneDoorbell_areAnsweredInOrder() {
        for (int i = 0; i < 60; i++) {
            fixture.driver.send(76, internalControl(0x20800138, tpcParams(i)));
        }

        fixture.ring();

        for (int i = 0; i < 60; i++) {
            assertThat(fixture.driver.receive().body().get32(24)).isEqualTo(i);
        }
        assertThat(fixture.driver.hasMessage()).isFalse();
    }

    private static byte[] tpcParams(int gpc) {
        WireStruct params = WireStruct.ofSize(8);
        params.put32(0, gpc);
        return params.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {65_431, 65_432, 65_433, 70_000, 88_024, 205_000, 1_000_000})
    void messageOfSeveralRecords_isAnsweredOnceInSeveralRecords(int paramBytes) {
        byte[] params = new byte[paramBytes];
        new Random(paramBytes).nextBytes(params);
        byte[] payload = internalControl(0x2080012b, params);
        int replied = 0;
        boolean first = true;
        int max = 0x10000 - 48 - 32;

        for (int at = 0; at < payload.length; at += max) {
            int bytes = Math.min(max, payload.length - at);
            fixture.driver.record(at == 0 ? 76 : 71, Arrays.copyOfRange(payload, at, at + bytes), 32 + bytes);
            fixture.ring();
        }
        byte[] reply = new byte[payload.length];
        while (replied < reply.length) {
            if (!fixture.driver.hasMessage()) {
                fixture.ring();
            }
            Message record = fixture.driver.receive();
            assertThat(record.function).isEqualTo(first ? 76 : 71);
            assertThat(record.elements).isLessThanOrEqualTo(16);
            System.arraycopy(record.payload, 0, reply, replied, record.payload.length);
            replied += record.payload.length;
            first = false;
        }

        assertThat(Arrays.copyOfRange(reply, 24, reply.length)).isEqualTo(params);
        assertThat(fixture.driver.hasMessage()).isFalse();
    }

    @Test
    void listOfPagesOfSeveralRecords_isAnsweredInOne() {
        int pages = 20_000;
        int max = 0x10000 - 48 - 32;
        byte[] payload = new byte[56 + 8 * pages];
        ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN).putInt(0x28, pages);

        for (int at = 0; at < payload.length; at += max) {
            int bytes = Math.min(max, payload.length - at);
            fixture.driver.record(at == 0 ? 4 : 71, Arrays.copyOfRange(payload, at, at + bytes), 32 + bytes);
            fixture.ring();
        }

        assertThat(fixture.driver.receive().function).isEqualTo(4);
        assertThat(fixture.driver.hasMessage()).isFalse();
    }

    @Test
    void continuationWithoutBeginning_isDropped() {
        fixture.driver.send(71, new byte[100]);
        fixture.ring();

        assertThat(fixture.driver.hasMessage()).isFalse();
        assertThat(fixture.gsp.queueErrors()).containsEntry("continuation has no beginning", 1L);
    }

    @Test
    void messageThatIsNotContinued_isDroppedWhenTheNextBegins() {
        byte[] whole = internalControl(0x2080012b, new byte[100_000]);
        fixture.driver.record(76, Arrays.copyOf(whole, 0x10000 - 80), 0x10000 - 48);
        fixture.ring();

        fixture.internal(0x20800137, new byte[4]);

        assertThat(fixture.gsp.queueErrors()).containsEntry("message was not continued", 1L);
    }

    @Test
    void messageThatPromisesFourGigabytes_isDropped() {
        byte[] payload = internalControl(0x2080012b, new byte[0x10000 - 80 - 24]);
        WireStruct.over(payload).put32(16, -1);
        fixture.driver.send(76, payload);
        fixture.ring();

        assertThat(fixture.gsp.queueErrors()).containsEntry("message is too long", 1L);
        fixture.internal(0x20800137, new byte[4]);
    }

    @Test
    void controlThatPromisesMoreThanItHas_isRefused() {
        byte[] payload = internalControl(0x20800137, new byte[4]);
        WireStruct.over(payload).put32(16, 4000);

        assertThat(fixture.call(76, payload).body().get32(12)).isEqualTo(0x3a);
    }

    @Test
    void fullStatusQueue_holdsRepliesBackUntilTheDriverReads() {
        for (int i = 0; i < 40; i++) {
            fixture.driver.send(76, internalControl(0x20800138, tpcParams(i)));
        }
        fixture.ring();
        for (int i = 40; i < 80; i++) {
            fixture.driver.send(76, internalControl(0x20800138, tpcParams(i)));
        }
        fixture.ring();
        assertThat(fixture.driver.get(FakeDriver.STATUS + 0x20))
                .as("commands wait in their queue, but for the one whose reply has no room")
                .isEqualTo((2 + 63 - 0) % 63);

        for (int i = 0; i < 80; i++) {
            if (!fixture.driver.hasMessage()) {
                fixture.ring();
            }
            assertThat(fixture.driver.receive().body().get32(24)).isEqualTo(i);
        }
    }

    @Test
    void impossibleReadPosition_isTakenForAFullQueue() {
        fixture.driver.put(FakeDriver.COMMAND + 0x20, 63);
        fixture.driver.send(76, internalControl(0x20800137, new byte[4]));
        fixture.ring();
        assertThat(fixture.driver.hasMessage()).isFalse();

        fixture.driver.put(FakeDriver.COMMAND + 0x20, fixture.driver.statusRead);
        fixture.ring();

        assertThat(fixture.driver.receive().function).isEqualTo(76);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x20, 0x34, 0x38, 0x50})
    void damagedRecord_isDroppedAndTheNextAnswered(int offset) {
        byte[] params = new byte[4];
        fixture.driver.send(76, internalControl(0x20800137, params));
        int element = FakeDriver.COMMAND + 0x1000 * fixture.driver.commandWrite;
        fixture.driver.put(element + offset, fixture.driver.get(element + offset) ^ 0x4000_0000);
        fixture.driver.send(76, internalControl(0x20800138, tpcParams(3)));

        fixture.ring();

        assertThat(fixture.driver.receive().body().get32(24)).isEqualTo(3);
        assertThat(fixture.driver.hasMessage()).isFalse();
        assertThat(fixture.gsp.queueErrors()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 17, 60, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void impossibleElementCount_losesWhatWasWrittenAndNothingElse(int elements) {
        fixture.driver.send(76, internalControl(0x20800137, new byte[4]));
        fixture.driver.put(FakeDriver.COMMAND + 0x1000 * fixture.driver.commandWrite + 0x28, elements);
        fixture.ring();
        assertThat(fixture.driver.hasMessage()).isFalse();

        fixture.internal(0x20800137, new byte[4]);

        assertThat(fixture.gsp.queueErrors()).containsEntry("number of elements is impossible", 1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {63, -1, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void impossibleWritePosition_isIgnored(int position) {
        fixture.driver.put(FakeDriver.COMMAND + 0x10, position);
        fixture.ring();
        assertThat(fixture.gsp.queueErrors()).containsEntry("write position is impossible", 1L);

        fixture.internal(0x20800137, new byte[4]);
    }

    @Test
    void wrongSequence_isCountedAndTheRecordAnswered() {
        fixture.driver.commandSequence += 5;

        fixture.internal(0x20800137, new byte[4]);
        fixture.internal(0x20800137, new byte[4]);

        assertThat(fixture.gsp.queueErrors()).containsEntry("sequence is wrong", 1L);
    }

    @Test
    void unmappedMemory_isCountedAndServiceGoesOnLater() {
        fixture.driver.send(76, internalControl(0x20800137, new byte[4]));
        fixture.driver.memory.busMaster(false);
        fixture.ring();
        assertThat(fixture.gsp.queueErrors()).containsKey("memory cannot be reached");

        fixture.driver.memory.busMaster(true);
        fixture.ring();

        assertThat(fixture.driver.receive().function).isEqualTo(76);
    }

    @ParameterizedTest
    @ValueSource(ints = {3968, 4000, 4016, 4039, 4040, 4041, 8136, 61_400, 61_384})
    void replyLengths_stayAwayFromTheEndOfAPage(int paramBytes) {
        byte[] payload = internalControl(0x2080012b, new byte[paramBytes]);

        Message reply = fixture.call(76, payload);

        assertThat((reply.length + 4095) / 4096).isEqualTo((reply.length + 48 + 4095) / 4096);
        assertThat(reply.length).isBetween(32 + payload.length, 32 + payload.length + 56);
        assertThat(reply.elements).isEqualTo((48 + reply.length + 4095) / 4096);
    }

    @Test
    void unknownFunction_isAnsweredWithItsStatusAndCounted() {
        Message reply = fixture.call(155, new byte[12]);

        assertThat(reply.result).isEqualTo(0xff100001);
        assertThat(fixture.gsp.unknownControls()).containsEntry("function RPC 155", 1L);
    }

    @Test
    void guestSystemInfo_isEchoed() {
        byte[] payload = new byte[792];
        new Random(1).nextBytes(payload);

        Message reply = fixture.call(1, payload);

        assertThat(reply.result).isZero();
        assertThat(reply.payload).isEqualTo(payload);
    }

    @Test
    void seededNoiseInQueueMemory_neverThrowsNorHangs() {
        Random random = new Random(20_261_123);
        for (int round = 0; round < 400; round++) {
            noise(random, round);
            fixture.gsp.doorbell();
            fixture.settle();
        }
        fixture.driver.prepare();

        fixture.boot(928);

        fixture.internal(0x20800137, new byte[4]);
    }

    // Bytes choose what is damaged: whole records of plausible shape with a right checksum, single words, positions.
    private void noise(Random random, int round) {
        FakeDriver driver = fixture.driver;
        switch (random.nextInt(4)) {
            case 0 -> {
                byte[] payload = new byte[random.nextInt(5000)];
                random.nextBytes(payload);
                WireStruct.over(payload).put32(random.nextInt(8) * 4, random.nextInt(64));
                int[] functions = {4, 10, 21, 47, 54, 65, 70, 71, 72, 73, 76, 79, 103, random.nextInt(300)};
                driver.record(functions[random.nextInt(functions.length)], payload, 32 + payload.length);
            }
            case 1 -> driver.put(FakeDriver.COMMAND + 4 * random.nextInt(0x40000 / 4), random.nextInt());
            case 2 -> driver.put(FakeDriver.COMMAND + 0x20, random.nextInt(70) - 3);
            default -> driver.put(FakeDriver.COMMAND + 0x10, random.nextInt(70) - 3);
        }
        if (round % 50 == 49) {
            driver.prepare();
            driver.send(72, new byte[random.nextBoolean() ? 928 : 664]);
            fixture.gsp.boot(FakeDriver.WPR_META, FakeDriver.LIBOS);
        }
    }
}
