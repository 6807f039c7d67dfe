package dev.nacre.drm.nouveau;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.sync.Syncobj;
import dev.nacre.hw.chip.Chip;
import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** EXEC, as NVK drives it. */
class ExecTest {
    private static final long FROM = 1L << 32;
    private static final long TO = 2L << 32;
    private static final long PUSH = 3L << 32;
    private static final int MIB = 1 << 20;

    /** A client that copies between two objects. */
    private static final class Copier {
        final TestClient client;
        final int from;
        final int to;
        final int commands;
        final int channel;
        final int copyClass;

        Copier(Rig rig, int engine) {
            client = rig.client().nvk();
            from = client.gem(MIB, TestClient.GART | TestClient.MAPPABLE);
            to = client.gem(MIB, TestClient.OWN);
            commands = client.gem(MIB, TestClient.GART | TestClient.MAPPABLE);
            assertThat(client.bind(
                            TestClient.mapOp(from, FROM, MIB, 0, 0),
                            TestClient.mapOp(to, TO, MIB, 0, 0),
                            TestClient.mapOp(commands, PUSH, MIB, 0, 0)))
                    .isEmpty();
            channel = client.channel(engine);
            copyClass = rig.driver().copyEngine().classes().getFirst();
        }

        CopyPush push() {
            return CopyPush.of(copyClass);
        }

        MemorySegment at(int offset, CopyPush push) {
            client.write(commands, offset, push.words());
            return TestClient.push(PUSH + offset, push.bytes());
        }
    }

