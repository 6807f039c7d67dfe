package dev.nacre.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.board.state.StateException;
import dev.nacre.hw.chip.Chip;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoardStateTest {
    private static final int PRAMIN = 0x700000;
    // What is meant to be scribbled on: all units, and a few places where there is none.
    private static final int[] UNITS = {
        0x000000, 0x001000, 0x009000, 0x070000, 0x088000, 0x100000, 0x101000, 0x110000, 0x111000, 0x118000, 0x1fa000,
        0x300000, 0x601000, 0x611000, 0x616000, 0x680000, 0x68a000, 0x690000, 0x6d8000, 0x700000, 0x820000, 0x824000,
        0x840000, 0x841000, 0xb81000, 0xb83000, 0xbb0000, 0x030000, 0xa00000
    };

    private final BoardRig rig = new BoardRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aRestoredBoardIsTheSameBoard(long seed) throws Exception {
        scribble(rig, new Random(seed), 5_000);
        byte[] state = saved(rig);
        try (BoardRig other = new BoardRig()) {
            scribble(other, new Random(seed + 100), 1_000);

            other.board.restore(new ByteArrayInputStream(state));

            assertThat(contents(saved(other))).isEqualTo(contents(state));
            other.enable();
            rig.enable();
            for (int address = 0x1400; address < 0x1720; address += 4) {
                assertThat(other.read(address)).isEqualTo(rig.read(address));
            }
        }
    }

    @Test
    void memoryIsSavedSparselyAndRestored() throws Exception {
        rig.write(0x1700, 0x7000);
        rig.write(PRAMIN + 4, 0x0badcafe);
        // A page that was touched, and is zero again.
        rig.write(PRAMIN + 0x40000, 1);
        rig.write(PRAMIN + 0x40000, 0);
        byte[] state = saved(rig);
        assertThat(state.length).isLessThan(4 << 20);
        try (BoardRig other = new BoardRig()) {
            other.write(0x1700, 0x10);
            other.write(PRAMIN, -1);

            other.board.restore(new ByteArrayInputStream(state));

            assertThat(other.read(PRAMIN + 4)).isEqualTo(0x0badcafe);
            other.write(0x1700, 0x10);
            assertThat(other.read(PRAMIN)).isZero();
        }
    }

    @Test
    void damagedStateIsRefusedWhereverTheDamageIsAndTheBoardIsReset() throws Exception {
        rig.write(0x1438, 77);
        byte[] state = saved(rig);
        Random random = new Random(9);
        for (int i = 0; i < 40; i++) {
            byte[] damaged = state.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));

            assertThatThrownBy(() -> rig.board.restore(new ByteArrayInputStream(damaged)))
                    .isInstanceOf(StateException.class);
        }

        rig.enable();
        assertThat(rig.read(0x1438)).isZero();
    }

    @Test
    void stateThatIsCutOffIsRefused() throws Exception {
        byte[] state = saved(rig);
        for (int length : new int[] {0, 5, 8, 30, state.length / 2, state.length - 1}) {
            byte[] cut = Arrays.copyOf(state, length);

            assertThatThrownBy(() -> rig.board.restore(new ByteArrayInputStream(cut)))
                    .isInstanceOf(StateException.class);
        }
    }

    @Test
    void stateOfAnotherBoardIsRefused() throws Exception {
        byte[] state = saved(rig);
        try (BoardRig other = new BoardRig(new BoardConfig(Chip.GA102, BoardRig.FB_BYTES, 1))) {
            assertThatThrownBy(() -> other.board.restore(new ByteArrayInputStream(state)))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("ad102")
                    .hasMessageContaining("ga102");
        }
    }

    @Test
    void aRestoredBoardTellsItsPendingInterrupts() throws Exception {
        rig.write(0xb81200 + 16, -1);
        rig.write(0xb81608, 0xf);
        rig.write(0xb81640, 129);
        byte[] state = saved(rig);
        try (BoardRig other = new BoardRig()) {
            other.board.restore(new ByteArrayInputStream(state));

            assertThat(other.messages).hasValue(1);
            assertThat(other.read(0xb81010)).isEqualTo(2);
        }
    }

    /** The board's state, when its engines have come to rest. */
    static byte[] saved(BoardRig rig) throws IOException {
        assertThat(rig.board.drain(TimeUnit.SECONDS.toNanos(30))).isTrue();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        rig.board.save(out);
        return out.toByteArray();
    }

    /** What is in saved state, by part and value, short enough to be printed. */
    static Map<String, String> contents(byte[] state) {
        ByteBuffer in = ByteBuffer.wrap(state);
        in.position(12);
        text(in);
        in.position(in.position() + 16);
        Map<String, String> contents = new TreeMap<>();
        for (int parts = in.getInt(); parts > 0; parts--) {
            String part = text(in);
            int end = in.getInt() + in.position();
            while (in.position() < end) {
                String name = text(in);
                byte[] value = new byte[in.getInt()];
                in.get(value);
                contents.put(part + "." + name, summary(value));
            }
        }
        for (long at = in.getLong(); at >= 0; at = in.getLong()) {
            byte[] page = new byte[0x10000];
            in.get(page);
            contents.put("page " + Long.toHexString(at), summary(page));
        }
        return contents;
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static String summary(byte[] bytes) {
        return bytes.length <= 64
                ? HexFormat.of().formatHex(bytes)
                : bytes.length + " bytes, hash " + Integer.toHexString(Arrays.hashCode(bytes));
    }

    /** Writes anything anywhere, with a weakness for the places where something is. */
    static void scribble(BoardRig rig, Random random, int count) {
        for (int i = 0; i < count; i++) {
            int address = random.nextInt(20) == 0
                    ? random.nextInt(16 << 18) * 4
                    : UNITS[random.nextInt(UNITS.length)] + random.nextInt(0x400) * 4;
            // Not config space: it would turn the board off, or reset it.
            if (address >= 0x88000 && address < 0x89000) {
                address = 0x88050;
            }
            if (random.nextInt(4) == 0) {
                rig.read(address);
            } else {
                rig.write(address, random.nextBoolean() ? random.nextInt() : random.nextInt(0x200));
            }
        }
    }
}
