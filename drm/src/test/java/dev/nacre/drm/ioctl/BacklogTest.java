package dev.nacre.drm.ioctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.sync.Fence;
import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.LocalClient;
import dev.nacre.drm.testing.Served;
import dev.nacre.drm.testing.SyncobjClient;
import dev.nacre.drm.testing.TestDriver;
import dev.nacre.linux.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waits in a file's name, and what it has descriptors made of, has an end. */
class BacklogTest {
    private static final long FOREVER = Long.MAX_VALUE;
    private static final int MOST_WAITING = 1 << 17;

    private final DrmDevice device = new DrmDevice(TestDriver.withAll(), "pci:0000:01:00.0");
    private final LocalClient greedy = LocalClient.user(device, DrmNode.RENDER);
    private final LocalClient modest = LocalClient.user(device, DrmNode.RENDER);
    private final SyncobjClient sync = new SyncobjClient(greedy);
    private final SyncobjClient other = new SyncobjClient(modest);

    @AfterEach
    void close() {
        greedy.close();
        modest.close();
        device.sweep();
        assertThat(greedy.file.descriptors().used()).isZero();
        device.close();
    }

    /** Calls until it is refused; how it was. */
    private static int untilRefused(int most, IntSupplier call) {
        int errno = 0;
        for (int i = 0; i < most && errno == 0; i++) {
            errno = call.getAsInt();
        }
        return errno;
    }

    private Fence submit(int handle) {
        Fence fence = new Fence();
        greedy.file.syncobjs().lookup(handle).replace(fence);
        return fence;
    }

    @Test
    void pointsOfManyTimelines_areTooManyTogetherAndSomedayNot() {
        int from = sync.create(false);
        Fence never = submit(from);
        int errno = 0;
        for (int i = 0; i < 2 * MOST_WAITING / 10_000 && errno == 0; i++) {
            int to = sync.create(false);
            for (int point = 1; point <= 10_000 && errno == 0; point++) {
                errno = sync.transfer(from, 0, to, point, 0);
            }
        }

        assertThat(errno).isEqualTo(Errno.ENOMEM.number());
        assertThat(greedy.file.backlog().used()).isEqualTo(MOST_WAITING);
        assertThat(sync.signalPoint(sync.create(false), 1)).isEqualTo(Errno.ENOMEM.number());
        assertThat(other.signalPoint(other.create(false), 1)).isZero();

        never.signal();

        assertThat(greedy.file.backlog().used()).isZero();
        assertThat(sync.signalPoint(sync.create(false), 1)).isZero();
    }

    @Test
    void timelineThatIsNeverIdle_goesOnForever() {
        int handle = sync.create(false);
        Fence last = new Fence();
        greedy.file.syncobjs().lookup(handle).addPoint(last, 1, greedy.file.backlog());
        for (long point = 2; point < 50_000; point++) {
            Fence next = new Fence();
            greedy.file.syncobjs().lookup(handle).requireRoom();
            greedy.file.syncobjs().lookup(handle).addPoint(next, point, greedy.file.backlog());
            last.signal();
            last = next;
        }

        assertThat(greedy.file.backlog().used()).isEqualTo(1);
        assertThat(sync.query(handle, 0)).isEqualTo(49_998);
        last.signal();
    }

    @Test
    void callsThatWait_areRefusedBeyondTheBacklogAndGiveItBack() throws Exception {
        int handle = sync.create(false);
        Fence never = submit(handle);
        int[] many = new int[MOST_WAITING / 2];
        Arrays.fill(many, handle);
        List<CompletableFuture<Integer>> waits = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            LocalClient thread = greedy.sibling();
            waits.add(CompletableFuture.supplyAsync(
                    () -> new SyncobjClient(thread).await(0, FOREVER, Arg.of(32), many),
                    action -> Thread.ofPlatform().start(action)));
        }
        Served.await("all of them wait", () -> greedy.file.backlog().used() == MOST_WAITING);

        assertThat(sync.await(0, FOREVER, Arg.of(32), handle)).isEqualTo(Errno.ENOMEM.number());
        assertThat(sync.look(0, sync.create(true))).isZero();

        never.signal();

        for (CompletableFuture<Integer> wait : waits) {
            assertThat(wait.get(60, TimeUnit.SECONDS)).isZero();
        }
        assertThat(greedy.file.backlog().used()).isZero();
    }

    @Test
    void descriptorsOfFences_areBoundedUntilTheyAreClosed() {
        int handle = sync.create(true);

        int errno = untilRefused(10_000, () -> {
            Arg made = Arg.of(16);
            int result = sync.handleToFd(handle, 1, made);
            if (result == 0) {
                greedy.fd(made.u32(8)).close();
            }
            return result;
        });

        assertThat(errno).isEqualTo(Errno.EMFILE.number());
        assertThat(other.handleToFd(other.create(true), 1, Arg.of(16))).isZero();
        device.sweep();
        assertThat(sync.handleToFd(handle, 1, Arg.of(16))).isZero();
    }

    @Test
    void descriptorsOfSyncobjs_areBoundedUntilTheyAreClosed() {
        int errno = untilRefused(10_000, () -> {
            Arg made = Arg.of(16);
            int result = sync.handleToFd(sync.create(true), 0, made);
            if (result == 0) {
                greedy.fd(made.u32(8)).close();
            }
            return result;
        });

        assertThat(errno).isEqualTo(Errno.EMFILE.number());
        assertThat(other.handleToFd(other.create(true), 0, Arg.of(16))).isZero();
        device.sweep();
        assertThat(sync.handleToFd(sync.create(true), 0, Arg.of(16))).isZero();
    }
}