    @ParameterizedTest
    @EnumSource(Chip.class)
    void copy_movesDataAndTellsTheSyncobj(Chip chip) throws Exception {
        try (Rig rig = new Rig(chip)) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            copier.client.write(copier.from, 4096, TestClient.words(0x1234_5678));
            int done = copier.client.syncobj();
            CopyPush push = copier.push().copy(FROM, TO, MIB);

            assertThat(copier.client.exec(
                            copier.channel, List.of(copier.at(0, push)), List.of(), List.of(TestClient.binary(done))))
                    .isEmpty();

            assertThat(copier.client.await(done).error()).isEmpty();
            assertThat(copier.client.read(copier.to, 4096)).isEqualTo(0x1234_5678);
        }
    }

    @Test
    void copyOnTheGraphicsChannel_works() throws Exception {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_GR);
            copier.client.write(copier.from, 0, TestClient.words(42));
            int done = copier.client.syncobj();

            assertThat(copier.client.exec(
                            copier.channel,
                            List.of(copier.at(0, copier.push().copy(FROM, TO, 4096))),
                            List.of(),
                            List.of(TestClient.binary(done))))
                    .isEmpty();

            copier.client.await(done);
            assertThat(copier.client.read(copier.to, 0)).isEqualTo(42);
        }
    }

    @Test
    void manyPushes_runInTheirOrder() throws Exception {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            List<MemorySegment> pushes = IntStream.range(0, 510)
                    .mapToObj(i -> copier.at(64 * i, CopyPush.host().release(TO, i)))
                    .toList();
            int done = copier.client.syncobj();

            assertThat(copier.client.exec(copier.channel, pushes, List.of(), List.of(TestClient.binary(done))))
                    .isEmpty();

            copier.client.await(done);
            assertThat(copier.client.read(copier.to, 0)).isEqualTo(509);
        }
    }

    @Test
    void work_waitsForItsSyncobjs() throws Exception {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            int gate = copier.client.syncobj();
            Fence open = new Fence();
            syncobj(copier, gate).replace(open);
            int line = copier.client.syncobj();
            Fence reached = new Fence();
            syncobj(copier, line).addPoint(reached, 7, copier.client.file().backlog());
            int done = copier.client.syncobj();

            assertThat(copier.client.exec(
                            copier.channel,
                            List.of(copier.at(0, CopyPush.host().release(TO, 1))),
                            List.of(TestClient.binary(gate), TestClient.point(line, 7)),
                            List.of(TestClient.point(done, 3))))
                    .isEmpty();
            assertThat(copier.client.exec(
                            copier.channel,
                            List.of(copier.at(64, CopyPush.host().release(TO, 2))),
                            List.of(),
                            List.of(TestClient.point(done, 4))))
                    .isEmpty();
            open.signal();
            assertThat(syncobj(copier, done).require(4).isSignalled()).isFalse();
            assertThat(copier.client.read(copier.to, 0)).isZero();
            reached.signal();

            copier.client.await(done);
            assertThat(copier.client.read(copier.to, 0)).isEqualTo(2);
        }
    }

    private static Syncobj syncobj(Copier copier, int handle) {
        return copier.client.file().syncobjs().lookup(handle);
    }

    @Test
    void channels_waitForEachOtherBySyncobjs() throws Exception {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            int other = copier.client.channel(TestClient.ENGINE_CE);
            int line = copier.client.syncobj();
            for (int i = 1; i <= 100; i++) {
                List<MemorySegment> waits = i == 1 ? List.of() : List.of(TestClient.point(line, i - 1));
                assertThat(copier.client.exec(
                                i % 2 == 0 ? copier.channel : other,
                                List.of(copier.at(64 * i, CopyPush.host().release(TO, i))),
                                waits,
                                List.of(TestClient.point(line, i))))
                        .isEmpty();
            }

            copier.client.await(line);
            assertThat(copier.client.read(copier.to, 0)).isEqualTo(100);
        }
    }

    @Test
    void nothingAtAll_endsAfterWhatCameBefore() throws Exception {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            int first = copier.client.syncobj();
            int second = copier.client.syncobj();
            CopyPush held = CopyPush.host().acquire(FROM, 1);

            assertThat(copier.client.exec(copier.channel, List.of(), List.of(), List.of(TestClient.binary(first))))
                    .isEmpty();
            copier.client.await(first);
            assertThat(copier.client.exec(copier.channel, List.of(copier.at(0, held)), List.of(), List.of()))
                    .isEmpty();
            assertThat(copier.client.exec(copier.channel, List.of(), List.of(), List.of(TestClient.binary(second))))
                    .isEmpty();
            assertThat(syncobj(copier, second).require(0).isSignalled()).isFalse();
            copier.client.write(copier.from, 0, TestClient.words(1));

            assertThat(copier.client.await(second).error()).isEmpty();
        }
    }

    @Test
    void moreWorkThanTheRingHolds_waitsWithoutTheClient() throws Exception {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            List<MemorySegment> held = List.of(copier.at(0, CopyPush.host().acquire(FROM, 1)));
            assertThat(copier.client.exec(copier.channel, held, List.of(), List.of()))
                    .isEmpty();
            List<MemorySegment> work =
                    Collections.nCopies(20, copier.at(256, CopyPush.host().release(TO, 1)));
            int line = copier.client.syncobj();

            for (int i = 1; i <= 300; i++) {
                List<MemorySegment> signals = List.of(TestClient.point(line, i));
                assertThat(copier.client.exec(copier.channel, work, List.of(), signals))
                        .isEmpty();
            }
            List<Fence> ends = IntStream.rangeClosed(1, 300)
                    .mapToObj(i -> syncobj(copier, line).require(i))
                    .toList();
            assertThat(ends).noneMatch(Fence::isSignalled);
            copier.client.write(copier.from, 0, TestClient.words(1));

            copier.client.await(line);
            assertThat(ends).allMatch(fence -> fence.error().isEmpty());
            assertThat(copier.client.read(copier.to, 0)).isEqualTo(1);
        }
    }

    @Test
    void processor_waitsForWhatIsBound() {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            CopyPush held = CopyPush.host().acquire(FROM, 1);
            assertThat(copier.client.cpuPrep(copier.to, 1)).isEmpty();

            assertThat(copier.client.exec(copier.channel, List.of(copier.at(0, held)), List.of(), List.of()))
                    .isEmpty();

            assertThat(copier.client.cpuPrep(copier.to, 1)).contains(Errno.EBUSY);
            copier.client.write(copier.from, 0, TestClient.words(1));
            assertThat(copier.client.cpuPrep(copier.to, 4)).isEmpty();
        }
    }

    @Test
    void fault_killsTheChannelAndNoOther() throws Exception {
        try (Rig rig = new Rig()) {
            Copier bad = new Copier(rig, TestClient.ENGINE_CE);
            Copier good = new Copier(rig, TestClient.ENGINE_CE);
            int lost = bad.client.syncobj();

            assertThat(bad.client.exec(
                            bad.channel,
                            List.of(bad.at(0, bad.push().copy(0x1234_5000, TO, 64))),
                            List.of(),
                            List.of(TestClient.binary(lost))))
                    .isEmpty();

            assertThat(bad.client.await(lost).error()).contains(Errno.ENODEV);
            assertThat(bad.client.exec(bad.channel, List.of(), List.of(), List.of()))
                    .contains(Errno.ENODEV);
            int next = bad.client.channel(TestClient.ENGINE_CE);
            assertThat(bad.client.exec(next, List.of(), List.of(), List.of())).isEmpty();
            int done = good.client.syncobj();
            assertThat(good.client.exec(
                            good.channel,
                            List.of(good.at(0, CopyPush.host().release(TO, 5))),
                            List.of(),
                            List.of(TestClient.binary(done))))
                    .isEmpty();
            assertThat(good.client.await(done).error()).isEmpty();
            assertThat(good.client.read(good.to, 0)).isEqualTo(5);
        }
    }

    @Test
    void channelWithTheIdOfAFailedOne_isSpared() throws Exception {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            for (int round = 0; round < 50; round++) {
                int bad = copier.client.channel(TestClient.ENGINE_CE);
                MemorySegment fault = copier.at(0, copier.push().copy(0x1234_5000, TO, 64));
                assertThat(copier.client.exec(bad, List.of(fault), List.of(), List.of()))
                        .isEmpty();
                assertThat(copier.client.channelFree(bad)).isEmpty();
                int next = copier.client.channel(TestClient.ENGINE_CE);
                int done = copier.client.syncobj();
                assertThat(copier.client.exec(
                                next,
                                List.of(copier.at(256, CopyPush.host().release(TO, round))),
                                List.of(),
                                List.of(TestClient.binary(done))))
                        .isEmpty();
                assertThat(copier.client.await(done).error()).isEmpty();
                assertThat(copier.client.channelFree(next)).isEmpty();
            }
        }
    }

    @Test
    void impossibleCalls_areRefusedAsTheKernelDoes() {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            TestClient client = copier.client;
            int channel = copier.channel;
            int empty = client.syncobj();
            MemorySegment push = copier.at(0, CopyPush.host().release(TO, 1));

            assertThat(client.exec(channel + 1, List.of(), List.of(), List.of()))
                    .contains(Errno.ENOENT);
            assertThat(client.exec(channel, Collections.nCopies(511, push), List.of(), List.of()))
                    .contains(Errno.EINVAL);
            assertThat(client.exec(channel, List.of(TestClient.push(PUSH, 1 << 23)), List.of(), List.of()))
                    .contains(Errno.EINVAL);
            assertThat(client.exec(channel, List.of(TestClient.push(PUSH + 1, 4)), List.of(), List.of()))
                    .contains(Errno.EINVAL);
            assertThat(client.exec(channel, List.of(push), List.of(TestClient.binary(99)), List.of()))
                    .contains(Errno.ENOENT);
            assertThat(client.exec(channel, List.of(push), List.of(TestClient.binary(empty)), List.of()))
                    .contains(Errno.EINVAL);
            assertThat(client.exec(channel, List.of(push), List.of(TestClient.words(2, empty, 0, 0)), List.of()))
                    .contains(Errno.EOPNOTSUPP);
            assertThat(client.exec(channel, List.of(push), List.of(), List.of(TestClient.words(2, empty, 0, 0))))
                    .contains(Errno.EINVAL);
            assertThat(client.exec(channel, List.of(push), List.of(), List.of(TestClient.binary(99))))
                    .contains(Errno.ENOENT);
            assertThat(client.ioctl(0x12, TestClient.words(channel, 1, 0, 0, 0, 0, 0, 0, 16, 0)))
                    .contains(Errno.EFAULT);
        }
    }

    @Test
    void execWithoutVmInit_isEnosys() {
        try (Rig rig = new Rig();
                TestClient client = rig.client()) {
            int channel = client.channel(TestClient.ENGINE_CE);

            assertThat(client.exec(channel, List.of(), List.of(), List.of())).contains(Errno.ENOSYS);
        }
    }

    @Test
    void waitsOfJobsThatWait_areBoundedAcrossChannels() {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            int other = copier.client.channel(TestClient.ENGINE_CE);
            int gate = copier.client.syncobj();
            syncobj(copier, gate).replace(new Fence());
            List<MemorySegment> many = Collections.nCopies(4096, TestClient.binary(gate));
            Optional<Errno> last = Optional.empty();
            for (int i = 0; i < 100 && last.isEmpty(); i++) {
                last = copier.client.exec(i % 2 == 0 ? copier.channel : other, List.of(), many, List.of());
            }
            assertThat(last).contains(Errno.ENOMEM);
            int used = copier.client.file().backlog().used();
            assertThat(used).isBetween((1 << 17) - 4098, 1 << 17);

            assertThat(copier.client.channelFree(other)).isEmpty();

            assertThat(copier.client.file().backlog().used()).isBetween(1, used - 4097);
            copier.client.close();
            assertThat(copier.client.file().backlog().used()).isZero();
        }
    }

    @Test
    void nothingAtAllAfterWorkWithoutEnd_isBounded() {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            List<MemorySegment> held = List.of(copier.at(0, CopyPush.host().acquire(FROM, 1)));
            assertThat(copier.client.exec(copier.channel, held, List.of(), List.of()))
                    .isEmpty();
            Optional<Errno> last = Optional.empty();
            for (int i = 0; i < 10_000 && last.isEmpty(); i++) {
                last = copier.client.exec(copier.channel, List.of(), List.of(), List.of());
            }
            assertThat(last).contains(Errno.ENOMEM);
        }
    }

    @Test
    void workThatWaitsForever_isBounded() {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig, TestClient.ENGINE_CE);
            int gate = copier.client.syncobj();
            syncobj(copier, gate).replace(new Fence());
            List<Fence> ends = new ArrayList<>();
            Optional<Errno> last = Optional.empty();
            for (int i = 0; i < 10_000 && last.isEmpty(); i++) {
                int done = copier.client.syncobj();
                last = copier.client.exec(
                        copier.channel, List.of(), List.of(TestClient.binary(gate)), List.of(TestClient.binary(done)));
                if (last.isEmpty()) {
                    ends.add(syncobj(copier, done).require(0));
                }
            }
            assertThat(last).contains(Errno.ENOMEM);

            copier.client.close();

            assertThat(ends)
                    .hasSizeGreaterThan(1000)
                    .allMatch(fence -> fence.error().equals(Optional.of(Errno.ENODEV)));
        }
    }
}
