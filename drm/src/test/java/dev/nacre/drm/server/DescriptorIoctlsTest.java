package dev.nacre.drm.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.Quota;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.Served;
import dev.nacre.drm.testing.TestDriver;
import dev.nacre.drm.testing.WireClient;
import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.PollSet;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ioctls on descriptors of memory and of fences, with work under way. */
class DescriptorIoctlsTest {
    private static final int RENDER = 128;

    // HW: dma-buf.h, sync_file.h
    private static final int SYNC = 0x4008_6200;
    private static final int EXPORT = 0xc008_6202;
    private static final int IMPORT = 0x4008_6203;
    private static final int MERGE = 0xc030_3e03;
    private static final int INFO = 0xc038_3e04;
    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int END = 4;

    private final TestDriver driver = TestDriver.withAll();
    private final Served served = new Served(driver);
    private final WireClient client = served.connect();
    private final Fd file = client.open(RENDER);
    private final DrmFile drmFile = served.device.files().iterator().next();
    private final Fd memory = memory();

    @AfterEach
    void close() {
        file.close();
        client.close();
        served.awaitEmpty();
        assertThat(driver.objects.get()).isZero();
        served.close();
    }

    private Fd memory() {
        Arg made = Arg.of(16).u64(8, 8192);
        assertThat(client.ioctl(file, made.iowr(TestDriver.CREATE), made)).isZero();
        Arg prime = Arg.of(12).u32(0, made.u32(0)).u32(4, 2);
        assertThat(client.ioctl(file, prime.iowr(0x2d), prime)).isZero();
        return client.fd(prime.u32(8));
    }

    /** Has work use the memory. */
    private Fence used(boolean forWrite) {
        Fence work = new Fence();
        try (GemObject object = drmFile.gems().lookup(1)) {
            object.use(work, forWrite);
        }
        return work;
    }

    /** The number of a descriptor of a fence. */
    private int syncFile(Fence fence) {
        return client.add(served.device.syncFiles().export(fence, drmFile.descriptors()));
    }

    private int export(int flags) {
        Arg arg = Arg.of(8).u32(0, flags);
        assertThat(client.fdIoctl(memory, EXPORT, arg)).isZero();
        return arg.u32(4);
    }

    private int merge(int one, int other) {
        Arg arg = Arg.of(48).u32(32, other);
        assertThat(client.fdIoctl(client.fd(one), MERGE, arg)).isZero();
        return arg.u32(36);
    }

    /** Struct sync_file_info of a descriptor, with room for some fences. */
    private Arg info(int number, int fences, long address) {
        Arg arg = Arg.of(56).u32(40, fences).u64(48, address);
        assertThat(client.fdIoctl(client.fd(number), INFO, arg)).isZero();
        return arg;
    }

    private int status(int number) {
        return info(number, 0, 0).u32(32);
    }

    private static boolean isReady(Fd fd) {
        try (PollSet poll = new PollSet(1)) {
            poll.set(0, fd);
            return poll.await(0) == 1;
        }
    }

    @Test
    void exportedFence_endsWithWhoUsesTheMemory() {
        Fence read = used(false);
        int toRead = export(READ);
        int toWrite = export(READ | WRITE);

        assertThat(isReady(client.fd(toRead))).isTrue();
        assertThat(isReady(client.fd(toWrite))).isFalse();
        assertThat(status(toWrite)).isZero();
        read.signal();

        assertThat(isReady(client.fd(toWrite))).isTrue();
        assertThat(status(toWrite)).isEqualTo(1);
    }

    @Test
    void exportedFence_isAllThatUseTheMemory() {
        Fence write = used(true);
        Fence read = used(false);
        int toWrite = export(WRITE);
        long fences = client.bytes(new byte[2 * 80]);

        assertThat(info(toWrite, 2, fences).u32(40)).isEqualTo(2);
        write.signal();
        assertThat(status(toWrite)).isZero();
        assertThat(info(toWrite, 2, fences).u32(32)).isZero();
        assertThat(client.at(fences).u32(64)).isEqualTo(1);
        assertThat(client.at(fences).u64(72)).isEqualTo(write.endedNs());
        assertThat(client.at(fences).u32(80 + 64)).isZero();
        assertThat(client.at(fences).u64(80 + 72)).isZero();
        read.signal();

        assertThat(isReady(client.fd(toWrite))).isTrue();
        assertThat(info(toWrite, 2, fences).u32(32)).isEqualTo(1);
    }

    @Test
    void mergedFence_failsAsOneOfItsParts() {
        Fence good = new Fence();
        Fence bad = new Fence();
        int merged = merge(syncFile(good), syncFile(bad));
        long fences = client.bytes(new byte[2 * 80]);
        assertThat(status(merged)).isZero();

        bad.fail(Errno.ENODEV);
        assertThat(isReady(client.fd(merged))).isFalse();
        good.signal();

        assertThat(isReady(client.fd(merged))).isTrue();
        assertThat(status(merged)).isEqualTo(-Errno.ENODEV.number());
        Arg info = info(merged, 2, fences);
        assertThat(info.u32(32)).isEqualTo(-Errno.ENODEV.number());
        assertThat(info.u32(40)).isEqualTo(2);
        assertThat(new String(client.at(fences).bytes(), 32, 5, StandardCharsets.US_ASCII))
                .isEqualTo("test\0");
    }

