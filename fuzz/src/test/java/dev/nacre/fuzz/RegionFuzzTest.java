package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nacre.fuzz.ModelFunction.Migrates;
import dev.nacre.fuzz.Peer.Reply;
import dev.nacre.pci.PciFunction;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * REGION_READ, REGION_WRITE and REGION_WRITE_MULTI as the script decides, pipelined, against arrays that say what the
 * regions must hold. One client that is told of errors, and one that is answered as hardware would; both stay connected
 * from one input to the next.
 */
final class RegionFuzzTest {
    private static final int MAX_OPERATIONS = 300;
    private static final int LONG_BYTES = 8 << 10;
    private static final int MAX_PIPELINED = 16;
    private static final int ENTRY = 24;

    /** A reply that is owed, and what it must carry. */
    private static final class Owed {
        private final int id;
        private final int command;
        private final int errno;
        private final byte[] body;

        private Owed(int id, int command, int errno, byte[] body) {
            this.id = id;
            this.command = command;
            this.errno = errno;
            this.body = body;
        }
    }

    private static @Nullable Serving strictServing;
    private static @Nullable Serving lenientServing;
    private static @Nullable Peer strict;
    private static @Nullable Peer lenient;

    @FuzzTest
    void anyAccesses(byte[] input) {
        Script script = new Script(input);
        boolean hardwareLike = script.flag();
        boolean succeeded = false;
        try {
            new Session(script, connected(hardwareLike), hardwareLike).run();
            succeeded = true;
        } finally {
            if (!succeeded) {
                disconnect(hardwareLike);
            }
        }
    }

    private static Peer connected(boolean hardwareLike) {
        if (hardwareLike) {
            lenientServing = lenientServing == null ? new Serving("lenient", Migrates.NOT) : lenientServing;
            lenient = lenient == null ? agreed(lenientServing, 1, Wire.RUST_VMM) : lenient;
            return lenient;
        }
        strictServing = strictServing == null ? new Serving("strict", Migrates.NOT) : strictServing;
        strict = strict == null ? agreed(strictServing, 0, Wire.QEMU) : strict;
        return strict;
    }

    private static Peer agreed(Serving serving, int minor, String json) {
        Peer peer = serving.connect();
        peer.send(Bytes.message(0, Wire.VERSION, 0, Wire.version(minor, json)), List.of());
        assertThat(peer.receive().errno()).isZero();
        return peer;
    }

    /** Gives up a connection whose state is not known, so that the next input has a new one. */
    private static void disconnect(boolean hardwareLike) {
        Peer broken = hardwareLike ? lenient : strict;
        if (broken != null) {
            broken.close();
        }
        if (hardwareLike) {
            lenient = null;
        } else {
            strict = null;
        }
    }

    /** One input's run. */
    private static final class Session {
        private final Script script;
        private final Peer peer;
        private final boolean hardwareLike;
        private final byte[] memory = new byte[ModelFunction.MEMORY_SIZE];
        private final ByteArrayOutputStream segment = new ByteArrayOutputStream();
        private final Deque<Owed> owed = new ArrayDeque<>();
        private int nextId;

        Session(Script script, Peer peer, boolean hardwareLike) {
            this.script = script;
            this.peer = peer;
            this.hardwareLike = hardwareLike;
        }

        void run() {
            say(Wire.RESET, false, new byte[0], 0, new byte[0]);
            for (int i = 0; i < MAX_OPERATIONS && script.hasMore(); i++) {
                switch (script.below(5)) {
                    case 0, 1 -> read();
                    case 2, 3 -> write();
                    default -> writeMulti();
                }
                if (owed.size() >= MAX_PIPELINED || segment.size() > LONG_BYTES) {
                    settle();
                }
            }
            settle();
        }

        private void read() {
            int region = region();
            long offset = offset(region);
            int count = count();
            byte[] request = Bytes.of().u64(offset).u32(region, count).get();
            if (isTooLong(count) || (!hardwareLike && !isInside(region, offset, count))) {
                say(Wire.REGION_READ, false, request, Wire.EINVAL, new byte[0]);
            } else {
                byte[] reply =
                        Bytes.of().raw(request).raw(held(region, offset, count)).get();
                say(Wire.REGION_READ, false, request, 0, reply);
            }
        }

        private void write() {
            boolean posted = script.flag();
            int region = region();
            long offset = offset(region);
            byte[] data = data();
            int claimed = script.u8() == 0xff ? script.i32() : data.length;
            byte[] fixed = Bytes.of().u64(offset).u32(region, claimed).get();
            byte[] request = Bytes.of().raw(fixed).raw(data).get();
            if (claimed != data.length || (!hardwareLike && !isInside(region, offset, data.length))) {
                say(Wire.REGION_WRITE, posted, request, Wire.EINVAL, new byte[0]);
            } else {
                hold(region, offset, data, data.length);
                say(Wire.REGION_WRITE, posted, request, 0, fixed);
            }
        }

