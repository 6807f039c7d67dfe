package dev.nacre.drm.ioctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.drm.ClientCap;
import dev.nacre.drm.DriverFeature;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmNode;
import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.LocalClient;
import dev.nacre.drm.testing.TestDriver;
import dev.nacre.linux.Errno;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceIoctlsTest {
    private final DrmDevice device = new DrmDevice(TestDriver.withAll(), "pci:0000:01:00.0");
    private final DrmDevice plain = new DrmDevice(new TestDriver(Set.of(DriverFeature.GEM)), "pci:0000:02:00.0");
    private final LocalClient client = LocalClient.user(device, DrmNode.PRIMARY);
    private final LocalClient render = LocalClient.user(device, DrmNode.RENDER);
    private final LocalClient noDisplay = LocalClient.user(plain, DrmNode.PRIMARY);

    @AfterEach
    void close() {
        client.close();
        render.close();
        noDisplay.close();
        device.close();
        plain.close();
    }

    @Test
    void version_fillsWhatFitsAndTellsLengths() {
        long name = render.bytes(new byte[16]);
        long date = render.bytes(new byte[4]);
        Arg arg = Arg.of(64).u64(16, 16).u64(24, name).u64(32, 4).u64(40, date);

        assertThat(render.ioctl(arg.iowr(0x00), arg)).isZero();

        assertThat(arg.u32(0)).isEqualTo(1);
        assertThat(arg.u32(4)).isEqualTo(2);
        assertThat(arg.u32(8)).isEqualTo(3);
        assertThat(arg.u64(16)).isEqualTo(4);
        assertThat(arg.u64(32)).isEqualTo(8);
        assertThat(arg.u64(48)).isEqualTo("A driver of tests".length());
        assertThat(new String(render.at(name).bytes(), 0, 5, StandardCharsets.US_ASCII))
                .isEqualTo("test\0");
        assertThat(new String(render.at(date).bytes(), StandardCharsets.US_ASCII))
                .isEqualTo("2026");
    }

    @Test
    void version_withABadAddress_isAFault() {
        Arg arg = Arg.of(64).u64(16, 16).u64(24, 8);

        assertThat(render.ioctl(arg.iowr(0x00), arg)).isEqualTo(Errno.EFAULT.number());
    }

    @Test
    void client_tellsWhetherItIsAuthenticated() {
        Arg arg = Arg.of(40);
        assertThat(client.ioctl(arg.iowr(0x05), arg)).isZero();
        assertThat(arg.u32(4)).isEqualTo(1);
        assertThat(arg.u64(8)).isEqualTo(100);
        assertThat(arg.u64(16)).isEqualTo(65534);

        Arg next = Arg.of(40).u32(0, 1);
        assertThat(client.ioctl(next.iowr(0x05), next)).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void stats_areZeros() {
        Arg arg = Arg.of(248).u64(0, 5);

        assertThat(client.ioctl(arg.ior(0x06), arg)).isZero();

        assertThat(arg.u64(0)).isZero();
    }

    @Test
    void capabilities_areTheDriversAndTheDisplays() {
        long[] expected = {1, 1, 24, 1, 3, 1, 1, 256, 128};
        for (int cap = 1; cap <= expected.length; cap++) {
            assertThat(cap(render, cap)).as("cap " + cap).isEqualTo(expected[cap - 1]);
        }
        assertThat(cap(render, 0x10)).isEqualTo(1);
        assertThat(cap(render, 0x11)).isZero();
        assertThat(cap(render, 0x12)).isEqualTo(1);
        assertThat(cap(render, 0x13)).isEqualTo(1);
        assertThat(cap(render, 0x14)).isEqualTo(1);
        assertThat(cap(render, 0x15)).isZero();
        assertThat(cap(noDisplay, 0x13)).isZero();
        assertThat(cap(noDisplay, 0x14)).isZero();
        assertThat(cap(noDisplay, 5)).isEqualTo(3);
    }

    private static long cap(LocalClient who, long cap) {
        Arg arg = Arg.of(16).u64(0, cap).u64(8, 99);
        assertThat(who.ioctl(arg.iowr(0x0c), arg)).isZero();
        return arg.u64(8);
    }

    @Test
    void capabilityThatNobodyKnows_isRefusedByDisplays() {
        for (long cap : new long[] {0, 0x0a, 0x0f, 0x16, -1, 1L << 32}) {
            Arg arg = Arg.of(16).u64(0, cap);
            assertThat(client.ioctl(arg.iowr(0x0c), arg)).isEqualTo(Errno.EINVAL.number());
            Arg other = Arg.of(16).u64(0, cap);
            assertThat(noDisplay.ioctl(other.iowr(0x0c), other)).isEqualTo(Errno.EOPNOTSUPP.number());
        }
    }

    @Test
    void clientCapability_isKeptIfItIsPossible() {
        assertThat(setCap(client, 5, 1)).isEqualTo(Errno.EINVAL.number());
        assertThat(setCap(client, 3, 2)).isZero();
        assertThat(client.file.cap(ClientCap.ATOMIC)).isEqualTo(2);
        assertThat(client.file.has(ClientCap.UNIVERSAL_PLANES)).isTrue();
        assertThat(client.file.has(ClientCap.ASPECT_RATIO)).isTrue();
        assertThat(setCap(client, 5, 1)).isZero();
        assertThat(setCap(client, 5, 2)).isEqualTo(Errno.EINVAL.number());
        assertThat(setCap(client, 3, 3)).isEqualTo(Errno.EINVAL.number());
        assertThat(setCap(client, 2, 2)).isEqualTo(Errno.EINVAL.number());
        assertThat(setCap(client, 6, 1)).isEqualTo(Errno.EOPNOTSUPP.number());
        assertThat(setCap(client, 99, 1)).isEqualTo(Errno.EINVAL.number());
        assertThat(setCap(noDisplay, 2, 1)).isEqualTo(Errno.EOPNOTSUPP.number());
        assertThat(setCap(render, 2, 1)).isEqualTo(Errno.EACCES.number());
    }

    private static int setCap(LocalClient who, long cap, long value) {
        Arg arg = Arg.of(16).u64(0, cap).u64(8, value);
        return who.ioctl(arg.iow(0x0d), arg);
    }

    @Test
    void clientName_isKeptIfItIsPlain() {
        assertThat(setName("mesa")).isZero();
        assertThat(render.file.clientName()).isEqualTo("mesa");
        assertThat(setName("two words")).isEqualTo(Errno.EINVAL.number());
        assertThat(setName("x".repeat(65))).isEqualTo(Errno.EINVAL.number());
        assertThat(render.file.clientName()).isEqualTo("mesa");
        assertThat(setName("")).isZero();
        assertThat(render.file.clientName()).isEmpty();
    }

    private int setName(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        Arg arg = Arg.of(16).u64(0, bytes.length).u64(8, render.bytes(bytes));
        return render.ioctl(arg.iowr(0xd1), arg);
    }

    @Test
    void displayIoctls_areRefusedWhereThereIsNoDisplay() {
        Arg resources = Arg.of(64);
        assertThat(noDisplay.ioctl(resources.iowr(0xa0), resources)).isEqualTo(Errno.EOPNOTSUPP.number());
        Arg flip = Arg.of(24);
        assertThat(noDisplay.ioctl(flip.iowr(0xb0), flip)).isEqualTo(Errno.EOPNOTSUPP.number());
        LocalClient second = LocalClient.user(plain, DrmNode.PRIMARY);
        assertThat(second.ioctl(flip.iowr(0xb0), flip)).isEqualTo(Errno.EACCES.number());
        second.close();
        assertThat(client.ioctl(resources.iowr(0xa0), resources)).isZero();
    }
}
