package dev.nacre.drm.ioctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.Credentials;
import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.LocalClient;
import dev.nacre.drm.testing.SyncobjClient;
import dev.nacre.drm.testing.TestDriver;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.PollSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SyncobjIoctlsTest {
    private final DrmDevice device = new DrmDevice(TestDriver.withAll(), "pci:0000:01:00.0");
    private final LocalClient client = LocalClient.user(device, DrmNode.RENDER);
    private final LocalClient otherClient = new LocalClient(device, DrmNode.RENDER, new Credentials(200, 1000, 1000));
    private final SyncobjClient sync = new SyncobjClient(client);
    private final SyncobjClient other = new SyncobjClient(otherClient);

    @AfterEach
    void close() {
        client.close();
        otherClient.close();
        device.sweep();
        assertThat(device.syncobjFiles().count()).isZero();
        assertThat(device.syncFiles().count()).isZero();
        device.close();
    }

    private Fence submit(int handle) {
        Fence fence = new Fence();
        client.file.syncobjs().lookup(handle).replace(fence);
        return fence;
    }

    private Fence submit(int handle, long point) {
        Fence fence = new Fence();
        client.file.syncobjs().lookup(handle).addPoint(fence, point, client.file.backlog());
        return fence;
    }

    @Test
    void create_isSignalledIfAskedFor() {
        assertThat(sync.look(0, sync.create(true))).isZero();
        assertThat(sync.look(0, sync.create(false))).isEqualTo(Errno.EINVAL.number());
        Arg flags = Arg.of(8).u32(4, 2);
        assertThat(client.ioctl(flags.iowr(0xbf), flags)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void destroy_freesTheHandle() {
        int handle = sync.create(false);
        assertThat(sync.destroy(handle)).isZero();
        assertThat(sync.destroy(handle)).isEqualTo(Errno.EINVAL.number());
        assertThat(sync.reset(handle)).isEqualTo(Errno.ENOENT.number());
        assertThat(sync.create(false)).isEqualTo(handle);
        Arg padding = Arg.of(8).u32(0, handle).u32(4, 1);
        assertThat(client.ioctl(padding.iowr(0xc0), padding)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void signalAndReset_setWhatItHolds() {
        int handle = sync.create(false);
        assertThat(sync.signal(handle)).isZero();
        assertThat(sync.look(0, handle)).isZero();
        assertThat(sync.reset(handle)).isZero();
        assertThat(sync.look(0, handle)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void arraysThatCannotBe_areRefused() {
        for (int nr : new int[] {0xc4, 0xc5}) {
            Arg none = Arg.of(16);
            assertThat(client.ioctl(none.iowr(nr), none)).isEqualTo(Errno.EINVAL.number());
            Arg bad = Arg.of(16).u64(0, 8).u32(8, 1);
            assertThat(client.ioctl(bad.iowr(nr), bad)).isEqualTo(Errno.EFAULT.number());
            Arg padding = Arg.of(16).u64(0, client.ints(1)).u32(8, 1).u32(12, 1);
            assertThat(client.ioctl(padding.iowr(nr), padding)).isEqualTo(Errno.EINVAL.number());
            Arg many = Arg.of(16).u32(8, -1);
            assertThat(client.ioctl(many.iowr(nr), many)).isEqualTo(Errno.ENOMEM.number());
        }
    }

    @Test
    void points_growAsTheyAreReached() {
        int handle = sync.create(false);
        assertThat(sync.query(handle, 0)).isZero();
        Fence one = submit(handle, 1);
        Fence two = submit(handle, 2);
        Fence five = submit(handle, 5);
        assertThat(sync.query(handle, 0)).isZero();
        assertThat(sync.query(handle, 1)).isEqualTo(5);

        two.signal();
        assertThat(sync.query(handle, 0)).isZero();
        one.signal();
        assertThat(sync.query(handle, 0)).isEqualTo(2);
        assertThat(sync.awaitPoint(0, 0, handle, 2)).isZero();
        assertThat(sync.awaitPoint(0, 0, handle, 3)).isEqualTo(Errno.ETIME.number());
        five.signal();
        assertThat(sync.query(handle, 0)).isEqualTo(5);
        assertThat(sync.awaitPoint(0, 0, handle, 3)).isZero();
        assertThat(sync.awaitPoint(0, 0, handle, 6)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void timelineSignal_addsReachedPoints() {
        int handle = sync.create(false);
        assertThat(sync.signalPoint(handle, 7)).isZero();
        assertThat(sync.query(handle, 0)).isEqualTo(7);
        Fence pending = submit(handle, 8);
        assertThat(sync.signalPoint(handle, 9)).isZero();
        assertThat(sync.query(handle, 0)).isEqualTo(7);
        pending.signal();
        assertThat(sync.query(handle, 0)).isEqualTo(9);
        Arg flags = Arg.of(24).u32(16, 1).u32(20, 1);
        assertThat(client.ioctl(flags.iowr(0xcd), flags)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void pointThatDoesNotGrow_beginsATimelineOfItsOwn() {
        int handle = sync.create(false);
        Fence old = submit(handle, 10);
        Fence lower = submit(handle, 4);
        assertThat(sync.query(handle, 1)).isEqualTo(10);
        lower.signal();
        assertThat(sync.awaitPoint(0, 0, handle, 4)).isEqualTo(Errno.ETIME.number());
        old.signal();
        assertThat(sync.awaitPoint(0, 0, handle, 4)).isZero();
    }

    @Test
    void pointsOfWorkWithoutEnd_areTooManySometime() {
        int from = sync.create(false);
        int to = sync.create(false);
        Fence never = submit(from);
        int errno = 0;
        long point = 0;
        while (errno == 0 && point < 1 << 17) {
            errno = sync.transfer(from, 0, to, ++point, 0);
        }

        assertThat(errno).isEqualTo(Errno.ENOMEM.number());
        assertThat(point).isGreaterThan(10_000);
        never.signal();
        assertThat(sync.query(to, 0)).isEqualTo(point - 1);
    }

    @Test
    void pointsThatOnlyWaitForThoseBefore_areNotCounted() {
        int handle = sync.create(false);
        Fence base = submit(handle, 1);
        for (long point = 2; point < 40_000; point++) {
            client.file.syncobjs().lookup(handle).addPoint(Fence.signalled(), point, client.file.backlog());
        }
        assertThat(sync.query(handle, 0)).isZero();
        assertThat(sync.query(handle, 1)).isEqualTo(39_999);
        assertThat(sync.awaitPoint(0, 0, handle, 20_000)).isEqualTo(Errno.ETIME.number());
        assertThat(sync.awaitPoint(0, 0, handle, 1)).isEqualTo(Errno.ETIME.number());

        base.signal();

        assertThat(sync.query(handle, 0)).isEqualTo(39_999);
        assertThat(sync.awaitPoint(0, 0, handle, 20_000)).isZero();
    }

    @Test
    void transfer_movesFencesBetweenBinaryAndTimeline() {
        int binary = sync.create(false);
        int timeline = sync.create(false);
        Fence fence = submit(binary);
        assertThat(sync.transfer(binary, 0, timeline, 3, 0)).isZero();
        assertThat(sync.awaitPoint(0, 0, timeline, 3)).isEqualTo(Errno.ETIME.number());
        int back = sync.create(false);
        assertThat(sync.transfer(timeline, 3, back, 0, 0)).isZero();
        assertThat(sync.look(0, back)).isEqualTo(Errno.ETIME.number());

        fence.signal();

        assertThat(sync.awaitPoint(0, 0, timeline, 3)).isZero();
        assertThat(sync.look(0, back)).isZero();
    }

    @Test
    void transfer_ofWhatIsNotThere_isRefused() {
        int empty = sync.create(false);
        assertThat(sync.transfer(empty, 0, empty, 1, 0)).isEqualTo(Errno.EINVAL.number());
        assertThat(sync.transfer(99, 0, empty, 1, 0)).isEqualTo(Errno.ENOENT.number());
        assertThat(sync.transfer(empty, 0, 99, 1, 0)).isEqualTo(Errno.ENOENT.number());
        Arg padding = Arg.of(32).u32(28, 1);
        assertThat(client.ioctl(padding.iowr(0xcc), padding)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void descriptor_isTheSyncobjItselfAndOutlivesItsHandle() {
        int handle = sync.create(false);
        Arg out = Arg.of(16);
        assertThat(sync.handleToFd(handle, 0, out)).isZero();
        assertThat(sync.destroy(handle)).isZero();
        int passed = otherClient.add(client.fd(out.u32(8)).duplicate());
        Arg in = Arg.of(16);
        Arg again = Arg.of(16);
        assertThat(other.fdToHandle(passed, 0, in)).isZero();
        assertThat(other.fdToHandle(passed, 0, again)).isZero();
        assertThat(in.u32(0)).isNotEqualTo(again.u32(0));

        assertThat(other.signal(in.u32(0))).isZero();

        assertThat(other.look(0, again.u32(0))).isZero();
    }

    @Test
    void syncFile_isTheFenceOfThatMomentAndBecomesReady() {
        int handle = sync.create(false);
        Fence fence = submit(handle);
        Arg out = Arg.of(16);
        assertThat(sync.handleToFd(handle, 1, out)).isZero();
        assertThat(sync.reset(handle)).isZero();
        Fd fd = client.fd(out.u32(8));
        int target = other.create(false);
        assertThat(other.fdToHandle(
                        otherClient.add(fd.duplicate()), 1, Arg.of(16).u32(0, target)))
                .isZero();
        try (PollSet poll = new PollSet(1)) {
            poll.set(0, fd);
            assertThat(poll.await(0)).isZero();
            assertThat(other.look(0, target)).isEqualTo(Errno.ETIME.number());

            fence.signal();

            assertThat(poll.await(0)).isEqualTo(1);
            assertThat(other.look(0, target)).isZero();
        }
    }

    @Test
    void syncFileOfAPoint_isForTimelines() {
        int handle = sync.create(false);
        submit(handle, 4).signal();
        Arg out = Arg.of(24).u64(16, 4);
        assertThat(sync.handleToFd(handle, 3, out)).isZero();
        Arg wrong = Arg.of(24).u64(16, 5);
        assertThat(sync.handleToFd(handle, 3, wrong)).isEqualTo(Errno.EINVAL.number());
        Arg whole = Arg.of(24).u64(16, 4);
        assertThat(sync.handleToFd(handle, 0, whole)).isEqualTo(Errno.EINVAL.number());
        int target = sync.create(false);
        assertThat(sync.fdToHandle(out.u32(8), 3, Arg.of(24).u32(0, target).u64(16, 9)))
                .isZero();
        assertThat(sync.query(target, 0)).isEqualTo(9);
    }

    @Test
    void descriptorsThatStandForNothing_areRefused() {
        int handle = sync.create(false);
        assertThat(sync.handleToFd(99, 0, Arg.of(16))).isEqualTo(Errno.EINVAL.number());
        assertThat(sync.handleToFd(99, 1, Arg.of(16))).isEqualTo(Errno.ENOENT.number());
        assertThat(sync.handleToFd(handle, 1, Arg.of(16))).isEqualTo(Errno.EINVAL.number());
        assertThat(sync.handleToFd(handle, 4, Arg.of(16))).isEqualTo(Errno.EINVAL.number());
        assertThat(sync.fdToHandle(99, 0, Arg.of(16))).isEqualTo(Errno.EINVAL.number());
        int foreign = client.add(dev.nacre.linux.EventFd.create().fd());
        assertThat(sync.fdToHandle(foreign, 0, Arg.of(16))).isEqualTo(Errno.EINVAL.number());
        assertThat(sync.fdToHandle(foreign, 1, Arg.of(16).u32(0, handle))).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void driverWithoutSyncobjs_hasNone() {
        try (DrmDevice plain = new DrmDevice(new TestDriver(Set.of(DriverFeature.RENDER)), "pci:0000:02:00.0");
                LocalClient theirs = LocalClient.user(plain, DrmNode.RENDER)) {
            for (int nr : new int[] {0xbf, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xca, 0xcb, 0xcc, 0xcd, 0xcf}) {
                Arg arg = Arg.of(48);
                assertThat(theirs.ioctl(arg.iowr(nr), arg)).isEqualTo(Errno.EOPNOTSUPP.number());
            }
        }
    }
}
