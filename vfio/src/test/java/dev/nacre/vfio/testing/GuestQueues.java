package dev.nacre.vfio.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.hw.gsp.BootLayout;
import dev.nacre.hw.gsp.Checksum;
import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.gsp.RpcLayout;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.rm.RpcFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * The queues between a guest's driver and the firmware of its GPU, found in the driver's memory after its boot and used
 * without it. One thread.
 */
public final class GuestQueues {
    /** Layout of numbers. */
    public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int PAGE = QueueLayout.PAGE_BYTES;
    private static final int RPC = QueueLayout.RECORD_HEADER_BYTES;

    // TIMEOUT: the firmware reads a record in microseconds; so long on a busy machine.
    private static final long PATIENCE_NS = 20_000_000_000L;

    private final TappedFunction function;
    private final long pages;
    private final long commands;
    private final long answers;
    private int write;
    private int sequence = 0x4000;

    /** Finds them. */
    public GuestQueues(TappedFunction function) {
        this.function = function;
        long entry =
                function.find(BootLayout.LIBOS_ARGUMENT_BYTES, at -> function.getLong(at) == BootLayout.LIBOS_RMARGS);
        long arguments = function.getLong(entry + BootLayout.LIBOS_ADDRESS);
        pages = function.getLong(arguments + BootLayout.SHARED_MEM_PHYS_ADDR);
        commands = function.getLong(arguments + BootLayout.CMD_QUEUE_OFFSET);
        answers = function.getLong(arguments + BootLayout.STAT_QUEUE_OFFSET);
        write = function.getInt(at(commands + QueueLayout.WRITE_PTR));
    }

    private long at(long offset) {
        return function.getLong(pages + Long.BYTES * (offset / PAGE)) + offset % PAGE;
    }

    /** Elements of the command queue. */
    public int count() {
        return (int) ((answers - commands) / PAGE) - 1;
    }

    /** A sound record, as it lies in memory. */
    public byte[] record(int function, byte[] payload) {
        int length = QueueLayout.RPC_HEADER_BYTES + payload.length;
        byte[] bytes = new byte[QueueLayout.elements(length) * PAGE];
        MemorySegment record = MemorySegment.ofArray(bytes);
        record.set(INT, QueueLayout.SEQUENCE, sequence);
        record.set(INT, QueueLayout.ELEM_COUNT, bytes.length / PAGE);
        record.set(INT, RPC + QueueLayout.RPC_VERSION, QueueLayout.RPC_HEADER_VERSION);
        record.set(INT, RPC + QueueLayout.RPC_SIGNATURE, QueueLayout.RPC_SIGNATURE_VALID);
        record.set(INT, RPC + QueueLayout.RPC_LENGTH, length);
        record.set(INT, RPC + QueueLayout.RPC_FUNCTION, function);
        record.set(INT, RPC + QueueLayout.RPC_SEQUENCE, sequence++);
        System.arraycopy(payload, 0, bytes, RPC + QueueLayout.RPC_HEADER_BYTES, payload.length);
        seal(bytes);
        return bytes;
    }

    /** Gives a record the checksum that its length asks for, as far as there is so much. */
    public static void seal(byte[] bytes) {
        MemorySegment record = MemorySegment.ofArray(bytes);
        record.set(INT, QueueLayout.CHECKSUM, 0);
        int length = Math.clamp(record.get(INT, RPC + QueueLayout.RPC_LENGTH), 0, bytes.length - RPC);
        record.set(INT, QueueLayout.CHECKSUM, Checksum.of(bytes, RPC + length));
    }

    /** Puts a record and rings, without waiting. */
    public void put(byte[] record) {
        for (int from = 0; from < record.length; from += PAGE) {
            function.put(at(commands + PAGE * (1L + write)), record, from, PAGE);
            write = (write + 1) % count();
        }
        position(write);
    }

    /** Puts a record, rings, and waits until the firmware has taken it. */
    public void send(byte[] record) {
        put(record);
        settle();
    }

    /** As {@link #send(byte[])}, of a sound one. */
    public void send(RpcFunction function, byte[] payload) {
        send(record(function.number(), payload));
    }

    private void ask(RpcFunction function, byte[] payload) {
        send(function, payload);
        // What was taken has been done when the next one is taken.
        send(RpcFunction.INVALIDATE_TLB, new byte[0]);
    }

