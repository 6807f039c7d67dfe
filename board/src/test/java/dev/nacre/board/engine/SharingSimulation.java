package dev.nacre.board.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** An engine by a clock of its own: work that lasts as long as it says, shared by a {@link TimeSharing}. */
final class SharingSimulation {
    static final long MS = 1_000_000;

    /** Time between two passes. */
    private static final long OVERHEAD_NS = 500;

    /** Somebody with work. */
    static final class Client extends Share {
        private final LongUnaryOperator passNs;
        private final LongUnaryOperator restNs;
        private long readyAtNs;
        long ranNs;
        int passes;

        /** Begin and end of each pass. */
        final List<long[]> stretches = new ArrayList<>();

        /**
         * Makes it.
         *
         * @param passNs how long a pass lasts that was given so long
         * @param restNs how long after a pass of such a length the next can come
         */
        Client(int owner, int maxInstances, LongUnaryOperator passNs, LongUnaryOperator restNs) {
            super(owner, maxInstances);
            this.passNs = passNs;
            this.restNs = restNs;
        }

        /** Part of a time that it ran in. */
        double share(long ofNs) {
            return (double) ranNs / ofNs;
        }
    }

    final TimeSharing<Client> sharing;
    final List<Client> clients = new ArrayList<>();
    long nowNs;

    SharingSimulation(SharingPolicy policy, long sliceNs) {
        sharing = new TimeSharing<>(policy, sliceNs, nowNs);
    }

    Client add(int owner, int maxInstances, LongUnaryOperator passNs, LongUnaryOperator restNs) {
        Client client = new Client(owner, maxInstances, passNs, restNs);
        clients.add(client);
        sharing.add(client, nowNs);
        return client;
    }

    /** A guest that always has work and whose passes last as long as they should. */
    Client endless(int owner, int maxInstances) {
        return add(owner, maxInstances, given -> given, _ -> 0);
    }

    void remove(Client client) {
        clients.remove(client);
        sharing.remove(client, nowNs);
    }

    /** Lets time go by. */
    void run(long forNs) {
        long endNs = nowNs + forNs;
        while (nowNs < endNs) {
            step(endNs);
        }
    }

    private void step(long endNs) {
        long soonest = TimeSharing.IDLE;
        for (Client client : clients) {
            client.ready = client.readyAtNs <= nowNs;
            if (!client.ready) {
                soonest = Math.min(soonest, client.readyAtNs - nowNs);
            }
        }
        @Nullable Client next = sharing.next(nowNs);
        if (next == null) {
            nowNs = Math.min(endNs, nowNs + Math.max(1, Math.min(soonest, sharing.waitNs())));
            return;
        }
        long passNs = Math.max(1, next.passNs.applyAsLong(sharing.passNs()));
        long startNs = nowNs;
        nowNs += passNs;
        sharing.charge(next, startNs, nowNs);
        next.ranNs += passNs;
        next.passes++;
        next.stretches.add(new long[] {startNs, nowNs});
        next.readyAtNs = nowNs + next.restNs.applyAsLong(passNs);
        nowNs += OVERHEAD_NS;
    }
}
