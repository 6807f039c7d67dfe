package dev.nacre.board.engine;

import static dev.nacre.board.engine.SharingPolicy.BEST_EFFORT;
import static dev.nacre.board.engine.SharingPolicy.EQUAL_SHARE;
import static dev.nacre.board.engine.SharingPolicy.FIXED_SHARE;
import static dev.nacre.board.engine.SharingSimulation.MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.nacre.board.engine.SharingSimulation.Client;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeSharingTest {
    private static final long SLICE = 2 * MS;
    private static final Percentage CLOSE = Percentage.withPercentage(5);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 32, 48})
    void busyGuestsHaveEqualPartsByEveryRule(int guests) {
        for (SharingPolicy policy : SharingPolicy.values()) {
            SharingSimulation engine = new SharingSimulation(policy, SLICE);
            for (int gfid = 1; gfid <= guests; gfid++) {
                engine.endless(gfid, guests);
            }

            engine.run(100 * SLICE * guests);

            assertThat(engine.clients)
                    .as("%s", policy)
                    .allSatisfy(guest -> assertThat(guest.share(engine.nowNs)).isCloseTo(1.0 / guests, CLOSE));
        }
    }

    @Test
    void fixedShareIsThatOfTheFullBoardHoweverFewThereAre() {
        SharingSimulation engine = new SharingSimulation(FIXED_SHARE, SLICE);
        Client alone = engine.endless(1, 8);

        engine.run(2000 * SLICE);

        assertThat(alone.share(engine.nowNs)).isCloseTo(1.0 / 8, CLOSE);
    }

    @Test
    void fixedSharesOfDifferentTypesAreKept() {
        SharingSimulation engine = new SharingSimulation(FIXED_SHARE, SLICE);
        Client half = engine.endless(1, 2);
        List<Client> eighths =
                List.of(engine.endless(2, 8), engine.endless(3, 8), engine.endless(4, 8), engine.endless(5, 8));

        engine.run(2000 * SLICE);

        assertThat(half.share(engine.nowNs)).isCloseTo(1.0 / 2, CLOSE);
        assertThat(eighths)
                .allSatisfy(guest -> assertThat(guest.share(engine.nowNs)).isCloseTo(1.0 / 8, CLOSE));
    }

    @ParameterizedTest
    @EnumSource(
            value = SharingPolicy.class,
            names = {"EQUAL_SHARE", "FIXED_SHARE"})
    void unusedPartOfAShareIsLost(SharingPolicy policy) {
        SharingSimulation engine = new SharingSimulation(policy, SLICE);
        Client busy = engine.endless(1, 4);
        for (int gfid = 2; gfid <= 4; gfid++) {
            engine.add(gfid, 4, _ -> MS / 10, _ -> 100 * MS);
        }

        engine.run(2000 * SLICE);

        assertThat(busy.share(engine.nowNs)).isCloseTo(1.0 / 4, CLOSE);
    }

    @Test
    void bestEffortGivesUnusedTimeAway() {
        SharingSimulation engine = new SharingSimulation(BEST_EFFORT, SLICE);
        Client busy = engine.endless(1, 4);
        Client light = engine.add(2, 4, _ -> MS, _ -> 9 * MS);

        engine.run(2000 * SLICE);

        assertThat(busy.share(engine.nowNs)).isGreaterThan(0.85);
        assertThat(light.passes).isGreaterThan((int) (engine.nowNs / (14 * MS)));
    }

    @Test
    void equalSharesFollowGuestsThatComeAndGo() {
        SharingSimulation engine = new SharingSimulation(EQUAL_SHARE, SLICE);
        Client first = engine.endless(1, 32);
        engine.run(400 * SLICE);
        assertThat(first.share(400 * SLICE)).isCloseTo(1, CLOSE);

        Client second = engine.endless(2, 32);
        long before = first.ranNs;
        engine.run(400 * SLICE);
        assertThat((double) (first.ranNs - before) / (400 * SLICE)).isCloseTo(0.5, CLOSE);
        assertThat(second.share(400 * SLICE)).isCloseTo(0.5, CLOSE);

        engine.remove(second);
        long alone = first.ranNs;
        engine.run(400 * SLICE);
        assertThat((double) (first.ranNs - alone) / (400 * SLICE)).isCloseTo(1, CLOSE);
    }

    @Test
    void ruleMayChangeWhileGuestsRun() {
        SharingSimulation engine = new SharingSimulation(BEST_EFFORT, SLICE);
        Client guest = engine.endless(1, 4);
        engine.run(100 * MS);

        engine.sharing.rule(FIXED_SHARE, 4 * MS, engine.nowNs);
        long before = guest.ranNs;
        engine.run(4000 * MS);
        double fixed = (double) (guest.ranNs - before) / (4000 * MS);
        engine.sharing.rule(BEST_EFFORT, SLICE, engine.nowNs);
        before = guest.ranNs;
        engine.run(1000 * MS);

        assertThat(fixed).isCloseTo(0.25, CLOSE);
        assertThat((double) (guest.ranNs - before) / (1000 * MS)).isCloseTo(1, CLOSE);
    }

    @ParameterizedTest
    @EnumSource(SharingPolicy.class)
    void randomMixesGetTheirShares(SharingPolicy policy) {
        for (long seed = 0; seed < 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int guests = random.nextInt(1, 33);
            long slice = random.nextInt(1, 31) * MS;
            SharingSimulation engine = new SharingSimulation(policy, slice);
            List<Client> busy = new ArrayList<>();
            int light = 0;
            for (int gfid = 1; gfid <= guests; gfid++) {
                if (random.nextInt(3) == 0 && gfid > 1) {
                    engine.add(gfid, guests, _ -> slice / 1000, _ -> 10 * slice);
                    light++;
                } else {
                    busy.add(engine.add(gfid, guests, passes(random, slice), _ -> 0));
                }
            }

            engine.run(200 * slice * guests);

            double expected = policy == BEST_EFFORT ? (1 - light * 0.0001) / busy.size() : 1.0 / guests;
            assertThat(busy)
                    .as("seed=%d guests=%d light=%d slice=%d", seed, guests, light, slice / MS)
                    .allSatisfy(guest -> assertThat(guest.share(engine.nowNs)).isCloseTo(expected, CLOSE));
        }
    }

    /** Passes of different kinds: as long as given, much shorter, or longer by up to half a slice. */
    private static LongUnaryOperator passes(SplittableRandom random, long slice) {
        SplittableRandom own = random.split();
        return switch (random.nextInt(3)) {
            case 0 -> given -> given;
            case 1 -> given -> Math.min(given, own.nextLong(slice / 20, slice / 4));
            default -> given -> given + own.nextLong(0, slice / 2);
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 16})
    void savedUpCreditIsTwoSlicesAtMost(int parts) {
        SharingSimulation engine = new SharingSimulation(FIXED_SHARE, SLICE);
        // Rests until all the credit there can be is saved up, then asks for all it can get.
        SplittableRandom random = new SplittableRandom(7);
        Client guest =
                engine.add(1, parts, given -> given, _ -> random.nextInt(20) == 0 ? random.nextLong(100) * SLICE : 0);

        engine.run(4000 * SLICE);

        for (long window : new long[] {4 * SLICE, 10 * SLICE, 50 * SLICE}) {
            assertThat(mostIn(guest, window)).isLessThanOrEqualTo(window / parts + 2 * SLICE);
        }
    }

    /** Most time that a client ran in any window that begins with a pass. */
    private static long mostIn(Client client, long window) {
        long most = 0;
        for (int first = 0; first < client.stretches.size(); first++) {
            long end = client.stretches.get(first)[0] + window;
            long sum = 0;
            for (int i = first; i < client.stretches.size() && client.stretches.get(i)[0] < end; i++) {
                sum += Math.min(end, client.stretches.get(i)[1])
                        - client.stretches.get(i)[0];
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    @ParameterizedTest
    @EnumSource(SharingPolicy.class)
    void longPassesCostTheirOwnerOnly(SharingPolicy policy) {
        SharingSimulation engine = new SharingSimulation(policy, SLICE);
        Client rude = engine.add(1, 2, _ -> 8 * SLICE, _ -> 0);
        Client polite = engine.endless(2, 2);

        engine.run(4000 * SLICE);

        assertThat(rude.share(engine.nowNs)).isCloseTo(0.5, within(0.03));
        assertThat(polite.share(engine.nowNs)).isCloseTo(0.5, within(0.03));
    }

    @Test
    void passThatStoodStillIsNotChargedForLong() {
        SharingSimulation engine = new SharingSimulation(EQUAL_SHARE, SLICE);
        boolean[] stands = {true};
        Client stood = engine.add(
                1,
                2,
                given -> {
                    long pass = stands[0] ? 5000 * MS : given;
                    stands[0] = false;
                    return pass;
                },
                _ -> 0);
        engine.endless(2, 2);
        engine.run(5000 * MS + SLICE);
        int passes = stood.passes;

        engine.run(40 * SLICE);

        assertThat(stood.passes).isGreaterThan(passes);
    }

    @ParameterizedTest
    @EnumSource(SharingPolicy.class)
    void hostRunsFirstButNotTwiceInARow(SharingPolicy policy) {
        SharingSimulation engine = new SharingSimulation(policy, SLICE);
        Client host = engine.endless(Share.HOST, 1);
        Client one = engine.endless(1, 4);
        Client other = engine.endless(2, 4);

        engine.run(400 * SLICE);

        assertThat(host.stretches.getFirst()[0]).isZero();
        assertThat(host.share(engine.nowNs)).isBetween(0.45, 0.6);
        assertThat(one.share(engine.nowNs)).isBetween(0.2, 0.26);
        assertThat(other.share(engine.nowNs)).isBetween(0.2, 0.26);
    }

    @Test
    void throttledGuestWaitsForAWholeSlice() {
        SharingSimulation engine = new SharingSimulation(FIXED_SHARE, SLICE);
        Client guest = engine.endless(1, 4);

        engine.run(400 * SLICE);

        assertThat(guest.passes).isLessThan(110);
        assertThat(guest.stretches.subList(1, guest.stretches.size() - 1))
                .allSatisfy(pass -> assertThat(pass[1] - pass[0]).isBetween(SLICE * 9 / 10, SLICE * 11 / 10));
    }

    @Test
    void nobodyReadyMeansNoWaitForTime() {
        SharingSimulation engine = new SharingSimulation(EQUAL_SHARE, SLICE);
        engine.endless(1, 1).ready = false;

        assertThat(engine.sharing.next(0)).isNull();
        assertThat(engine.sharing.waitNs()).isEqualTo(TimeSharing.IDLE);
    }
}
