package dev.nacre.drm.ioctl;

import static dev.nacre.drm.testing.SyncobjClient.ALL;
import static dev.nacre.drm.testing.SyncobjClient.AVAILABLE;
import static dev.nacre.drm.testing.SyncobjClient.FOR_SUBMIT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.LocalClient;
import dev.nacre.drm.testing.SyncobjClient;
import dev.nacre.drm.testing.TestDriver;
import dev.nacre.linux.Errno;
import dev.nacre.linux.EventFd;
import dev.nacre.linux.Memfd;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SyncobjWaitIoctlsTest {
    private static final long FOREVER = Long.MAX_VALUE;

    private final DrmDevice device = new DrmDevice(TestDriver.withAll(), "pci:0000:01:00.0");
    private final LocalClient client = LocalClient.user(device, DrmNode.RENDER);
    private final SyncobjClient sync = new SyncobjClient(client);

    @AfterEach
    void close() {
        client.close();
        device.close();
    }

    private Fence submit(int handle) {
        Fence fence = new Fence();
        client.file.syncobjs().lookup(handle).replace(fence);
        return fence;
    }

    /** Runs a wait that has to end by something that happens meanwhile. */
    private static int during(IntSupplier wait, Runnable happens) throws Exception {
        CompletableFuture<Integer> result = CompletableFuture.supplyAsync(wait::getAsInt);
        happens.run();
        return result.get(60, TimeUnit.SECONDS);
    }

    @Test
    void wait_endsWithTheFirst() throws Exception {
        int one = sync.create(false);
        int two = sync.create(false);
        Fence never = submit(one);
        Fence soon = submit(two);
        Arg result = Arg.of(32);

        assertThat(during(() -> sync.await(0, FOREVER, result, one, two), soon::signal))
                .isZero();

        assertThat(result.u32(24)).isEqualTo(1);
        assertThat(never.isSignalled()).isFalse();
    }

    @Test
    void waitForAll_endsWithTheLast() throws Exception {
        int one = sync.create(true);
        int two = sync.create(false);
        Fence soon = submit(two);
        assertThat(sync.look(ALL, one, two)).isEqualTo(Errno.ETIME.number());
        Arg result = Arg.of(32);

        assertThat(during(() -> sync.await(ALL, FOREVER, result, one, two), soon::signal))
                .isZero();

        assertThat(result.u32(24)).isZero();
    }

    @Test
    void waitThatFails_endsAsOneThatSucceeds() throws Exception {
        int handle = sync.create(false);
        Fence fence = submit(handle);

        assertThat(during(() -> sync.await(0, FOREVER, Arg.of(32), handle), () -> fence.fail(Errno.EIO)))
                .isZero();
    }

    @Test
    void wait_endsAtItsTime() {
        int handle = sync.create(false);
        Fence _ = submit(handle);

        assertThat(sync.await(0, System.nanoTime() + 1_000_000, Arg.of(32), handle))
                .isEqualTo(Errno.ETIME.number());
        assertThat(sync.await(0, -1, Arg.of(32), handle)).isEqualTo(Errno.ETIME.number());
    }

    @Test
    void waitForSubmit_endsAfterSubmissionAndSignal() throws Exception {
        int handle = sync.create(false);
        assertThat(sync.look(FOR_SUBMIT, handle)).isEqualTo(Errno.ETIME.number());

        assertThat(during(() -> sync.await(FOR_SUBMIT, FOREVER, Arg.of(32), handle), () -> {
                    Fence fence = submit(handle);
                    fence.signal();
                }))
                .isZero();
    }

    @Test
    void waitForAPoint_endsWhenALaterOneIsReached() throws Exception {
        int handle = sync.create(false);

        assertThat(during(
                        () -> sync.awaitPoint(FOR_SUBMIT, FOREVER, handle, 5),
                        () -> assertThat(sync2(handle, 9)).isZero()))
                .isZero();
    }

    private int sync2(int handle, long point) {
        client.file.syncobjs().lookup(handle).addPoint(Fence.signalled(), point, client.file.backlog());
        return 0;
    }

    @Test
    void waitUntilAvailable_doesNotWaitForTheEnd() throws Exception {
        int handle = sync.create(false);

        assertThat(during(
                        () -> sync.awaitPoint(AVAILABLE, FOREVER, handle, 5),
                        () -> client.file.syncobjs().lookup(handle).addPoint(new Fence(), 5, client.file.backlog())))
                .isZero();
        assertThat(sync.awaitPoint(0, 0, handle, 5)).isEqualTo(Errno.ETIME.number());
    }

    @Test
    void transferThatWaitsForSubmission_getsTheFence() throws Exception {
        int from = sync.create(false);
        int to = sync.create(false);

        assertThat(during(() -> sync.transfer(from, 2, to, 0, FOR_SUBMIT), () -> sync2(from, 2)))
                .isZero();

        assertThat(sync.look(0, to)).isZero();
    }

    @Test
    void flagsThatDoNotExist_areRefused() {
        int handle = sync.create(true);
        assertThat(sync.look(AVAILABLE, handle)).isEqualTo(Errno.EINVAL.number());
        assertThat(sync.look(16, handle)).isEqualTo(Errno.EINVAL.number());
        assertThat(sync.awaitPoint(16, 0, handle, 0)).isEqualTo(Errno.EINVAL.number());
        assertThat(sync.awaitPoint(0, 0, handle, 0)).isZero();
        assertThat(sync.look(0)).isEqualTo(Errno.EINVAL.number());
        assertThat(sync.look(0, 77)).isEqualTo(Errno.ENOENT.number());
    }

    @Test
    void wait_endsWhenTheFileCloses() throws Exception {
        int handle = sync.create(false);
        Fence _ = submit(handle);

        int errno = during(() -> sync.await(0, FOREVER, Arg.of(32), handle), client.file::close);

        assertThat(errno).isIn(Errno.EINTR.number(), Errno.ENODEV.number());
    }

    @Test
    void eventfd_isSignalledWhenThePointIsReached() {
        int handle = sync.create(false);
        try (EventFd event = EventFd.create()) {
            assertThat(sync.eventfd(handle, 3, 0, client.add(event.fd().duplicate())))
                    .isZero();
            Fence fence = new Fence();
            client.file.syncobjs().lookup(handle).addPoint(fence, 3, client.file.backlog());
            assertThat(event.drain()).isZero();

            fence.signal();

            assertThat(event.drain()).isEqualTo(1);
        }
    }

    @Test
    void eventfd_isSignalledWhenThePointIsAvailable() {
        int handle = sync.create(false);
        try (EventFd event = EventFd.create()) {
            assertThat(sync.eventfd(handle, 3, AVAILABLE, client.add(event.fd().duplicate())))
                    .isZero();

            client.file.syncobjs().lookup(handle).addPoint(new Fence(), 3, client.file.backlog());

            assertThat(event.drain()).isEqualTo(1);
        }
    }

    @Test
    void eventfdThatCannotBe_isRefused() {
        int handle = sync.create(false);
        assertThat(sync.eventfd(handle, 0, 0, 99)).isEqualTo(Errno.EBADF.number());
        assertThat(sync.eventfd(99, 0, 0, 99)).isEqualTo(Errno.ENOENT.number());
        assertThat(sync.eventfd(handle, 0, 1, 99)).isEqualTo(Errno.EINVAL.number());
        int file = client.add(Memfd.ofFixedSize("nacre-test", 4096));
        assertThat(sync.eventfd(handle, 0, 0, file)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void eventfdsThatWait_areBounded() {
        int handle = sync.create(false);
        try (EventFd event = EventFd.create()) {
            int fd = client.add(event.fd().duplicate());
            int count = 0;
            while (count < 5000 && sync.eventfd(handle, 3, 0, fd) == 0) {
                count++;
            }

            assertThat(count).isEqualTo(1024);
            client.file.close();
            assertThat(event.drain()).isZero();
        }
    }
}
