package dev.nacre.drm.nouveau;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.Errno;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** GEM_PUSHBUF, as libdrm drives it: the driver manages addresses, and knows what commands use. */
class PushbufTest {
    private static final int MIB = 1 << 20;
    private static final int BOTH = TestClient.VRAM | TestClient.GART;
    private static final int SYNC = 1;
    private static final int NOWAIT = 1;

    private static MemorySegment use(int handle, int reads, int writes) {
        return TestClient.words(0, 0, handle, reads, writes, BOTH, 0, 0, 0, 0);
    }

    private static MemorySegment push(int index, long offset, long bytes) {
        return TestClient.words(
                index,
                0,
                TestClient.low(offset),
                TestClient.high(offset),
                TestClient.low(bytes),
                TestClient.high(bytes));
    }

    private static MemorySegment request(
            TestClient client, int channel, List<MemorySegment> uses, List<MemorySegment> pushes, int flags) {
        long usesAt = client.put(TestClient.join(uses.toArray(MemorySegment[]::new)));
        long pushesAt = client.put(TestClient.join(pushes.toArray(MemorySegment[]::new)));
        return TestClient.words(
                channel,
                uses.size(),
                TestClient.low(usesAt),
                TestClient.high(usesAt),
                0,
                pushes.size(),
                0,
                0,
                TestClient.low(pushesAt),
                TestClient.high(pushesAt),
                -1,
                -1,
                flags,
                0,
                0,
                0);
    }

    private static Optional<Errno> pushbuf(
            TestClient client, int channel, List<MemorySegment> uses, List<MemorySegment> pushes) {
        return client.ioctl(0x41, request(client, channel, uses, pushes, 0));
    }

    /** A client that copies between two objects. */
    private static final class Copier {
        final TestClient client;
        final int from;
        final int to;
        final int commands;
        final int copyClass;

        Copier(Rig rig) {
            client = rig.client();
            from = client.gem(MIB, TestClient.GART | TestClient.MAPPABLE);
            to = client.gem(MIB, TestClient.OWN);
            commands = client.gem(MIB, TestClient.GART | TestClient.MAPPABLE);
            copyClass = rig.driver().copyEngine().classes().getFirst();
        }

        long address(int handle) {
            return TestClient.longAt(client.info(handle), 16);
        }

        List<MemorySegment> uses() {
            return List.of(use(from, BOTH, 0), use(to, 0, BOTH), use(commands, BOTH, 0));
        }

        List<MemorySegment> pushes(int offset, CopyPush push) {
            client.write(commands, offset, push.words());
            return List.of(push(2, offset, push.bytes()));
        }

        CopyPush copy() {
            return CopyPush.of(copyClass).copy(address(from), address(to), MIB);
        }
    }

    @Test
    void copy_movesDataAndTellsWhatThereIs() {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig);
            int channel = copier.client.channel(TestClient.ENGINE_CE);
            copier.client.write(copier.from, 4096, TestClient.words(77));
            MemorySegment request =
                    request(copier.client, channel, copier.uses(), copier.pushes(0, copier.copy()), SYNC);

            assertThat(copier.client.ioctl(0x41, request)).isEmpty();

