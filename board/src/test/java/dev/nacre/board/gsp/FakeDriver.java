package dev.nacre.board.gsp;

import dev.nacre.board.rm.WireStruct;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A driver's side of the shared memory, written from the queues' description and not with the code under test. Its pages
 * lie in a random order, with gaps.
 */
final class FakeDriver {
    static final int PAGE = 0x1000;
    static final int PAGES = 129;
    static final int COMMAND = 0x1000;
    static final int STATUS = 0x41000;
    static final int COUNT = 63;

    static final long WPR_META = 0x10_0000;
    static final long LIBOS = 0x10_1000;
    static final long RM_ARGUMENTS = 0x10_2000;
    static final long SR_META = 0x10_3000;
    private static final long SHARED_BASE = 0x20_0000;
    private static final int RAM_BYTES = 8 << 20;

    static final int FB_BYTES = 80 << 20;
    static final long NON_WPR_HEAP = 68L << 20;

    final byte[] ram = new byte[RAM_BYTES];
    final GuestMemory memory = new GuestMemory();
    final long[] pages = new long[PAGES];
    int commandWrite;
    int commandSequence;
    int statusRead;
    int statusSequence;

    /** A message from the GSP. */
    static final class Message {
        int function;
        int result;
        int sequence;
        int length;
        int elements;
        byte[] payload = new byte[0];
        byte[] raw = new byte[0];

        WireStruct body() {
            return WireStruct.over(payload);
        }
    }

    FakeDriver(long seed) {
        memory.map(0, MemorySegment.ofArray(ram), true, true);
        memory.busMaster(true);
        shufflePages(seed);
        prepare();
    }

    private void shufflePages(long seed) {
        List<Long> places = new ArrayList<>();
        for (int i = 0; i < 3 * PAGES; i++) {
            places.add(SHARED_BASE + (long) i * PAGE);
        }
        java.util.Collections.shuffle(places, new Random(seed));
        for (int i = 0; i < PAGES; i++) {
            pages[i] = places.get(i);
        }
    }

    /** Puts everything that the GSP reads at a start into memory. */
    void prepare() {
        commandWrite = 0;
        commandSequence = 0;
        statusRead = 0;
        statusSequence = 0;
        WireStruct all = WireStruct.over(ram);
        for (int i = 0; i < PAGES; i++) {
            java.util.Arrays.fill(ram, (int) pages[i], (int) pages[i] + PAGE, (byte) 0);
        }
        for (int i = 0; i < PAGES; i++) {
            all.put64((int) pages[0] + 8 * i, pages[i]);
        }
        all.put64((int) WPR_META, 0xdc3aae21371a60b3L);
        all.put64((int) WPR_META + 8, 1);
        all.put64((int) WPR_META + 0x60, NON_WPR_HEAP);
        libos(0, "LOGINIT", 0x30_0000);
        libos(1, "RMARGS", RM_ARGUMENTS);
        all.put64((int) RM_ARGUMENTS, pages[0]);
        all.put32((int) RM_ARGUMENTS + 8, PAGES);
        all.put64((int) RM_ARGUMENTS + 16, COMMAND);
        all.put64((int) RM_ARGUMENTS + 24, STATUS);
        put(COMMAND + 0, 0);
        put(COMMAND + 4, 0x40000);
        put(COMMAND + 8, PAGE);
        put(COMMAND + 12, COUNT);
        put(COMMAND + 20, 1);
        put(COMMAND + 24, 32);
        put(COMMAND + 28, PAGE);
    }

    private void libos(int index, String name, long address) {
        long id = 0;
        for (int i = 0; i < name.length(); i++) {
            id = id << 8 | name.charAt(i);
        }
        int at = (int) LIBOS + 32 * index;
        WireStruct all = WireStruct.over(ram);
        all.put64(at, id);
        all.put64(at + 8, address);
        all.put64(at + 16, PAGE);
        all.put8(at + 24, 1);
        all.put8(at + 25, 1);
    }

    private int at(int offset) {
        return (int) pages[offset / PAGE] + offset % PAGE;
    }

    int get(int offset) {
        return WireStruct.over(ram).get32(at(offset));
    }

    void put(int offset, int value) {
        WireStruct.over(ram).put32(at(offset), value);
    }

