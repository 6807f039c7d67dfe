package dev.nacre.testsupport.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.pci.GuestMemory;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageQueuesTest {
    private static final int RPC = QueueLayout.RECORD_HEADER_BYTES;

    private final FakeTransport transport = new FakeTransport();
    private final SystemMemory memory = new SystemMemory(transport, 4L << 20, new Random(3));
    private final MessageQueues queues = new MessageQueues(memory, new Check());

    @AfterEach
    void close() {
        memory.close();
    }

    /** Ways to spoil a record: a field and what it is set to. */
    enum Damage {
        SEQUENCE(QueueLayout.SEQUENCE, 5),
        TOO_MANY_ELEMENTS(QueueLayout.ELEM_COUNT, 2),
        NO_ELEMENTS(QueueLayout.ELEM_COUNT, 0),
        VERSION(RPC + QueueLayout.RPC_VERSION, 1),
        SIGNATURE(RPC + QueueLayout.RPC_SIGNATURE, 0),
        SHORT(RPC + QueueLayout.RPC_LENGTH, 31),
        LONG(RPC + QueueLayout.RPC_LENGTH, 5000),
        PRIVATE_RESULT(RPC + QueueLayout.RPC_RESULT_PRIVATE, 1),
        CHECKSUM(QueueLayout.CHECKSUM, 0x1234);

        private final int field;
        private final int value;

        Damage(int field, int value) {
            this.field = field;
            this.value = value;
        }
    }

    @Test
    void aGoodRecordIsReceived() {
        deliver(record(0x1001, 0, new byte[] {1, 2, 3}), 0, 1);

        Message message = queues.receiveRecord().orElseThrow();

        assertThat(message.function()).isEqualTo(0x1001);
        assertThat(message.payload().bytes()).containsExactly(1, 2, 3);
        assertThat(queues.receiveRecord()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aSpoiltRecordIsRefused(Damage damage) {
        Words record = record(0x1001, 0, new byte[] {1, 2, 3});
        record.putInt(damage.field, damage.value);
        if (damage != Damage.CHECKSUM) {
            sum(record);
        }
        deliver(record, 0, 1);

        assertThatThrownBy(queues::receiveRecord).isInstanceOf(DriverException.class);
    }

    @Test
    void aCommandOfSeveralRecordsIsCutAtTheLongestRecord() {
        byte[] payload = new byte[100_000];
        new Random(4).nextBytes(payload);
        int[] rings = new int[1];

        queues.send(76, payload, () -> rings[0]++);

        assertThat(rings[0]).isEqualTo(2);
        assertThat(command(0, QueueLayout.ELEM_COUNT)).isEqualTo(16);
        assertThat(command(0, RPC + QueueLayout.RPC_FUNCTION)).isEqualTo(76);
        assertThat(command(0, RPC + QueueLayout.RPC_LENGTH)).isEqualTo(QueueLayout.MAX_RPC_BYTES);
        assertThat(command(16, RPC + QueueLayout.RPC_FUNCTION)).isEqualTo(71);
        assertThat(command(16, QueueLayout.SEQUENCE)).isEqualTo(1);
        assertThat(command(16, RPC + QueueLayout.RPC_LENGTH))
                .isEqualTo(32 + 100_000 - (QueueLayout.MAX_RPC_BYTES - 32));
    }

    @Test
    void theStatusQueuesHeaderMustBeTheMirrorImage() {
        assertThatThrownBy(queues::checkStatusHeader)
                .isInstanceOf(DriverException.class)
                .hasMessageContaining("status queue size");
    }

    private static Words record(int function, int sequence, byte[] payload) {
        Words record = new Words(4096);
        record.putInt(QueueLayout.SEQUENCE, sequence);
        record.putInt(QueueLayout.ELEM_COUNT, 1);
        record.putInt(RPC + QueueLayout.RPC_VERSION, QueueLayout.RPC_HEADER_VERSION);
        record.putInt(RPC + QueueLayout.RPC_SIGNATURE, QueueLayout.RPC_SIGNATURE_VALID);
        record.putInt(RPC + QueueLayout.RPC_LENGTH, 32 + payload.length);
        record.putInt(RPC + QueueLayout.RPC_FUNCTION, function);
        record.putBytes(RPC + QueueLayout.RPC_HEADER_BYTES, payload);
        sum(record);
        return record;
    }

    private static void sum(Words record) {
        record.putInt(QueueLayout.CHECKSUM, 0);
        long all = 0;
        for (int at = 0; at < record.size(); at += 8) {
            all ^= record.longAt(at);
        }
        record.putInt(QueueLayout.CHECKSUM, (int) (all >>> 32) ^ (int) all);
    }

    /** Writes a record as the firmware does, through the list of pages. */
    private void deliver(Words record, int at, int writePointer) {
        GuestMemory device = transport.memory;
        for (int offset = 0; offset < record.size(); offset += 8) {
            device.writeLong(shared(queues.statusQueueOffset() + (1L + at) * 4096 + offset), record.longAt(offset));
        }
        device.writeIntRelease(shared(queues.statusQueueOffset() + QueueLayout.WRITE_PTR), writePointer);
    }

    private int command(int element, int field) {
        return transport.memory.readInt(shared(queues.commandQueueOffset() + (1L + element) * 4096 + field));
    }

    /** Where a byte of the shared memory is, by the list in its first page. */
    private long shared(long offset) {
        return transport.memory.readLong(queues.address() + 8 * (offset / 4096)) + offset % 4096;
    }
}