            assertThat(copier.client.read(copier.to, 4096)).isEqualTo(77);
            assertThat(TestClient.longAt(request, 40)).as("suffixes").isZero();
            assertThat(TestClient.longAt(request, 48)).isEqualTo(copier.client.param(8));
            assertThat(TestClient.longAt(request, 56)).isEqualTo(copier.client.param(9));
        }
    }

    @Test
    void processor_waitsForWritersOrForAll() {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig);
            int channel = copier.client.channel(TestClient.ENGINE_CE);
            CopyPush held = CopyPush.host().acquire(copier.address(copier.from), 1);

            assertThat(pushbuf(copier.client, channel, copier.uses(), copier.pushes(0, held)))
                    .isEmpty();

            assertThat(copier.client.cpuPrep(copier.from, NOWAIT))
                    .as("only read")
                    .isEmpty();
            assertThat(copier.client.cpuPrep(copier.from, NOWAIT | 4)).contains(Errno.EBUSY);
            assertThat(copier.client.cpuPrep(copier.to, NOWAIT)).contains(Errno.EBUSY);
            copier.client.write(copier.from, 0, TestClient.words(1));
            assertThat(copier.client.cpuPrep(copier.to, 0)).isEmpty();
            assertThat(copier.client.cpuPrep(copier.from, 4)).isEmpty();
        }
    }

    @Test
    void channels_waitForEachOtherByWhatTheyUse() {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig);
            int first = copier.client.channel(TestClient.ENGINE_CE);
            int second = copier.client.channel(TestClient.ENGINE_CE);
            long to = copier.address(copier.to);
            CopyPush held =
                    CopyPush.host().acquire(copier.address(copier.from), 1).release(to, 1);

            assertThat(pushbuf(copier.client, first, copier.uses(), copier.pushes(0, held)))
                    .isEmpty();
            assertThat(pushbuf(
                            copier.client,
                            second,
                            copier.uses(),
                            copier.pushes(256, CopyPush.host().release(to, 2))))
                    .isEmpty();
            assertThat(copier.client.read(copier.to, 0)).as("held").isZero();
            copier.client.write(copier.from, 0, TestClient.words(1));

            assertThat(copier.client.cpuPrep(copier.to, 0)).isEmpty();
            assertThat(copier.client.read(copier.to, 0)).isEqualTo(2);
        }
    }

    @Test
    void closedObject_isThereUntilItsWorkEnds() {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig);
            int channel = copier.client.channel(TestClient.ENGINE_CE);
            CopyPush held = CopyPush.of(copier.copyClass)
                    .acquire(copier.address(copier.from), 1)
                    .copy(copier.address(copier.from), copier.address(copier.to), 4096);
            assertThat(pushbuf(copier.client, channel, copier.uses(), copier.pushes(0, held)))
                    .isEmpty();

            copier.client.file().gems().remove(copier.to);
            copier.client.write(copier.from, 0, TestClient.words(1));

            assertThat(copier.client.cpuPrep(copier.commands, 4)).isEmpty();
            assertThat(copier.client.ioctl(0x41, request(copier.client, channel, List.of(), List.of(), 0)))
                    .as("the channel has not failed")
                    .isEmpty();
        }
    }

    @Test
    void failedChannel_isEnodev() {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig);
            int channel = copier.client.channel(TestClient.ENGINE_CE);
            CopyPush bad = CopyPush.of(copier.copyClass).copy(0x7f_0000_0000L, copier.address(copier.to), 64);
            assertThat(pushbuf(copier.client, channel, copier.uses(), copier.pushes(0, bad)))
                    .isEmpty();

            assertThat(copier.client.cpuPrep(copier.to, 0))
                    .as("ends all the same")
                    .isEmpty();

            assertThat(pushbuf(copier.client, channel, List.of(), List.of())).contains(Errno.ENODEV);
        }
    }

    @Test
    void impossibleCalls_areRefusedAsTheKernelDoes() {
        try (Rig rig = new Rig()) {
            Copier copier = new Copier(rig);
            TestClient client = copier.client;
            int channel = client.channel(TestClient.ENGINE_CE);
            List<MemorySegment> good = copier.pushes(0, CopyPush.host().release(copier.address(copier.to), 1));

            assertThat(pushbuf(client, channel + 1, List.of(), List.of())).contains(Errno.ENOENT);
            assertThat(pushbuf(client, channel, List.of(), List.of(push(0, 0, 4))))
                    .as("no such object in the list")
                    .contains(Errno.EINVAL);
            assertThat(pushbuf(client, channel, List.of(use(99, BOTH, 0)), List.of(push(0, 0, 4))))
                    .contains(Errno.ENOENT);
            assertThat(pushbuf(
                            client,
                            channel,
                            List.of(use(copier.to, BOTH, 0), use(copier.to, BOTH, 0), use(copier.commands, BOTH, 0)),
                            good))
                    .as("twice")
                    .contains(Errno.EINVAL);
            assertThat(pushbuf(client, channel, List.of(use(copier.to, TestClient.GART, 0)), List.of(push(0, 0, 4))))
                    .as("cannot be there")
                    .contains(Errno.EINVAL);
            assertThat(pushbuf(client, channel, copier.uses(), List.of(push(2, MIB, 4))))
                    .contains(Errno.EINVAL);
            assertThat(pushbuf(client, channel, copier.uses(), List.of(push(2, 2, 4))))
                    .contains(Errno.EINVAL);
            assertThat(pushbuf(client, channel, copier.uses(), Collections.nCopies(513, good.getFirst())))
                    .contains(Errno.EINVAL);
            MemorySegment badPointer = request(client, channel, copier.uses(), good, 0);
            badPointer.asSlice(32, 8).fill((byte) 0x11);
            assertThat(client.ioctl(0x41, badPointer)).contains(Errno.EFAULT);
        }
    }

    @Test
    void pushbufAfterVmInit_isEnosys() {
        try (Rig rig = new Rig();
                TestClient client = rig.client().nvk()) {
            int channel = client.channel(TestClient.ENGINE_CE);

            assertThat(pushbuf(client, channel, List.of(), List.of())).contains(Errno.ENOSYS);
        }
    }
}
