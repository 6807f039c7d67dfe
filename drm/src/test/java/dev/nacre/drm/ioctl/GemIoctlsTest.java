package dev.nacre.drm.ioctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.drm.Credentials;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.LocalClient;
import dev.nacre.drm.testing.TestDriver;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Mapping;
import dev.nacre.linux.Memfd;
import dev.nacre.linux.NativeException;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GemIoctlsTest {
    private static final int CLOEXEC_RDWR = 0x80002;

    private final TestDriver driver = TestDriver.withAll();
    private final DrmDevice device = new DrmDevice(driver, "pci:0000:01:00.0");
    private final LocalClient client = LocalClient.user(device, DrmNode.PRIMARY);
    private final LocalClient other = new LocalClient(device, DrmNode.RENDER, new Credentials(200, 1000, 1000));

    @AfterEach
    void close() {
        client.close();
        other.close();
        device.sweep();
        assertThat(driver.objects.get()).isZero();
        device.close();
    }

    private static int create(LocalClient who, int nr) {
        Arg arg = Arg.of(16).u64(8, 8192);
        assertThat(who.ioctl(arg.iowr(nr), arg)).isZero();
        return arg.u32(0);
    }

    private static int closeHandle(LocalClient who, int handle) {
        Arg arg = Arg.of(8).u32(0, handle);
        return who.ioctl(arg.iow(0x09), arg);
    }

    private static int export(LocalClient who, int handle, int flags) {
        Arg arg = Arg.of(12).u32(0, handle).u32(4, flags);
        assertThat(who.ioctl(arg.iowr(0x2d), arg)).isZero();
        return arg.u32(8);
    }

    private static Arg imported(LocalClient who, int fd) {
        Arg arg = Arg.of(12).u32(8, fd);
        assertThat(who.ioctl(arg.iowr(0x2e), arg)).isZero();
        return arg;
    }

    private static int passOn(LocalClient from, int fd, LocalClient to) {
        return to.add(from.fd(fd).duplicate());
    }

    @Test
    void close_freesTheHandleAndTheLowestIsUsedAgain() {
        int one = create(client, TestDriver.CREATE);
        int two = create(client, TestDriver.CREATE);
        assertThat(one).isEqualTo(1);
        assertThat(two).isEqualTo(2);

        assertThat(closeHandle(client, one)).isZero();

        assertThat(driver.objects.get()).isEqualTo(1);
        assertThat(closeHandle(client, one)).isEqualTo(Errno.EINVAL.number());
        assertThat(closeHandle(client, 0)).isEqualTo(Errno.EINVAL.number());
        assertThat(create(client, TestDriver.CREATE)).isEqualTo(1);
    }

    @Test
    void name_opensTheObjectInOtherFilesUntilItsLastHandleCloses() {
        int handle = create(client, TestDriver.CREATE);
        Arg flink = Arg.of(8).u32(0, handle);
        assertThat(client.ioctl(flink.iowr(0x0a), flink)).isZero();
        Arg again = Arg.of(8).u32(0, handle);
        assertThat(client.ioctl(again.iowr(0x0a), again)).isZero();
        assertThat(again.u32(4)).isEqualTo(flink.u32(4)).isPositive();
        try (LocalClient root = LocalClient.root(device, DrmNode.PRIMARY)) {
            Arg open = Arg.of(16).u32(0, flink.u32(4));
            assertThat(root.ioctl(open.iowr(0x0b), open)).isZero();
            assertThat(open.u64(8)).isEqualTo(8192);
            assertThat(closeHandle(client, handle)).isZero();
            assertThat(client.ioctl(open.iowr(0x0b), open)).isZero();
            assertThat(closeHandle(client, open.u32(4))).isZero();
        }
        Arg late = Arg.of(16).u32(0, flink.u32(4));
        assertThat(client.ioctl(late.iowr(0x0b), late)).isEqualTo(Errno.ENOENT.number());
    }

    @Test
    void name_isForThoseWhoAreAuthenticated() {
        Arg flink = Arg.of(8).u32(0, create(other, TestDriver.CREATE));
        assertThat(other.ioctl(flink.iowr(0x0a), flink)).isEqualTo(Errno.EACCES.number());
        Arg none = Arg.of(8).u32(0, 77);
        assertThat(client.ioctl(none.iowr(0x0a), none)).isEqualTo(Errno.ENOENT.number());
    }

    @Test
    void descriptor_isTheMemoryAndKeepsTheObjectAlive() {
        int handle = create(client, TestDriver.CREATE);
        int fd = export(client, handle, CLOEXEC_RDWR);
        assertThat(closeHandle(client, handle)).isZero();
        client.file.close();
        device.sweep();
        assertThat(driver.objects.get()).isEqualTo(1);

        Arg got = imported(other, passOn(client, fd, other));

        try (Mapping mapping = Mapping.map(client.fd(fd), 0, 8192, Mapping.Access.READ_WRITE);
                GemObject object = other.file.gems().lookup(got.u32(0))) {
            mapping.segment().set(ValueLayout.JAVA_BYTE, 4096, (byte) 42);
            byte[] seen = new byte[1];
            object.memory().read(4096, java.lang.foreign.MemorySegment.ofArray(seen), 0, 1);
            assertThat(seen[0]).isEqualTo((byte) 42);
        }
    }

    @Test
    void import_leadsToTheHandleThatTheFileHasAlready() {
        int handle = create(client, TestDriver.CREATE);
        int fd = export(client, handle, CLOEXEC_RDWR);
        assertThat(imported(client, fd).u32(0)).isEqualTo(handle);

        int theirs = passOn(client, fd, other);
        int first = imported(other, theirs).u32(0);
        assertThat(imported(other, theirs).u32(0)).isEqualTo(first);
        assertThat(closeHandle(other, first)).isZero();
        assertThat(closeHandle(other, first)).isEqualTo(Errno.EINVAL.number());
        assertThat(imported(other, theirs).u32(0)).isEqualTo(first);
    }

    @Test
    void descriptorForReading_cannotBeWritten() {
        int fd = export(client, create(client, TestDriver.CREATE), 0);

        assertThatThrownBy(() -> Mapping.map(client.fd(fd), 0, 4096, Mapping.Access.READ_WRITE))
                .isInstanceOf(NativeException.class);
    }

    @Test
    void export_ofWhatCannotBe_isRefused() {
        Arg none = Arg.of(12).u32(0, 9);
        assertThat(client.ioctl(none.iowr(0x2d), none)).isEqualTo(Errno.ENOENT.number());
        Arg flags = Arg.of(12).u32(0, create(client, TestDriver.CREATE)).u32(4, 1);
        assertThat(client.ioctl(flags.iowr(0x2d), flags)).isEqualTo(Errno.EINVAL.number());
        Arg vram = Arg.of(12).u32(0, create(client, TestDriver.CREATE_VRAM));
        assertThat(client.ioctl(vram.iowr(0x2d), vram)).isEqualTo(Errno.EOPNOTSUPP.number());
    }

    @Test
    void import_ofWhatIsNoMemoryOfTheDevice_isRefused() {
        Arg closed = Arg.of(12).u32(8, 99);
        assertThat(client.ioctl(closed.iowr(0x2e), closed)).isEqualTo(Errno.EBADF.number());
        Arg foreign = Arg.of(12).u32(8, client.add(Memfd.ofFixedSize("nacre-test", 8192)));
        assertThat(client.ioctl(foreign.iowr(0x2e), foreign)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void mmapOffset_isTheObjectsAndForFilesThatHaveIt() {
        int handle = create(client, TestDriver.CREATE);
        try (GemObject object = client.file.gems().lookup(handle)) {
            long offset = device.gems().mmapOffset(object);
            assertThat(offset).isEqualTo(device.gems().mmapOffset(object)).isGreaterThanOrEqualTo(1L << 32);
            assertThat(offset % 4096).isZero();
            device.gems().atMmapOffset(client.file.gems(), offset, 8192).close();
            assertRefused(Errno.EACCES, other, offset, 4096);
            assertRefused(Errno.EINVAL, client, offset, 8193);
            assertRefused(Errno.EINVAL, client, offset, 0);
            assertRefused(Errno.EINVAL, client, offset + 4096, 4096);
            assertThat(closeHandle(client, handle)).isZero();
            assertRefused(Errno.EACCES, client, offset, 4096);
        }
        assertRefused(Errno.EINVAL, client, 1L << 32, 4096);
    }

    private void assertRefused(Errno errno, LocalClient who, long offset, long bytes) {
        assertThatThrownBy(() -> device.gems().atMmapOffset(who.file.gems(), offset, bytes))
                .isInstanceOfSatisfying(
                        DrmException.class, e -> assertThat(e.errno()).isEqualTo(errno));
    }

    @Test
    void dumbBuffer_isAsLargeAsItsPictureInWholePages() {
        Arg arg = Arg.of(32).u32(0, 3).u32(4, 100).u32(8, 32);
        assertThat(client.ioctl(arg.iowr(0xb2), arg)).isZero();
        assertThat(arg.u32(20)).isEqualTo(512);
        assertThat(arg.u64(24)).isEqualTo(4096);

        Arg map = Arg.of(16).u32(0, arg.u32(16));
        assertThat(client.ioctl(map.iowr(0xb3), map)).isZero();
        assertThat(map.u64(8)).isGreaterThanOrEqualTo(1L << 32);
        Arg destroy = Arg.of(4).u32(0, arg.u32(16));
        assertThat(client.ioctl(destroy.iowr(0xb4), destroy)).isZero();
        assertThat(client.ioctl(destroy.iowr(0xb4), destroy)).isEqualTo(Errno.EINVAL.number());
        assertThat(client.ioctl(map.iowr(0xb3), map)).isEqualTo(Errno.ENOENT.number());
    }

    @Test
    void dumbBufferOfImpossibleSize_isRefused() {
        int[][] wrong = {{0, 1, 32}, {1, 0, 32}, {1, 1, 0}, {1, 1, -1}, {1, -1, 32}, {-1, 0x10000, 32}};
        for (int[] one : wrong) {
            Arg arg = Arg.of(32).u32(0, one[0]).u32(4, one[1]).u32(8, one[2]);
            assertThat(client.ioctl(arg.iowr(0xb2), arg)).isEqualTo(Errno.EINVAL.number());
        }
    }
}
