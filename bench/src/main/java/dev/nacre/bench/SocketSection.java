package dev.nacre.bench;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.VfioUserClient;
import dev.nacre.vfiouser.VfioUserServer;

/** Register accesses through a socket to a board in this process, beside a socket pair with nothing behind it. */
final class SocketSection implements Section {
    private static final int READS = 40_000;
    private static final int WRITES = 400_000;

    @Override
    public void measure(Table table) throws InterruptedException {
        SocketFloor.Costs floor = SocketFloor.measure();
        UnixSocket.Pair pair = UnixSocket.pair();
        try (Board board = new Board(BoardConfig.of(Chip.AD102));
                VfioUserServer server =
                        VfioUserServer.builder(board).connectedFd(pair.second()).build()) {
            server.start();
            try (VfioUserClient client = VfioUserClient.over(pair.first())) {
                client.writeInt(PciFunction.CONFIG_REGION, Registers.COMMAND, Registers.COMMAND_MEMORY_AND_MASTER);
                reads(client, table, floor);
                writes(client, table, floor);
            }
        }
    }

    private static void reads(VfioUserClient client, Table table, SocketFloor.Costs floor) {
        int identity = client.readInt(Registers.BAR0, Registers.BOOT_0);
        Samples samples = new Samples(READS);
        for (int i = -READS; i < READS; i++) {
            long start = System.nanoTime();
            int value = client.readInt(Registers.BAR0, Registers.BOOT_0);
            if (i >= 0) {
                samples.add((double) (System.nanoTime() - start));
            }
            if (value != identity) {
                throw new IllegalStateException("BOOT_0 changed: 0x" + Integer.toHexString(value));
            }
        }
        String baseline = "round trip of a socket pair, same bytes";
        table.add("REGION_READ 4 B, p50", samples.median() / 1e3, "us", baseline, floor.roundTripNs() / 1e3);
        table.add("REGION_READ 4 B, p99", samples.percentile(99) / 1e3, "us", baseline, floor.roundTripWorstNs() / 1e3);
    }

    private static void writes(VfioUserClient client, Table table, SocketFloor.Costs floor) {
        long start = 0;
        for (int i = -WRITES / 4; i < WRITES; i++) {
            if (i == 0) {
                // What is still on its way does not count.
                client.readInt(Registers.BAR0, Registers.WINDOW);
                start = System.nanoTime();
            }
            client.postInt(Registers.BAR0, Registers.WINDOW, i & 0xff);
        }
        int last = client.readInt(Registers.BAR0, Registers.WINDOW);
        double ns = (double) (System.nanoTime() - start) / WRITES;
        if (last != ((WRITES - 1) & 0xff)) {
            throw new IllegalStateException("The last write is not there: 0x" + Integer.toHexString(last));
        }
        table.add(
                "posted REGION_WRITE 4 B",
                1e9 / ns,
                "writes/s",
                "one way over a socket pair, same bytes",
                1e9 / floor.oneWayNs());
    }
}
