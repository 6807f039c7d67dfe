package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.vfiouser.RawClient.Reply;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * However a sequence of messages is cut into segments, the outcome is that of sending them one by one: the same replies,
 * the same memory mapped, the same registers, no descriptor left.
 */
@ExtendWith(LeavesNothing.class)
class FramingPropertyTest {
    private static final int SEQUENCES = 40;
    private static final int FILE_PAGES = 16;
    private static final int PAGE = 0x1000;

    private final Fd file = Memfd.ofFixedSize("framing", (long) FILE_PAGES * PAGE);

    /** A message, and whether the file goes with it. */
    private static final class Message {
        private final byte[] bytes;
        private final boolean answered;
        private final boolean withFile;

        private Message(byte[] bytes, boolean answered, boolean withFile) {
            this.bytes = bytes;
            this.answered = answered;
            this.withFile = withFile;
        }
    }

    /** Fixed seeds, so that a build means the same each time, and one that is new each time. */
    static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 0; seed < SEQUENCES; seed++) {
            seeds.add(seed);
        }
        seeds.add(System.nanoTime());
        return seeds;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyCutGivesWhatMessagesOneByOneGive(long seed) throws Exception {
        Random random = new Random(seed);
        List<Message> messages = messages(random);

        String oneByOne = outcome(messages, messages);
        String cut = outcome(messages, cut(messages, random));
        String byteByByte = outcome(messages, byteByByte(messages));
        file.close();

        assertThat(cut).isEqualTo(oneByOne);
        assertThat(byteByByte).isEqualTo(oneByOne);
    }

    /** Sends segments, those that begin a message with a file together with it, and describes all that came of it. */
    private String outcome(List<Message> messages, List<Message> segments) throws Exception {
        long before = OpenFds.count();
        StringBuilder text = new StringBuilder();
        try (Served served = Served.negotiated()) {
            for (Message segment : segments) {
                served.client.send(segment.bytes, segment.withFile ? new Fd[] {file} : new Fd[0]);
            }
            for (Message message : messages) {
                if (message.answered) {
                    Reply reply = served.client.receive();
                    text.append(reply.id()).append(' ').append(reply.command()).append(' ');
                    text.append(reply.errno())
                            .append(' ')
                            .append(Arrays.hashCode(reply.body()))
                            .append('\n');
                }
            }
            served.client.assertUsable();
            for (int page = 0; page < FILE_PAGES; page++) {
                text.append(served.function.memory().isMapped((long) page * PAGE, 1, false) ? 'm' : '-');
            }
            byte[] registers = served.function
                    .contents(FakeFunction.BAR0)
                    .asSlice(0, FakeFunction.BAR0_SIZE)
                    .toArray(ValueLayout.JAVA_BYTE);
            text.append(' ').append(Arrays.hashCode(registers)).append(served.function.calls);
            text.append(' ').append(served.leave());
        }
        assertThat(OpenFds.count()).isEqualTo(before);
        return text.toString();
    }

    /**
     * Cuts the stream anywhere and joins what is between; but what lies before a message with a file ends a segment, for
     * a file goes with a segment's first byte, and so does that message's beginning, for nothing tells where in a longer
     * segment the file belongs.
     */
    private static List<Message> cut(List<Message> messages, Random random) {
        List<Message> segments = new ArrayList<>();
        ByteArrayOutputStream gathered = new ByteArrayOutputStream();
        for (Message message : messages) {
            if (message.withFile) {
                add(segments, gathered);
                int first = 1 + random.nextInt(message.bytes.length);
                segments.add(new Message(Arrays.copyOf(message.bytes, first), false, true));
                gathered.write(message.bytes, first, message.bytes.length - first);
            } else {
                for (byte b : message.bytes) {
                    gathered.write(b);
                    if (random.nextInt(60) == 0) {
                        add(segments, gathered);
                    }
                }
            }
        }
        add(segments, gathered);
        return segments;
    }

    private static List<Message> byteByByte(List<Message> messages) {
        List<Message> segments = new ArrayList<>();
        for (Message message : messages) {
            boolean withFile = message.withFile;
            for (byte b : message.bytes) {
                segments.add(new Message(new byte[] {b}, false, withFile));
                withFile = false;
            }
        }
        return segments;
    }

    private static void add(List<Message> segments, ByteArrayOutputStream gathered) {
        if (gathered.size() > 0) {
            segments.add(new Message(gathered.toByteArray(), false, false));
            gathered.reset();
        }
    }

    private static List<Message> messages(Random random) {
        List<Message> messages = new ArrayList<>();
        int count = 1 + random.nextInt(40);
        for (int id = 1; id <= count; id++) {
            messages.add(message(id, random));
        }
        return messages;
    }

    private static Message message(int id, Random random) {
        boolean posted = random.nextInt(3) == 0;
        boolean withFile = false;
        int command;
        byte[] body;
        switch (random.nextInt(8)) {
            case 0 -> {
                command = RawClient.DMA_MAP;
                withFile = random.nextInt(4) != 0;
                body = Bytes.of()
                        .u32(32, 1 + random.nextInt(3))
                        .u64((long) random.nextInt(FILE_PAGES) * PAGE)
                        .u64((long) random.nextInt(FILE_PAGES) * PAGE)
                        .u64(PAGE)
                        .get();
            }
            case 1 -> {
                command = RawClient.DMA_UNMAP;
                body = Bytes.of()
                        .u32(24, 0)
                        .u64((long) random.nextInt(FILE_PAGES) * PAGE)
                        .u64(PAGE)
                        .get();
            }
            case 2, 3 -> {
                command = RawClient.REGION_WRITE;
                byte[] data = new byte[random.nextInt(64)];
                random.nextBytes(data);
                body = Bytes.of()
                        .u64(random.nextInt(0x1100))
                        .u32(random.nextInt(3), data.length)
                        .raw(data)
                        .get();
            }
            case 4, 5 -> {
                command = RawClient.REGION_READ;
                body = Bytes.of()
                        .u64(random.nextInt(0x1100))
                        .u32(random.nextInt(3), random.nextInt(300))
                        .get();
            }
            case 6 -> {
                command = RawClient.GET_INFO;
                body = Bytes.of().u32(16, 0, 0, 0).get();
            }
            default -> {
                // Anything: most of it is refused, all of it is answered.
                command = random.nextInt(30);
                body = new byte[random.nextInt(100)];
                random.nextBytes(body);
                withFile = random.nextInt(4) == 0;
            }
        }
        byte[] bytes = Bytes.message(id, command, posted ? RawClient.NO_REPLY : 0, body);
        return new Message(bytes, !posted, withFile);
    }
}
