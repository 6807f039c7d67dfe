package dev.nacre.display.rfb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages mean the same however the stream is cut. */
final class RfbFramingTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void messagesAreTheSameHoweverTheyArrive(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] said = conversation(random);

        List<ClientMessage> whole = read(new ByteArrayInputStream(said));
        List<ClientMessage> pieces = read(new Pieces(said, random));

        assertThat(whole).hasSize(40);
        assertThat(pieces).isEqualTo(whole);
    }

    private static List<ClientMessage> read(InputStream from) throws IOException {
        ClientMessages messages = new ClientMessages(new DataInputStream(from));
        List<ClientMessage> all = new ArrayList<>();
        for (ClientMessage next = messages.next(); next != null; next = messages.next()) {
            all.add(next);
        }
        return all;
    }

    private static byte[] conversation(SplittableRandom random) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (int i = 0; i < 40; i++) {
            switch (random.nextInt(8)) {
                case 0 -> out.write(new byte[] {0, 0, 0, 0, 16, 16, 1, 1, 0, 31, 0, 63, 0, 31, 11, 5, 0, 0, 0, 0});
                case 1 -> {
                    int count = random.nextInt(20);
                    out.write(new byte[] {2, 0, 0, (byte) count});
                    for (int k = 0; k < count; k++) {
                        out.writeInt(random.nextInt(-320, 20));
                    }
                }
                case 2 -> {
                    out.write(new byte[] {3, 1});
                    out.writeLong(random.nextLong());
                }
                case 3 -> out.write(new byte[] {4, 1, 0, 0, 0, 0, 0, 65});
                case 4 -> out.write(new byte[] {5, 0, 0, 1, 0, 1});
                case 5 -> {
                    int length = random.nextInt(3000);
                    out.write(new byte[] {6, 0, 0, 0});
                    out.writeInt(length);
                    out.write(new byte[length]);
                }
                case 6 -> {
                    int screens = random.nextInt(5);
                    out.write(new byte[] {(byte) 251, 0, 0, 9, 0, 9, (byte) screens, 0});
                    out.write(new byte[16 * screens]);
                }
                default -> out.write(new byte[] {-1, 0, 0, 1, 0, 0, 0, 65, 0, 0, 0, 30});
            }
        }
        return bytes.toByteArray();
    }

    /** Gives a few bytes at a time. */
    private static final class Pieces extends InputStream {
        private final ByteArrayInputStream from;
        private final SplittableRandom random;

        Pieces(byte[] bytes, SplittableRandom random) {
            this.from = new ByteArrayInputStream(bytes);
            this.random = random;
        }

        @Override
        public int read() {
            return from.read();
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            return from.read(to, offset, Math.min(length, 1 + random.nextInt(7)));
        }
    }
}
