package dev.nacre.board.ce;

import static dev.nacre.board.ce.CopyFixture.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.reg.Reg;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of random geometry against one that goes byte by byte. */
class RandomCopyTest {
    private static final int HALF = CopyFixture.SIZE / 2;
    private static final int COPIES = 60;

    /** First columns of the lines of 16 bytes of a GOB, in memory order; those of the right half are 32 further. */
    private static final int[][] GOB_LINES = {
        {0, 0}, {0, 1}, {0, 2}, {0, 3}, {16, 0}, {16, 1}, {16, 2}, {16, 3},
        {0, 4}, {0, 5}, {0, 6}, {0, 7}, {16, 4}, {16, 5}, {16, 6}, {16, 7}
    };

    /** A surface and where a copy begins in it, in elements. */
    private record Surface(
            boolean pitchLinear,
            int address,
            int pitch,
            int blockHeightLog2,
            int blockDepthLog2,
            int width,
            int height,
            int layer,
            int x,
            int y) {
        /** Where the byte of a column and line lies. */
        int offset(int columnBytes, int line, int elementBytes) {
            if (pitchLinear) {
                return address + line * pitch + columnBytes;
            }
            int column = x * elementBytes + columnBytes;
            int row = y + line;
            int rowsOfBlock = 8 << blockHeightLog2;
            int blocksWide = (width * elementBytes + 63) / 64;
            int blocksHigh = (height + rowsOfBlock - 1) / rowsOfBlock;
            int layersOfBlock = 1 << blockDepthLog2;
            int block = (layer / layersOfBlock * blocksHigh + row / rowsOfBlock) * blocksWide + column / 64;
            int gob = layer % layersOfBlock * (1 << blockHeightLog2) + row % rowsOfBlock / 8;
            int inBlock = gob * 512;
            int lines = column % 64 / 32 * GOB_LINES.length;
            for (int i = 0; i < GOB_LINES.length; i++) {
                if (GOB_LINES[i][0] == column % 32 / 16 * 16 && GOB_LINES[i][1] == row % 8) {
                    inBlock += (lines + i) * 16;
                }
            }
            return address + block * (512 << (blockHeightLog2 + blockDepthLog2)) + inBlock + column % 16;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void copyIsLikeOneByteByByte(long seed) {
        CopyFixture fixture = new CopyFixture(seed);
        SplittableRandom seeded = new SplittableRandom(seed);
        for (int i = 0; i < COPIES; i++) {
            copy(fixture, seeded, "seed=" + seed + " copy=" + i);
        }
    }

    private void copy(CopyFixture fixture, SplittableRandom random, String what) {
        boolean remap = random.nextBoolean();
        int componentBytes = remap ? 1 + random.nextInt(4) : 1;
        int sourceComponents = remap ? 1 + random.nextInt(4) : 1;
        int destinationComponents = remap ? 1 + random.nextInt(4) : 1;
        int sourceElement = componentBytes * sourceComponents;
        int destinationElement = componentBytes * destinationComponents;
        int length = 1 + random.nextInt(remap ? 150 : 2000);
        int lines = 1 + random.nextInt(14);
        Surface source = surface(random, 0, length, lines, sourceElement);
        Surface destination = surface(random, HALF, length, lines, destinationElement);
        int[] select = random.ints(4, 0, 7).toArray();
        int constantA = random.nextInt();
        int constantB = random.nextInt();

        byte[] expected = fixture.content();
        for (int line = 0; line < lines; line++) {
            for (int element = 0; element < length; element++) {
                for (int component = 0; component < destinationComponents; component++) {
                    int from = remap ? select[component] : 0;
                    for (int i = 0; i < componentBytes; i++) {
                        int to = destination.offset(
                                element * destinationElement + component * componentBytes + i,
                                line,
                                destinationElement);
                        if (from == 4 || from == 5) {
                            expected[to] = (byte) ((from == 4 ? constantA : constantB) >>> (8 * i));
                        } else if (from < 4) {
                            int at = source.offset(
                                    element * sourceElement + from * componentBytes + i, line, sourceElement);
                            expected[to] = from < sourceComponents ? expected[at] : 0;
                        }
                    }
                }
            }
        }

        set(fixture, source, true);
        set(fixture, destination, false);
        fixture.set(Nvc7b5.LINE_LENGTH_IN, length).set(Nvc7b5.LINE_COUNT, lines);
        fixture.set(Nvc7b5.SET_REMAP_CONST_A, constantA).set(Nvc7b5.SET_REMAP_CONST_B, constantB);
        fixture.set(
                Nvc7b5.SET_REMAP_COMPONENTS,
                select[0]
                        | select[1] << 4
                        | select[2] << 8
                        | select[3] << 12
                        | (componentBytes - 1) << 16
                        | (sourceComponents - 1) << 20
                        | (destinationComponents - 1) << 24);
        fixture.set(
                Nvc7b5.LAUNCH_DMA,
                2
                        | 1 << 9
                        | (source.pitchLinear ? 1 << 7 : 0)
                        | (destination.pitchLinear ? 1 << 8 : 0)
                        | (remap ? 1 << 10 : 0));
        runInPieces(fixture, random);

        assertThat(fixture.content()).as(what).isEqualTo(expected);
    }

    /** Runs with small budgets, and goes on with a saved context now and then. */
    private static void runInPieces(CopyFixture fixture, SplittableRandom random) {
        CopyContext context = fixture.context;
        fixture.budget.grant(1 + random.nextInt(30_000));
        while (!fixture.engine.run(context, fixture.space, fixture.budget)) {
            if (random.nextInt(3) == 0) {
                StateWriter saved = new StateWriter();
                context.save(saved);
                context = new CopyContext();
                context.restore(new StateReader(saved.toByteArray()));
            }
            fixture.budget.grant(1 + random.nextInt(30_000));
        }
        fixture.context.end();
    }

    private static void set(CopyFixture fixture, Surface surface, boolean isSource) {
        long address = BASE + surface.address;
        if (isSource) {
            fixture.source(address);
        } else {
            fixture.destination(address);
        }
        set(fixture, isSource, Nvc7b5.PITCH_IN, Nvc7b5.PITCH_OUT, surface.pitch);
        int size = surface.blockHeightLog2 << 4 | surface.blockDepthLog2 << 8 | 1 << 12;
        set(fixture, isSource, Nvc7b5.SET_SRC_BLOCK_SIZE, Nvc7b5.SET_DST_BLOCK_SIZE, size);
        set(fixture, isSource, Nvc7b5.SET_SRC_WIDTH, Nvc7b5.SET_DST_WIDTH, surface.width);
        set(fixture, isSource, Nvc7b5.SET_SRC_HEIGHT, Nvc7b5.SET_DST_HEIGHT, surface.height);
        set(fixture, isSource, Nvc7b5.SET_SRC_LAYER, Nvc7b5.SET_DST_LAYER, surface.layer);
        if ((surface.x & 1) == 0) {
            int origin = surface.x | surface.y << 16;
            set(fixture, isSource, Nvc7b5.SET_SRC_ORIGIN, Nvc7b5.SET_DST_ORIGIN, origin);
        } else {
            set(fixture, isSource, Nvc7b5.SRC_ORIGIN_X, Nvc7b5.DST_ORIGIN_X, surface.x);
            set(fixture, isSource, Nvc7b5.SRC_ORIGIN_Y, Nvc7b5.DST_ORIGIN_Y, surface.y);
        }
    }

    private static void set(CopyFixture fixture, boolean isSource, Reg source, Reg destination, int value) {
        fixture.set(isSource ? source : destination, value);
    }

    /** A surface inside the half of the memory that starts at {@code half}. */
    private static Surface surface(SplittableRandom random, int half, int length, int lines, int elementBytes) {
        int x = random.nextInt(40);
        int y = random.nextInt(14);
        if (random.nextBoolean()) {
            int pitch = length * elementBytes + (random.nextBoolean() ? 0 : random.nextInt(500));
            int address = half + random.nextInt(HALF - pitch * lines);
            return new Surface(true, address, pitch, 0, 0, 0, 0, 0, x, y);
        }
        // Small enough that no surface reaches into the other half.
        int heightLog2 = random.nextInt(4);
        int depthLog2 = random.nextInt(heightLog2 == 3 ? 2 : 3);
        int layer = random.nextInt(1 << depthLog2);
        int width = x + length + random.nextInt(20);
        int height = y + lines + random.nextInt(20);
        int address = half + random.nextInt(8) * 512;
        return new Surface(false, address, 0, heightLog2, depthLog2, width, height, layer, x, y);
    }
}