    @Test
    void mergedFence_hasEachPartOnceAndNoneThatHasEnded() {
        Fence work = new Fence();
        int twice = merge(syncFile(work), syncFile(work));
        assertThat(info(twice, 0, 0).u32(40)).isEqualTo(1);
        int more = merge(merge(twice, syncFile(new Fence())), syncFile(Fence.signalled()));
        assertThat(info(more, 0, 0).u32(40)).isEqualTo(2);

        Arg small = Arg.of(56).u32(40, 1).u64(48, client.bytes(new byte[80]));
        assertThat(client.fdIoctl(client.fd(more), INFO, small)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void importedFence_isWaitedForAsAnotherUser() throws Exception {
        Fence earlier = used(true);
        Fence work = new Fence();
        Arg arg = Arg.of(8).u32(0, READ).u32(4, syncFile(work));
        assertThat(client.fdIoctl(memory, IMPORT, arg)).isZero();
        assertThat(info(export(READ), 0, 0).u32(40)).isEqualTo(1);
        assertThat(info(export(WRITE), 0, 0).u32(40)).isEqualTo(2);
        assertThat(client.fdIoctl(memory, SYNC, Arg.of(8).u64(0, END | WRITE))).isZero();

        earlier.signal();
        assertThat(client.fdIoctl(memory, SYNC, Arg.of(8).u64(0, READ))).isZero();
        CompletableFuture<Integer> begun = CompletableFuture.supplyAsync(
                () -> client.fdIoctl(memory, SYNC, Arg.of(8).u64(0, WRITE)));
        assertThat(begun.isDone()).isFalse();
        work.signal();

        assertThat(begun.get(60, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void waitForMemory_endsWithItsClient() {
        Fence never = used(true);
        WireClient waiting = served.connect();
        Arg arg = Arg.of(8).u64(0, READ);
        assertThat(waiting.send(
                        Wire.FD_IOCTL, WireClient.ioctlMessage(new byte[16], SYNC, arg.bytes(), 0), List.of(memory)))
                .isTrue();

        waiting.close();

        Served.await("the call has ended", () -> served.server.connectionCount() == 1);
        assertThat(never.isSignalled()).isFalse();
    }

    @Test
    void descriptorOfNothing_isNoDevices() {
        try (EventFd foreign = EventFd.create()) {
            assertThat(client.fdIoctl(foreign.fd(), INFO, Arg.of(56))).isEqualTo(Errno.ENOTTY.number());
        }
        assertThat(client.fdIoctl(file, INFO, Arg.of(56))).isEqualTo(Errno.ENOTTY.number());
        assertThat(client.fdIoctl(memory, INFO, Arg.of(56))).isEqualTo(Errno.ENOTTY.number());
        assertThat(client.fdIoctl(client.fd(syncFile(new Fence())), SYNC, Arg.of(8)))
                .isEqualTo(Errno.ENOTTY.number());
    }

    @Test
    void callWithoutADescriptor_endsTheConnection() {
        try (WireClient hostile = served.connect()) {
            Arg message = WireClient.ioctlMessage(new byte[16], SYNC, new byte[8], 0);
            assertThat(hostile.ask(Wire.FD_IOCTL, message, List.of()).type()).isEqualTo(Wire.ERROR);
        }
        assertThat(client.fdIoctl(memory, SYNC, Arg.of(8).u64(0, READ))).isZero();
    }

    @Test
    void descriptorsThatAConnectionMakes_areBounded() {
        int errno = 0;
        for (int i = 0; i < 5000 && errno == 0; i++) {
            // Kept open: what is closed counts no more as soon as the server has looked.
            errno = client.fdIoctl(memory, EXPORT, Arg.of(8).u32(0, READ));
        }
        assertThat(errno).isEqualTo(Errno.EMFILE.number());
        try (WireClient other = served.connect()) {
            assertThat(other.fdIoctl(memory, EXPORT, Arg.of(8).u32(0, READ))).isZero();
        }
    }

    @Test
    void usersThatSomebodyNames_countToHimOnceEach() {
        Quota payer = new Quota(2, Errno.ENOMEM, null);
        Fence one = new Fence();
        Fence two = new Fence();
        try (GemObject object = drmFile.gems().lookup(1)) {
            object.addUser(one, true, payer);
            object.addUser(one, true, payer);
            object.addUser(two, false, payer);
            assertThat(payer.used()).isEqualTo(2);
            assertThatThrownBy(() -> object.addUser(new Fence(), true, payer)).isInstanceOf(DrmException.class);

            one.signal();
            object.addUser(new Fence(), true, payer);

            assertThat(object.users(true)).hasSize(2).contains(two);
            two.signal();
            assertThat(payer.used()).isEqualTo(1);
        }
    }
}
