package dev.nacre.drm.ioctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.Credentials;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.LocalClient;
import dev.nacre.drm.testing.TestDriver;
import dev.nacre.linux.Errno;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MasterIoctlsTest {
    private static final int SET = 0x641e;
    private static final int DROP = 0x641f;

    private final DrmDevice device = new DrmDevice(TestDriver.withAll(), "pci:0000:01:00.0");
    private final LocalClient first = LocalClient.user(device, DrmNode.PRIMARY);
    private final LocalClient second = new LocalClient(device, DrmNode.PRIMARY, new Credentials(200, 1000, 1000));

    @AfterEach
    void close() {
        first.close();
        second.close();
        device.close();
    }

    private static int set(LocalClient who) {
        return who.ioctl(SET, Arg.of(0));
    }

    private static int drop(LocalClient who) {
        return who.ioctl(DROP, Arg.of(0));
    }

    private static int magic(LocalClient who) {
        Arg arg = Arg.of(4);
        assertThat(who.ioctl(arg.ior(0x02), arg)).isZero();
        return arg.u32(0);
    }

    private static int authenticate(LocalClient master, int magic) {
        Arg arg = Arg.of(4).u32(0, magic);
        return master.ioctl(arg.iow(0x11), arg);
    }

    @Test
    void firstFile_isMasterAndAuthenticated() {
        assertThat(first.file.isMaster()).isTrue();
        assertThat(first.file.isAuthenticated()).isTrue();
        assertThat(second.file.isMaster()).isFalse();
        assertThat(second.file.isAuthenticated()).isFalse();
    }

    @Test
    void rootsFile_isAuthenticated() {
        try (LocalClient root = LocalClient.root(device, DrmNode.PRIMARY)) {
            assertThat(root.file.isAuthenticated()).isTrue();
            assertThat(root.file.isMaster()).isFalse();
        }
    }

    @Test
    void setMaster_isForRootAndForWhoWasMaster() {
        assertThat(set(first)).isZero();
        assertThat(set(second)).isEqualTo(Errno.EACCES.number());
        assertThat(drop(second)).isEqualTo(Errno.EACCES.number());
        assertThat(drop(first)).isZero();
        assertThat(first.file.isMaster()).isFalse();
        assertThat(drop(first)).isEqualTo(Errno.EINVAL.number());
        assertThat(second.ioctl(SET, Arg.of(0), new Credentials(9, 0, 0))).isZero();
        assertThat(second.file.isMaster()).isTrue();
        assertThat(set(first)).isEqualTo(Errno.EBUSY.number());
    }

    @Test
    void setMaster_ofAFileThatWasPassedOn_isRefused() {
        assertThat(drop(first)).isZero();

        assertThat(first.ioctl(SET, Arg.of(0), new Credentials(101, 1000, 1000)))
                .isEqualTo(Errno.EACCES.number());
    }

    @Test
    void masterThatCloses_makesWayForTheNextFile() {
        first.close();
        assertThat(second.file.isMaster()).isFalse();

        try (LocalClient third = LocalClient.user(device, DrmNode.PRIMARY)) {
            assertThat(third.file.isMaster()).isTrue();
        }
    }

    @Test
    void magic_isTheFilesAndAuthenticatesItOnce() {
        int magic = magic(second);
        assertThat(magic).isPositive().isEqualTo(magic(second)).isNotEqualTo(magic(first));

        assertThat(authenticate(second, magic)).isEqualTo(Errno.EACCES.number());
        assertThat(authenticate(first, magic + 100)).isEqualTo(Errno.EINVAL.number());
        assertThat(authenticate(first, magic)).isZero();

        assertThat(second.file.isAuthenticated()).isTrue();
        assertThat(authenticate(first, magic)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void magicOfAFileThatHasClosed_isNobodys() {
        int magic = magic(second);
        second.close();

        assertThat(authenticate(first, magic)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void name_isThereOnceTheVersionIsSet() {
        Arg before = Arg.of(16);
        assertThat(second.ioctl(before.iowr(0x01), before)).isZero();
        assertThat(before.u64(0)).isZero();

        Arg version = Arg.of(16).u32(0, 1).u32(4, 4).u32(8, -1).u32(12, -1);
        assertThat(second.ioctl(version.iowr(0x07), version)).isEqualTo(Errno.EACCES.number());
        assertThat(first.ioctl(version.iowr(0x07), version)).isZero();
        assertThat(version.u32(8)).isEqualTo(1);
        assertThat(version.u32(12)).isEqualTo(2);

        Arg length = Arg.of(16).u64(0, 15).u64(8, 1);
        assertThat(second.ioctl(length.iowr(0x01), length)).isZero();
        assertThat(length.u64(0)).isEqualTo(16);
        long name = second.bytes(new byte[16]);
        Arg all = Arg.of(16).u64(0, 16).u64(8, name);
        assertThat(second.ioctl(all.iowr(0x01), all)).isZero();
        assertThat(new String(second.at(name).bytes(), StandardCharsets.US_ASCII))
                .isEqualTo("pci:0000:01:00.0");
    }

    @Test
    void versionThatDoesNotExist_isRefusedAndOursTold() {
        int[][] wrong = {{2, 0, -1, -1}, {1, 5, -1, -1}, {1, -1, -1, -1}, {-1, 0, 2, 0}, {-1, 0, 1, 3}};
        for (int[] one : wrong) {
            Arg arg = Arg.of(16).u32(0, one[0]).u32(4, one[1]).u32(8, one[2]).u32(12, one[3]);
            assertThat(first.ioctl(arg.iowr(0x07), arg)).isEqualTo(Errno.EINVAL.number());
            assertThat(arg.u32(0)).isEqualTo(1);
            assertThat(arg.u32(4)).isEqualTo(4);
        }
    }
}
