package dev.nacre.corejava.gsp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.corejava.io.Hostility;
import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.rm.RpcFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageQueuesTest {
    private static final int RPC = QueueLayout.RECORD_HEADER_BYTES;

    private final FakeGsp gsp = new FakeGsp();
    private final MessageQueues queues = gsp.queues();

    private static byte[] payload(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 7 + 1);
        }
        return bytes;
    }

    private void assertBroken() {
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(queues::receive)
                .extracting(CoreException::error)
                .isEqualTo(CoreError.IO);
    }

    @Test
    void commandIsRecordWithChecksumAndSequence() {
        queues.send(RpcFunction.FREE, payload(16), gsp);
        queues.send(RpcFunction.FREE, payload(16), gsp);

        byte[] sealed = gsp.commandBytes(0, 1);
        FakeGsp.seal(sealed);
        assertThat(gsp.commandBytes(0, 1)).isEqualTo(sealed);
        assertThat(gsp.command(0, QueueLayout.SEQUENCE)).isZero();
        assertThat(gsp.command(1, QueueLayout.SEQUENCE)).isOne();
        assertThat(gsp.command(1, RPC + QueueLayout.RPC_FUNCTION)).isEqualTo(10);
        assertThat(gsp.command(1, RPC + QueueLayout.RPC_LENGTH)).isEqualTo(48);
        assertThat(gsp.commandHeader(QueueLayout.WRITE_PTR)).isEqualTo(2);
        assertThat(gsp.rings()).isEqualTo(2);
    }

    @Test
    void longCommandIsContinued() {
        int sequence = queues.send(RpcFunction.ALLOC_MEMORY, payload(MessageQueues.MAX_RECORD_PAYLOAD + 5), gsp);

        assertThat(gsp.command(0, QueueLayout.ELEM_COUNT)).isEqualTo(QueueLayout.MAX_RECORD_ELEMENTS);
        assertThat(gsp.command(16, QueueLayout.ELEM_COUNT)).isOne();
        assertThat(gsp.command(16, RPC + QueueLayout.RPC_FUNCTION)).isEqualTo(RpcFunction.CONTINUATION_RECORD.number());
        assertThat(gsp.command(16, RPC + QueueLayout.RPC_SEQUENCE)).isEqualTo(sequence);
        assertThat(gsp.command(16, RPC + QueueLayout.RPC_LENGTH)).isEqualTo(32 + 5);
        assertThat(gsp.rings()).isEqualTo(2);
    }

    @Test
    void queuesWrapAround() {
        for (int i = 0; i < 3 * FakeGsp.ELEMENTS; i++) {
            byte[] sent = payload(5000 + i);
            queues.send(RpcFunction.FREE, sent, gsp);
            gsp.readPointer(gsp.commandHeader(QueueLayout.WRITE_PTR));
            gsp.put(gsp.record(i, sent));

            GspMessage got = queues.receive().orElseThrow();

            assertThat(got.function()).isEqualTo(i);
            assertThat(got.payload().copy()).isEqualTo(sent);
            assertThat(gsp.commandHeader(QueueLayout.READ_PTR)).isEqualTo((i + 1) * 2 % FakeGsp.ELEMENTS);
        }
        assertThat(queues.receive()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, FakeGsp.ELEMENTS, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void impossiblePointersBreakTheQueues(int pointer) {
        gsp.writePointer(pointer);
        gsp.readPointer(pointer);

        assertBroken();
        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> queues.send(RpcFunction.FREE, payload(16), gsp))
                .extracting(CoreException::error)
                .isEqualTo(CoreError.IO);
    }

    static Stream<Arguments> lies() {
        return Stream.of(
                lie("checksum", true, record -> record.putInt(QueueLayout.CHECKSUM, 1)),
                lie("sequence", false, record -> record.putInt(QueueLayout.SEQUENCE, 7)),
                lie("no elements", false, record -> record.putInt(QueueLayout.ELEM_COUNT, 0)),
                lie("more elements than there", false, record -> record.putInt(QueueLayout.ELEM_COUNT, 3)),
                lie("negative elements", false, record -> record.putInt(QueueLayout.ELEM_COUNT, -1)),
                lie("version", false, record -> record.putInt(RPC + QueueLayout.RPC_VERSION, 1)),
                lie("signature", false, record -> record.putInt(RPC + QueueLayout.RPC_SIGNATURE, 1)),
                lie("length below the header", false, record -> record.putInt(RPC + QueueLayout.RPC_LENGTH, 31)),
                lie("length beyond", false, record -> record.putInt(RPC + QueueLayout.RPC_LENGTH, 8192)),
                lie("negative length", false, record -> record.putInt(RPC + QueueLayout.RPC_LENGTH, -5)));
    }

    private static Arguments lie(String name, boolean afterSeal, Consumer<ByteBuffer> lie) {
        return Arguments.of(name, afterSeal, lie);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void recordsThatLieBreakTheQueues(String name, boolean afterSeal, Consumer<ByteBuffer> lie) {
        byte[] record = gsp.record(10, payload(100));
        lie.accept(ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN));
        if (!afterSeal) {
            FakeGsp.seal(record);
        }
        gsp.put(record);

        assertBroken();
    }

    @Test
    void headerOfStatusQueueIsChecked() {
        assertThat(queues.isStatusQueueMade()).isFalse();
        assertThatExceptionOfType(CoreException.class).isThrownBy(queues::checkStatusQueue);

        byte[] header = gsp.shared()
                .asSlice(MessageQueues.COMMAND_QUEUE, QueueLayout.READ_PTR)
                .toArray(ValueLayout.JAVA_BYTE);
        MemorySegment.copy(MemorySegment.ofArray(header), 0, gsp.shared(), MessageQueues.STATUS_QUEUE, 32);

        queues.checkStatusQueue();
        assertThat(queues.isStatusQueueMade()).isTrue();
    }

    @Test
    void anyRecordIsTakenOrRefused() {
        byte[] good = new FakeGsp().record(76, payload(9000));

        Hostility.assertTakenOrRefused(good, bytes -> {
            FakeGsp liar = new FakeGsp();
            byte[] record = Arrays.copyOf(bytes, good.length);
            if (record[0] % 2 == 0) {
                FakeGsp.seal(record);
            }
            liar.put(record);
            liar.queues().receive();
        });
    }
}
