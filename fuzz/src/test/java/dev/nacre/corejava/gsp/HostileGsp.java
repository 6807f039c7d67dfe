package dev.nacre.corejava.gsp;

import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.Region;
import dev.nacre.pci.bus.FunctionAccess;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A GPU that is nothing but a GSP, which does what an input says whenever its doorbell rings: answers as it must, answers
 * with damage inside or outside the checksum, sends events, or writes nonsense. All registers read as zero.
 */
final class HostileGsp implements FunctionAccess {
    private static final int PAGE = QueueLayout.PAGE_BYTES;
    private static final int RPC = QueueLayout.RECORD_HEADER_BYTES;
    private static final int ELEMENTS = 63;
    private static final int FIRST_EVENT = 0x1000;

    // Its programs may ask for waits of seconds, which a fuzzer has no time for.
    private static final int RUN_CPU_SEQUENCER = 2;

    private final MemorySegment shared;
    private final ByteBuffer script;
    private int write;
    private int sequence;
    private int read;

    HostileGsp(MemorySegment shared, byte[] input) {
        this.shared = shared;
        this.script = ByteBuffer.wrap(input).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The input's next decision; 0 behind its end. */
    int next() {
        return script.hasRemaining() ? script.get() & 0xff : 0;
    }

    private int next32() {
        return next() | next() << 8 | next() << 16 | next() << 24;
    }

    @Override
    public void writeInt(int region, long offset, int value) {
        if (region == 0 && offset == Pgsp.QUEUE_HEAD.at(0).offset()) {
            doorbell();
        }
    }

    private void doorbell() {
        byte[] request = takeCommand();
        for (int act = next() % 8; act != 0; act = next() % 8) {
            switch (act) {
                case 1 -> put(reply(request));
                case 2 -> putDamaged(reply(request), true);
                case 3 -> put(event());
                case 4 -> writePointer(next32());
                case 5 -> putDamaged(reply(request), false);
                case 6 -> putDamaged(event(), true);
                default ->
                    shared.set(
                            ValueLayout.JAVA_INT_UNALIGNED, Math.floorMod(next32(), MessageQueues.BYTES - 4), next32());
            }
        }
    }

    private byte[] takeCommand() {
        int count = Math.clamp(word(MessageQueues.COMMAND_QUEUE, read, QueueLayout.ELEM_COUNT), 1, 16);
        byte[] command = new byte[count * PAGE];
        for (int i = 0; i < count; i++) {
            long at = element(MessageQueues.COMMAND_QUEUE, read + i);
            MemorySegment.copy(shared, at, MemorySegment.ofArray(command), (long) i * PAGE, PAGE);
        }
        read = (read + count) % ELEMENTS;
        shared.set(ValueLayout.JAVA_INT, MessageQueues.STATUS_QUEUE + (long) QueueLayout.READ_PTR, read);
        return command;
    }

    private static byte[] reply(byte[] request) {
        ByteBuffer reply = ByteBuffer.wrap(request.clone()).order(ByteOrder.LITTLE_ENDIAN);
        reply.putInt(RPC + QueueLayout.RPC_RESULT, 0);
        return reply.array();
    }

    private byte[] event() {
        int number = next();
        number = number == RUN_CPU_SEQUENCER ? 0 : number;
        byte[] payload = new byte[next()];
        for (int i = 0; i < payload.length; i++) {
            payload[i] = (byte) next();
        }
        ByteBuffer event = ByteBuffer.wrap(new byte[PAGE]).order(ByteOrder.LITTLE_ENDIAN);
        event.putInt(QueueLayout.ELEM_COUNT, 1);
        event.putInt(RPC + QueueLayout.RPC_VERSION, QueueLayout.RPC_HEADER_VERSION);
        event.putInt(RPC + QueueLayout.RPC_SIGNATURE, QueueLayout.RPC_SIGNATURE_VALID);
        event.putInt(RPC + QueueLayout.RPC_LENGTH, QueueLayout.RPC_HEADER_BYTES + payload.length);
        event.putInt(RPC + QueueLayout.RPC_FUNCTION, FIRST_EVENT + number);
        event.put(RPC + QueueLayout.RPC_HEADER_BYTES, payload);
        return event.array();
    }

    /** Writes some bytes over a record: before its checksum is made, or after. */
    private void putDamaged(byte[] record, boolean before) {
        int count = next();
        int at = Math.floorMod(next() | next() << 8, record.length);
        // What is within the checksum is within the payload, so that it reaches who reads that.
        at = before ? Math.min(record.length - 1, at + RPC + QueueLayout.RPC_HEADER_BYTES) : at;
        if (before) {
            damage(record, at, count);
            put(record);
        } else {
            seal(record);
            damage(record, at, count);
            place(record);
        }
    }

    private void damage(byte[] record, int at, int count) {
        for (int i = at; i < Math.min(record.length, at + count); i++) {
            record[i] = (byte) next();
        }
    }

    private void put(byte[] record) {
        seal(record);
        place(record);
    }

    private void seal(byte[] bytes) {
        ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(QueueLayout.SEQUENCE, sequence++);
        record.putInt(QueueLayout.CHECKSUM, 0);
        int length = Math.clamp(RPC + (long) record.getInt(RPC + QueueLayout.RPC_LENGTH), 0, bytes.length);
        long sum = 0;
        for (int at = 0; at < length && at + Long.BYTES <= bytes.length; at += Long.BYTES) {
            sum ^= record.getLong(at);
        }
        record.putInt(QueueLayout.CHECKSUM, (int) (sum >>> 32) ^ (int) sum);
    }

    private void place(byte[] record) {
        for (int i = 0; i < record.length / PAGE; i++) {
            long at = element(MessageQueues.STATUS_QUEUE, write + i);
            MemorySegment.copy(MemorySegment.ofArray(record), (long) i * PAGE, shared, at, PAGE);
        }
        write = (write + record.length / PAGE) % ELEMENTS;
        writePointer(write);
    }

    private void writePointer(int element) {
        shared.set(ValueLayout.JAVA_INT, MessageQueues.STATUS_QUEUE + (long) QueueLayout.WRITE_PTR, element);
    }

    private int word(int queue, int index, int at) {
        return shared.get(ValueLayout.JAVA_INT, element(queue, index) + at);
    }

    private static long element(int queue, int index) {
        return queue + PAGE + (long) (index % ELEMENTS) * PAGE;
    }

    @Override
    public Region region(int index) {
        throw new AssertionError("nobody asks");
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        dst.asSlice(dstOffset, count).fill((byte) 0);
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {}

    @Override
    public int readInt(int region, long offset) {
        return 0;
    }

    @Override
    public void mapDma(long iova, Fd file, long offset, long size, boolean writable) {}

    @Override
    public void unmapDma(long iova, long size) {}

    @Override
    public int interruptCount(InterruptKind kind) {
        return 0;
    }

    @Override
    public void bindInterrupts(InterruptKind kind, int first, List<EventFd> events) {}

    @Override
    public void unbindInterrupts(InterruptKind kind) {}

    @Override
    public void reset() {}

    @Override
    public boolean isGone() {
        return false;
    }

    @Override
    public void close() {}
}
