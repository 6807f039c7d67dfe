package dev.nacre.drm.nouveau;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.Attachment;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.drm.sync.Fence;
import dev.nacre.hw.chip.Chip;
import dev.nacre.linux.Errno;
import dev.nacre.pci.bus.LocalFunction;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Several files at a time, their ends, and the board in the hands of one kind of driver. */
class FilesTest {
    private static final long DATA = 1L << 32;
    private static final long PUSH = 2L << 32;
    private static final int MIB = 1 << 20;

    /** A client that fills memory of its own, as NVK would. */
    private static final class Worker {
        final TestClient client;
        final int data;
        final int commands;
        final int channel;

        Worker(Rig rig) {
            client = rig.client().nvk();
            data = client.gem(MIB, TestClient.OWN);
            commands = client.gem(MIB, TestClient.GART | TestClient.MAPPABLE);
            assertThat(client.bind(
                            TestClient.mapOp(data, DATA, MIB, 0, 0), TestClient.mapOp(commands, PUSH, MIB, 0, 0)))
                    .isEmpty();
            channel = client.channel(TestClient.ENGINE_CE);
        }

        Optional<Errno> run(int offset, CopyPush push, int done) {
            client.write(commands, offset, push.words());
            List<MemorySegment> pushes = List.of(TestClient.push(PUSH + offset, push.bytes()));
            return client.exec(channel, pushes, List.of(), List.of(TestClient.binary(done)));
        }
    }

    @Test
    void filesAtTheSameTime_doNotDisturbEachOther() throws Exception {
        try (Rig rig = new Rig();
                ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Worker worker = new Worker(rig);
                int mine = i;
                Callable<Void> work = () -> {
                    for (int round = 0; round < 100; round++) {
                        int done = worker.client.syncobj();
                        int value = mine << 16 | round;
                        assertThat(worker.run(64 * (round % 8), CopyPush.host().release(DATA, value), done))
                                .isEmpty();
                        assertThat(worker.client.await(done).error()).isEmpty();
                        assertThat(worker.client.read(worker.data, 0)).isEqualTo(value);
                    }
                    return null;
                };
                all.add(threads.submit(work));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    @Test
    void stuckWork_holdsUpNoOtherFile() throws Exception {
        try (Rig rig = new Rig()) {
            Worker stuck = new Worker(rig);
            List<Worker> others = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                others.add(new Worker(rig));
            }
            int never = stuck.client.syncobj();
            assertThat(stuck.run(0, CopyPush.host().acquire(DATA, 1), never)).isEmpty();

            for (Worker other : others) {
                int done = other.client.syncobj();
                assertThat(other.run(0, CopyPush.host().release(DATA, 1), done)).isEmpty();
                assertThat(other.client.await(done).error()).isEmpty();
            }

            assertThat(stuck.client.file().syncobjs().lookup(never).require(0).isSignalled())
                    .isFalse();
        }
    }

    @Test
    void closedFile_endsItsWorkAndFreesAll() throws Exception {
        try (Rig rig = new Rig();
                TestClient witness = rig.client()) {
            long used = witness.param(19);
            for (int round = 0; round < 20; round++) {
                Worker worker = new Worker(rig);
                int running = worker.client.syncobj();
                int waiting = worker.client.syncobj();
                int gate = worker.client.syncobj();
                worker.client.file().syncobjs().lookup(gate).replace(new Fence());
                assertThat(worker.run(0, CopyPush.host().acquire(DATA, 1), running))
                        .isEmpty();
                assertThat(worker.client.exec(
                                worker.channel,
                                List.of(),
                                List.of(TestClient.binary(gate)),
                                List.of(TestClient.binary(waiting))))
                        .isEmpty();
                assertThat(worker.client.bind(
                                1,
                                List.of(TestClient.binary(gate)),
                                List.of(),
                                TestClient.mapOp(worker.data, 3 * DATA, MIB, 0, 0),
                                TestClient.unmapOp(DATA, MIB, 0)))
                        .isEmpty();
                List<Fence> ends = List.of(
                        worker.client.file().syncobjs().lookup(running).require(0),
                        worker.client.file().syncobjs().lookup(waiting).require(0));

                worker.client.close();

                assertThat(ends).allSatisfy(end -> assertThat(end.error()).contains(Errno.ENODEV));
                assertThat(witness.param(19)).isEqualTo(used);
            }
            assertThat(rig.device().files()).containsExactly(witness.file());
        }
    }

    @Test
    void boardThatGoes_endsWorkOfAllFiles() throws Exception {
        try (Rig rig = new Rig()) {
            Worker worker = new Worker(rig);
            int lost = worker.client.syncobj();
            assertThat(worker.run(0, CopyPush.host().acquire(DATA, 1), lost)).isEmpty();

            rig.core().close();

            assertThat(worker.client.await(lost).error()).contains(Errno.ENODEV);
            assertThat(worker.client.exec(worker.channel, List.of(), List.of(), List.of()))
                    .contains(Errno.ENODEV);
            assertThat(worker.client.gemNew(TestClient.gemInfo(4096, TestClient.GART, 0)))
                    .contains(Errno.ENODEV);
        }
    }

    @Test
    void boardInOtherHands_isRefusedWithWhoHasIt() {
        try (Rig rig = new Rig()) {
            assertThatExceptionOfType(CoreException.class)
                    .isThrownBy(() -> rig.core().attach(Client.of("vfio", ClientKind.VFIO, Set.of(), _ -> {})))
                    .withMessageContaining("owner=nouveau")
                    .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.BUSY));
            rig.device().close();
            try (Attachment vfio = rig.core().attach(Client.of("vfio", ClientKind.VFIO, Set.of(), _ -> {}))) {
                assertThatExceptionOfType(CoreException.class)
                        .isThrownBy(() -> NouveauDriver.attach(rig.core(), _ -> Optional.empty()))
                        .withMessageContaining("owner=vfio");
                assertThat(vfio.version()).isPositive();
            }
        }
    }

    @Test
    void coreWithoutAddressSpaces_isRefusedByName() {
        Board board = new Board(BoardConfig.of(Chip.AD102));
        try (LocalFunction function = new LocalFunction(board);
                Core core = Rig.openCore("c", board, function)) {
            assertThatExceptionOfType(CoreException.class)
                    .isThrownBy(() -> NouveauDriver.attach(core, _ -> Optional.empty()))
                    .withMessageContaining("ADDRESS_SPACES")
                    .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.NOT_SUPPORTED));
        } finally {
            board.close();
        }
    }
}
