package dev.nacre.corejava.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import java.util.Random;
import java.util.function.Consumer;

/** Feeds parsers with input that nobody would make: whatever it is, they take it, or say IO. */
public final class Hostility {
    private static final long SEED = 0x6e61637265L;
    private static final int ROUNDS = 1500;
    private static final int[] EDGES = {0, 1, 0x7f, 0x80, 0xff};

    private Hostility() {}

    /** Damages good input in random places, and feeds pure noise of its length too. */
    public static void assertTakenOrRefused(byte[] good, Consumer<byte[]> parser) {
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(SEED + round);
            byte[] input = round % 10 == 0 ? noise(random, random.nextInt(good.length + 1)) : damage(good, random);
            feed(input, parser, SEED + round);
        }
    }

    private static byte[] noise(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] damage(byte[] good, Random random) {
        byte[] bytes = good.clone();
        int damages = 1 + random.nextInt(4);
        for (int i = 0; i < damages; i++) {
            int at = random.nextInt(bytes.length);
            int run = Math.min(bytes.length - at, 1 << random.nextInt(4));
            for (int k = 0; k < run; k++) {
                bytes[at + k] = (byte) (random.nextBoolean() ? random.nextInt() : EDGES[random.nextInt(EDGES.length)]);
            }
        }
        return bytes;
    }

    private static void feed(byte[] input, Consumer<byte[]> parser, long seed) {
        try {
            parser.accept(input);
        } catch (CoreException e) {
            assertThat(e.error()).as("seed %d", seed).isEqualTo(CoreError.IO);
        } catch (RuntimeException e) {
            fail("seed " + seed, e);
        }
    }
}