        /** A few bytes; or so many that they are received where they belong, with nothing else under way meanwhile. */
        private byte[] data() {
            int length = script.below(72);
            if (length < 70) {
                return script.take(length);
            }
            settle();
            byte[] data = new byte[LONG_BYTES + script.u16() * (length - 69)];
            byte[] pattern = Arrays.copyOf(script.take(7), 7);
            for (int i = 0; i < data.length; i++) {
                data[i] = (byte) (pattern[i % pattern.length] + (i >> 12));
            }
            return data;
        }

        private void writeMulti() {
            boolean posted = script.flag();
            int entries = script.below(12);
            long claimed = script.u8() == 0xff ? script.i64() : entries;
            boolean ragged = script.u8() == 0xff;
            boolean sound = claimed == entries && !ragged;
            Bytes request = Bytes.of().u64(claimed);
            long done = 0;
            for (int i = 0; i < entries; i++) {
                int region = region();
                long offset = offset(region);
                int count = script.below(10);
                byte[] data = Arrays.copyOf(script.take(8), 8);
                request.u64(offset).u32(region, count).raw(data);
                if (sound && count <= 8 && isInside(region, offset, count)) {
                    hold(region, offset, data, count);
                    done++;
                }
            }
            byte[] body = ragged ? request.raw(new byte[ENTRY - 1]).get() : request.get();
            byte[] reply = sound ? Bytes.of().u64(done).get() : new byte[0];
            say(Wire.WRITE_MULTI, posted, body, sound ? 0 : Wire.EINVAL, reply);
        }

        private int region() {
            int choice = script.u8();
            return switch (choice % 8) {
                case 0, 1, 2, 3 -> ModelFunction.MEMORY;
                case 4 -> PciFunction.ROM_REGION;
                case 5 -> ModelFunction.WRITE_ONLY;
                case 6 -> 1;
                default -> choice == 0xff ? script.i32() | 0x8000_0000 : 9;
            };
        }

        private long offset(int region) {
            return switch (script.below(4)) {
                case 0 -> script.u8();
                case 1 -> script.u16();
                case 2 -> size(region) - script.u8();
                default -> script.i64();
            };
        }

        private int count() {
            return switch (script.below(6)) {
                case 0, 1, 2 -> script.below(17);
                case 3 -> script.u16();
                case 4 -> Wire.MAX_DATA - 128 + script.u8();
                default -> script.i32();
            };
        }

        private static boolean isTooLong(int count) {
            return Integer.compareUnsigned(count, Wire.MAX_DATA) > 0;
        }

        private static long size(int region) {
            return switch (region) {
                case ModelFunction.MEMORY -> ModelFunction.MEMORY_SIZE;
                case PciFunction.ROM_REGION -> ModelFunction.ROM_SIZE;
                case ModelFunction.WRITE_ONLY -> ModelFunction.WRITE_ONLY_SIZE;
                default -> 0;
            };
        }

        private static boolean isInside(int region, long offset, int count) {
            long size = size(region);
            return size > 0 && offset >= 0 && offset <= size && count <= size - offset;
        }

        /** What a read must give. */
        private byte[] held(int region, long offset, int count) {
            byte[] bytes = new byte[count];
            boolean readable = isInside(region, offset, count) && region != ModelFunction.WRITE_ONLY;
            if (!readable) {
                Arrays.fill(bytes, (byte) 0xff);
            } else if (region == ModelFunction.MEMORY) {
                System.arraycopy(memory, (int) offset, bytes, 0, count);
            } else {
                for (int i = 0; i < count; i++) {
                    bytes[i] = ModelFunction.romByte((int) offset + i);
                }
            }
            return bytes;
        }

        /** Takes note of a write that must take effect, if it is one to plain memory. */
        private void hold(int region, long offset, byte[] data, int count) {
            if (region == ModelFunction.MEMORY && isInside(region, offset, count)) {
                System.arraycopy(data, 0, memory, (int) offset, count);
            }
        }

        private void say(int command, boolean posted, byte[] body, int errno, byte[] reply) {
            int id = nextId++ & 0xffff;
            segment.writeBytes(Bytes.message(id, command, posted ? Wire.NO_REPLY : 0, body));
            if (!posted) {
                owed.add(new Owed(id, command, errno, reply));
            }
        }

        /** Sends what was gathered and takes what is owed. */
        private void settle() {
            assertThat(peer.send(segment.toByteArray(), List.of())).isTrue();
            segment.reset();
            while (!owed.isEmpty()) {
                Owed next = owed.remove();
                Reply reply = peer.receive();
                assertThat(reply.id()).isEqualTo(next.id);
                assertThat(reply.command()).isEqualTo(next.command);
                assertThat(reply.errno()).isEqualTo(next.errno);
                assertThat(Arrays.equals(reply.body(), next.body))
                        .as("the reply to message " + next.id)
                        .isTrue();
            }
        }
    }
}
