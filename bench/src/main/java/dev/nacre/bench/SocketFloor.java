package dev.nacre.bench;

import dev.nacre.linux.FdSocket;
import dev.nacre.linux.ReceivedFds;
import dev.nacre.linux.UnixSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** What messages of the sizes of 4-byte register accesses cost without anybody who looks into them. */
final class SocketFloor {
    // HW: the vfio-user specification: a header of 16 bytes, an access of 16, and 4 of data where there are any.
    private static final int WITHOUT_DATA_BYTES = 32;
    private static final int WITH_DATA_BYTES = 36;

    private static final int ROUND_TRIPS = 40_000;
    private static final int ONE_WAYS = 400_000;
    private static final int BUFFER_BYTES = 64 << 10;

    /**
     * The costs.
     *
     * @param roundTripNs a read's request and reply, median
     * @param roundTripWorstNs what only one of a hundred exceeds
     * @param oneWayNs a posted write, mean of many
     */
    record Costs(double roundTripNs, double roundTripWorstNs, double oneWayNs) {}

    private SocketFloor() {}

    /** Measures, after a warm-up. */
    static Costs measure() throws InterruptedException {
        UnixSocket.Pair pair = UnixSocket.pair();
        try (FdSocket here = new FdSocket(pair.first(), 1);
                FdSocket there = new FdSocket(pair.second(), 1)) {
            Thread peer = Thread.ofPlatform().name("bench-peer").start(() -> answer(there));
            Costs costs;
            try {
                costs = drive(here);
            } finally {
                here.shutdown();
                peer.join();
            }
            return costs;
        }
    }

    private static Costs drive(FdSocket socket) {
        try (Arena arena = Arena.ofConfined();
                ReceivedFds fds = new ReceivedFds(1)) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES);
            Samples trips = new Samples(ROUND_TRIPS);
            for (int i = -ROUND_TRIPS; i < ROUND_TRIPS; i++) {
                long start = System.nanoTime();
                socket.send(buffer, 0, WITHOUT_DATA_BYTES);
                receiveAll(socket, buffer, fds, WITH_DATA_BYTES);
                if (i >= 0) {
                    trips.add((double) (System.nanoTime() - start));
                }
            }
            long start = System.nanoTime();
            for (int i = 0; i < ONE_WAYS; i++) {
                socket.send(buffer, 0, WITH_DATA_BYTES);
            }
            // Its answer says that all of them have arrived.
            receiveAll(socket, buffer, fds, WITH_DATA_BYTES);
            return new Costs(trips.median(), trips.percentile(99), (double) (System.nanoTime() - start) / ONE_WAYS);
        }
    }

    /** Answers each request, and at the end all posted messages with one answer. */
    private static void answer(FdSocket socket) {
        try (Arena arena = Arena.ofConfined();
                ReceivedFds fds = new ReceivedFds(1)) {
            MemorySegment buffer = arena.allocate(BUFFER_BYTES);
            for (int i = 0; i < 2 * ROUND_TRIPS; i++) {
                receiveAll(socket, buffer, fds, WITHOUT_DATA_BYTES);
                socket.send(buffer, 0, WITH_DATA_BYTES);
            }
            receiveAll(socket, buffer, fds, (long) ONE_WAYS * WITH_DATA_BYTES);
            socket.send(buffer, 0, WITH_DATA_BYTES);
        }
    }

    private static void receiveAll(FdSocket socket, MemorySegment buffer, ReceivedFds fds, long count) {
        long done = 0;
        while (done < count) {
            long n = socket.receive(buffer, 0, Math.min(count - done, BUFFER_BYTES), fds);
            if (n == 0) {
                return;
            }
            done += n;
        }
    }
}
