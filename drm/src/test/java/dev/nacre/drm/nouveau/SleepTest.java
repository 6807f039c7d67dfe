package dev.nacre.drm.nouveau;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.sync.Fence;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Clients while the board sleeps with its host. */
class SleepTest {
    private static final long DATA = 1L << 32;
    private static final long PUSH = 2L << 32;
    private static final int MIB = 1 << 20;
    private static final int RUN_ASYNC = 1;

    /** A client that fills memory of its own, which is bound if a test wants it. */
    private static final class Worker {
        final TestClient client;
        final int data;
        final int commands;
        final int channel;

        Worker(Rig rig) {
            client = rig.client().nvk();
            data = client.gem(MIB, TestClient.OWN);
            commands = client.gem(MIB, TestClient.GART | TestClient.MAPPABLE);
            assertThat(client.bind(TestClient.mapOp(commands, PUSH, MIB, 0, 0))).isEmpty();
            channel = client.channel(TestClient.ENGINE_CE);
        }

        /** Commands that store a value. */
        MemorySegment store(int value) {
            int offset = 64 * value;
            CopyPush push = CopyPush.host().release(DATA, value);
            client.write(commands, offset, push.words());
            return TestClient.push(PUSH + offset, push.bytes());
        }

        Optional<Errno> run(MemorySegment push, List<MemorySegment> waits, int done) {
            return client.exec(channel, List.of(push), waits, List.of(TestClient.binary(done)));
        }

        Fence fence(int syncobj) {
            return client.file().syncobjs().lookup(syncobj).require(0);
        }
    }

    @Test
    void workGivenWhileTheBoardSleeps_isDoneWhenItWakes() throws Exception {
        try (Rig rig = new Rig()) {
            Worker worker = new Worker(rig);
            int bound = worker.client.syncobj();
            int first = worker.client.syncobj();
            int second = worker.client.syncobj();
            MemorySegment one = worker.store(1);
            MemorySegment two = worker.store(2);
            rig.core().suspend();

            assertThat(worker.client.bind(
                            RUN_ASYNC,
                            List.of(),
                            List.of(TestClient.binary(bound)),
                            TestClient.mapOp(worker.data, DATA, MIB, 0, 0)))
                    .isEmpty();
            assertThat(worker.run(one, List.of(TestClient.binary(bound)), first))
                    .isEmpty();
            assertThat(worker.run(two, List.of(), second)).isEmpty();
            assertThat(List.of(worker.fence(bound), worker.fence(first), worker.fence(second)))
                    .noneMatch(Fence::isSignalled);
            rig.core().resume();

            assertThat(worker.client.await(second).error()).isEmpty();
            assertThat(worker.fence(first).error()).isEmpty();
            assertThat(worker.client.read(worker.data, 0)).isEqualTo(2);
        }
    }

    @Test
    void workThatWaitsForABoardThatIsLost_fails() throws Exception {
        try (Rig rig = new Rig()) {
            Worker worker = new Worker(rig);
            assertThat(worker.client.bind(TestClient.mapOp(worker.data, DATA, MIB, 0, 0)))
                    .isEmpty();
            int done = worker.client.syncobj();
            MemorySegment push = worker.store(1);
            rig.core().suspend();
            assertThat(worker.run(push, List.of(), done)).isEmpty();

            rig.core().close();

            assertThat(worker.client.await(done).error()).contains(Errno.ENODEV);
        }
    }

    @Test
    void workAfterASleep_runsAtOnce() throws Exception {
        try (Rig rig = new Rig()) {
            Worker worker = new Worker(rig);
            assertThat(worker.client.bind(TestClient.mapOp(worker.data, DATA, MIB, 0, 0)))
                    .isEmpty();
            int done = worker.client.syncobj();
            rig.core().suspend();
            rig.core().resume();

            assertThat(worker.run(worker.store(3), List.of(), done)).isEmpty();

            assertThat(worker.client.await(done).error()).isEmpty();
        }
    }
}