    /** Sends a message as one or more records, without ringing. */
    void send(int function, byte[] payload) {
        int max = 0x10000 - 48 - 32;
        int first = Math.min(payload.length, max);
        record(function, java.util.Arrays.copyOf(payload, first), 32 + first);
        for (int at = first; at < payload.length; at += max) {
            int bytes = Math.min(max, payload.length - at);
            record(71, java.util.Arrays.copyOfRange(payload, at, at + bytes), 32 + bytes);
        }
    }

    /** Sends one record whose length need not count all of its payload. */
    void record(int function, byte[] payload, int rpcLength) {
        int elements = (48 + Math.max(rpcLength, 32 + payload.length) + PAGE - 1) / PAGE;
        byte[] bytes = new byte[elements * PAGE];
        WireStruct out = WireStruct.over(bytes);
        out.put32(0x24, commandSequence++);
        out.put32(0x28, elements);
        out.put32(0x30, 0x03000000);
        out.put32(0x34, 0x43505256);
        out.put32(0x38, rpcLength);
        out.put32(0x3c, function);
        out.put32(0x40, -1);
        out.put32(0x44, -1);
        out.put32(0x48, 0x1234);
        out.put(0x50, payload);
        out.put32(0x20, checksum(bytes, 48 + rpcLength));
        raw(bytes);
    }

    /** Puts elements into the command queue as they are. */
    void raw(byte[] bytes) {
        for (int i = 0; i < bytes.length / PAGE; i++) {
            int element = COMMAND + PAGE * (1 + commandWrite);
            System.arraycopy(bytes, i * PAGE, ram, at(element), PAGE);
            commandWrite = (commandWrite + 1) % COUNT;
        }
        put(COMMAND + 0x10, commandWrite);
    }

    static int checksum(byte[] bytes, int length) {
        long sum = 0;
        WireStruct words = WireStruct.over(bytes);
        for (int i = 0; i < length; i += 8) {
            sum ^= words.get64(i);
        }
        return (int) (sum >>> 32) ^ (int) sum;
    }

    /** Whether there is a message in the status queue. */
    boolean hasMessage() {
        return get(STATUS + 0x10) != statusRead;
    }

    /** Takes the next message from the status queue, checked. */
    Message receive() {
        if (!hasMessage()) {
            throw new AssertionError("There is no message");
        }
        byte[] first = element(statusRead);
        int elements = WireStruct.over(first).get32(0x28);
        byte[] bytes = new byte[elements * PAGE];
        for (int i = 0; i < elements; i++) {
            System.arraycopy(element((statusRead + i) % COUNT), 0, bytes, i * PAGE, PAGE);
        }
        statusRead = (statusRead + elements) % COUNT;
        put(COMMAND + 0x20, statusRead);
        WireStruct in = WireStruct.over(bytes);
        Message message = new Message();
        message.raw = bytes;
        message.elements = elements;
        message.length = in.get32(0x38);
        message.function = in.get32(0x3c);
        message.result = in.get32(0x40);
        message.sequence = in.get32(0x48);
        message.payload = java.util.Arrays.copyOfRange(bytes, 0x50, 0x30 + message.length);
        if (checksum(bytes, 48 + message.length) != 0
                || in.get32(0x24) != statusSequence++
                || in.get32(0x34) != 0x43505256
                || in.get32(0x44) != message.result) {
            throw new AssertionError("Bad record: function=" + message.function + " sequence=" + in.get32(0x24));
        }
        return message;
    }

    private byte[] element(int index) {
        int at = at(STATUS + PAGE * (1 + index));
        return java.util.Arrays.copyOfRange(ram, at, at + PAGE);
    }

    static byte[] control(int client, int object, int command, byte[] params) {
        WireStruct out = WireStruct.ofSize(24 + params.length);
        out.put32(0, client);
        out.put32(4, object);
        out.put32(8, command);
        out.put32(12, -1);
        out.put32(16, params.length);
        out.put(24, params);
        return out.toByteArray();
    }

    static byte[] alloc(int client, int parent, int object, int rmClass, byte[] params) {
        WireStruct out = WireStruct.ofSize(32 + params.length);
        out.put32(0, client);
        out.put32(4, parent);
        out.put32(8, object);
        out.put32(12, rmClass);
        out.put32(16, -1);
        out.put32(20, params.length);
        out.put(32, params);
        return out.toByteArray();
    }

    static byte[] free(int client, int object) {
        WireStruct out = WireStruct.ofSize(16);
        out.put32(0, client);
        out.put32(8, object);
        return out.toByteArray();
    }
}
