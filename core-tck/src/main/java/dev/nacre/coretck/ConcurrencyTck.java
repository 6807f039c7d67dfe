package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.core.Attachment;
import dev.nacre.core.Capability;
import dev.nacre.core.ChannelIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;

/** Clients at the same time. */
@Needs({
    Capability.GSP_CLIENT_ALLOC,
    Capability.CHID_ALLOC,
    Capability.CE_CHAN_ALLOC,
    Capability.PUSHBUF_SUBMIT,
    Capability.CHAN_MEM_MAP,
    Capability.FB_MEM_BAR1_MAP
})
abstract class ConcurrencyTck extends TckGroup {
    private static final int CLIENTS = 6;
    private static final int ROUNDS = 8;
    private static final int BYTES = 40_000;

    // TIMEOUT: takes two seconds; a busy machine several times that.
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @Test
    @Covers({
        "Core.attach",
        "Attachment.close",
        "Attachment.allocGspClient",
        "Attachment.allocChannelIds",
        "Attachment.allocFbMemory",
        "Attachment.allocCeChannel",
        "CeChannel.submit",
        "event FIFO_NONSTALL"
    })
    void clientsThatComeWorkAndGoKeepOutOfEachOthersWay() throws Exception {
        EventLog first = new EventLog();
        try (Attachment warm = attach(core(), first)) {
            work(warm, first, 0);
        }
        Inventory before = Inventory.of(core());
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        CyclicBarrier start = new CyclicBarrier(CLIENTS);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int seed = i;
            threads.add(Thread.ofPlatform().daemon().start(() -> client(start, seed, failures)));
        }
        for (Thread thread : threads) {
            assertThat(thread.join(PATIENCE)).as("ends").isTrue();
        }

        assertThat(failures).isEmpty();
        assertThat(Inventory.of(core())).isEqualTo(before);
    }

    private void client(CyclicBarrier start, int seed, ConcurrentLinkedQueue<Throwable> failures) {
        try {
            start.await();
            for (int round = 0; round < ROUNDS; round++) {
                EventLog log = new EventLog();
                try (Attachment attachment = attach(core(), log)) {
                    work(attachment, log, seed * ROUNDS + round);
                }
            }
        } catch (Exception | AssertionError e) {
            failures.add(e);
        }
    }

    private static void work(Attachment attachment, EventLog log, int seed) {
        attachment.allocGspClient();
        ChannelIds ids = attachment.allocChannelIds(3);
        Copier copier = Copier.of(attachment, log, ids, seed % 3);
        Copier.Buffer from = copier.buffer(BYTES);
        Copier.Buffer to = copier.buffer(BYTES);
        byte[] data = Bytes.random(seed, BYTES);
        Bytes.write(from.host(), 0, data);
        copier.run(copier.commands().copy(from.address(), to.address(), BYTES));
        assertThat(Bytes.read(to.host(), 0, BYTES)).isEqualTo(data);
        copier.run(copier.commands().fill(to.address(), 4096, 1, seed));
        assertThat(Bytes.readInt(to.host(), 4092)).isEqualTo(seed);
    }
}
