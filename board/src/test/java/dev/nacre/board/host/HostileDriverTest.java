package dev.nacre.board.host;

import static dev.nacre.board.host.HostFixture.CE1;
import static dev.nacre.board.host.HostFixture.CE2;
import static dev.nacre.board.host.HostFixture.GR0;
import static dev.nacre.board.host.HostFixture.SYSTEM;
import static dev.nacre.board.host.HostFixture.VIDEO;
import static dev.nacre.board.host.HostFixture.semaphore;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.engine.EngineWorker;
import dev.nacre.board.host.HostFixture.TestChannel;
import dev.nacre.board.mmu.MmuFixture;
import dev.nacre.board.mmu.PageTables;
import dev.nacre.hw.copy.Nvc7b5;
import dev.nacre.hw.host.HostMethod;
import dev.nacre.hw.reg.Reg;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Drivers that send nonsense: the host neither fails nor hangs, and serves others. */
class HostileDriverTest {
    private static final long SEM = 0x1f_0000;
    private static final int ROUNDS = 150;
    private static final int[] ENGINES = {GR0, CE1, CE2};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomWordsHarmNobody(long seed) {
        run(seed, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomMethodsThatExistHarmNobody(long seed) {
        run(seed, true);
    }

    private static void run(long seed, boolean plausible) {
        SplittableRandom random = new SplittableRandom(seed);
        try (HostFixture fixture = new HostFixture()) {
            PageTables tables = badTables(fixture);
            for (int round = 0; round < ROUNDS; round++) {
                int engine = ENGINES[random.nextInt(ENGINES.length)];
                TestChannel bad = fixture.channel(7, engine, false, tables::root);
                for (int entry = random.nextInt(6); entry >= 0; entry--) {
                    if (random.nextInt(20) == 0) {
                        bad.entry(random.nextLong());
                    } else {
                        bad.push(plausible ? methods(random) : words(random));
                    }
                }
                bad.kick();
                TestChannel good = fixture.channel(8, ENGINES[random.nextInt(ENGINES.length)]);
                good.push(semaphore(VIDEO + SEM, round + 1, 1)).kick();
                int expected = round + 1;

                fixture.await(() -> fixture.video(SEM) == expected);

                fixture.host.free(bad.handle);
                fixture.host.free(good.handle);
            }
            assertThat(fixture.host.statistics().defects()).as("seed=%d", seed).isZero();
            assertThat(fixture.host.workers()).extracting(EngineWorker::defects).containsOnly(0L);
            assertThat(fixture.failures.size()).as("seed=%d", seed).isPositive();
        }
    }

    /** Maps memory that the good channel has no use for. */
    private static PageTables badTables(HostFixture fixture) {
        PageTables tables = new PageTables(fixture.memory.mmu.memory(), 12 * MmuFixture.MIB, 0);
        long own = HostFixture.CHANNEL_BASE + 7 * HostFixture.CHANNEL_STRIDE;
        tables.mapVideo(VIDEO, 0, MmuFixture.MIB).mapSystem(SYSTEM, MmuFixture.SYSTEM_BASE, MmuFixture.MIB);
        return tables.mapVideo(VIDEO + own, own, HostFixture.CHANNEL_STRIDE);
    }

    private static int[] words(SplittableRandom random) {
        return random.ints(1 + random.nextInt(40)).toArray();
    }

    /** Headers and data that mostly make sense to somebody. */
    private static int[] methods(SplittableRandom random) {
        int[] words = new int[60];
        int at = 0;
        while (at < words.length - 8) {
            int count = 1 + random.nextInt(5);
            int address = address(random);
            // With physical addresses a driver can harm itself everywhere.
            int mask = address == Nvc7b5.LAUNCH_DMA.offset() ? ~0x3000 : -1;
            int operation = new int[] {1, 3, 5}[random.nextInt(3)];
            words[at++] = operation << 29 | count << 16 | random.nextInt(5) << 13 | address >> 2;
            for (int i = 0; i < count; i++) {
                words[at++] = data(random) & mask;
            }
        }
        return words;
    }

    private static int address(SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            HostMethod[] methods = HostMethod.values();
            HostMethod method = methods[random.nextInt(methods.length)];
            return method == HostMethod.ILLEGAL ? HostMethod.NOP.address() : method.address();
        }
        Reg method = Nvc7b5.METHODS.get(random.nextInt(Nvc7b5.METHODS.size()));
        return random.nextInt(4) == 0 ? Nvc7b5.LAUNCH_DMA.offset() : method.offset();
    }

    private static int data(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> random.nextInt();
            case 1 -> 0xc7b5;
            case 2 -> (int) ((random.nextBoolean() ? VIDEO : SYSTEM) >>> 32);
            case 3 -> random.nextInt(0x1000) << 8;
            case 4 -> 1 << random.nextInt(32);
            default -> random.nextInt(8);
        };
    }
}