    /** Asks for an object. Returns when the firmware has answered, whatever it answers. */
    public void alloc(int client, int parent, int handle, int classNumber, byte[] parameters) {
        byte[] payload = new byte[RpcLayout.Alloc.PARAMS + parameters.length];
        MemorySegment rpc = MemorySegment.ofArray(payload);
        rpc.set(INT, RpcLayout.Alloc.CLIENT, client);
        rpc.set(INT, RpcLayout.Alloc.PARENT, parent);
        rpc.set(INT, RpcLayout.Alloc.OBJECT, handle);
        rpc.set(INT, RpcLayout.Alloc.CLASS, classNumber);
        rpc.set(INT, RpcLayout.Alloc.PARAMS_SIZE, parameters.length);
        System.arraycopy(parameters, 0, payload, RpcLayout.Alloc.PARAMS, parameters.length);
        ask(RpcFunction.GSP_RM_ALLOC, payload);
    }

    /** As {@link #alloc}: has an object freed. */
    public void free(int client, int object) {
        byte[] payload = new byte[RpcLayout.Free.BYTES];
        MemorySegment rpc = MemorySegment.ofArray(payload);
        rpc.set(INT, RpcLayout.Free.CLIENT, client);
        rpc.set(INT, RpcLayout.Free.OBJECT, object);
        ask(RpcFunction.FREE, payload);
    }

    /** As {@link #alloc}: asks for a control, with what is said of its size, right or wrong. */
    public void control(int client, int object, int command, byte[] parameters, int size) {
        byte[] payload = new byte[RpcLayout.Control.PARAMS + parameters.length];
        MemorySegment rpc = MemorySegment.ofArray(payload);
        rpc.set(INT, RpcLayout.Control.CLIENT, client);
        rpc.set(INT, RpcLayout.Control.OBJECT, object);
        rpc.set(INT, RpcLayout.Control.COMMAND, command);
        rpc.set(INT, RpcLayout.Control.PARAMS_SIZE, size);
        System.arraycopy(parameters, 0, payload, RpcLayout.Control.PARAMS, parameters.length);
        ask(RpcFunction.GSP_RM_CONTROL, payload);
    }

    /** Says how far commands are written, whatever is true, and rings. */
    public void position(int value) {
        function.putInt(at(commands + QueueLayout.WRITE_PTR), value);
        ring();
    }

    /** Says how far answers are read, whatever is true. */
    public void answersRead(int value) {
        function.putInt(at(commands + QueueLayout.READ_PTR), value);
    }

    /** Tells the firmware that there is something. */
    public void ring() {
        function.writeInt(0, Pgsp.QUEUE_HEAD.at(0).offset(), 0);
    }

    /** Overwrites what is shared: the list of pages, the commands' header, or the commands. */
    public void spoil(int offset, byte[] bytes) {
        int at = (int) Math.floorMod((long) offset, answers - bytes.length);
        int first = Math.min(bytes.length, PAGE - at % PAGE);
        function.put(at < PAGE ? pages + at : at(at), bytes, 0, first);
    }

    /** Overwrites everything that is shared. */
    public void spoilAll(byte[] page) {
        long[] all = new long[Math.toIntExact((2 * answers - commands) / PAGE)];
        Arrays.setAll(all, i -> function.getLong(pages + (long) Long.BYTES * i));
        for (long where : all) {
            function.put(where, page, 0, PAGE);
        }
    }

    /** What lies in the list of pages. */
    public byte[] pageList() {
        byte[] list = new byte[PAGE];
        for (int i = 0; i < PAGE; i += Integer.BYTES) {
            MemorySegment.ofArray(list).set(INT, i, function.getInt(pages + i));
        }
        return list;
    }

    /** Overwrites the list of pages. */
    public void pageList(byte[] list) {
        function.put(pages, list, 0, PAGE);
    }

    /** Waits until the firmware has taken all that was put, and leaves its answers unread. */
    public void settle() {
        long end = System.nanoTime() + PATIENCE_NS;
        for (long pauseNs = 1_000; function.getInt(at(answers + QueueLayout.READ_PTR)) != write; pauseNs *= 2) {
            assertThat(System.nanoTime() - end).as("firmware reads its queue").isNegative();
            // Whoever does not read answers gets no more of them.
            answersRead(function.getInt(at(answers + QueueLayout.WRITE_PTR)));
            ring();
            LockSupport.parkNanos(Math.min(pauseNs, 1_000_000));
        }
        answersRead(function.getInt(at(answers + QueueLayout.WRITE_PTR)));
    }
}
