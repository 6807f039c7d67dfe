package dev.nacre.drm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.drm.testing.Arg;
import dev.nacre.drm.testing.LocalClient;
import dev.nacre.drm.testing.TestDriver;
import dev.nacre.linux.Errno;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatchTest {
    private final TestDriver driver = TestDriver.withAll();
    private final DrmDevice device = new DrmDevice(driver, "pci:0000:01:00.0");
    private final LocalClient client = LocalClient.user(device, DrmNode.RENDER);

    @AfterEach
    void close() {
        client.close();
        device.close();
        assertThat(driver.files.get()).isZero();
        assertThat(driver.objects.get()).isZero();
    }

    @Test
    void numberThatNobodyHas_isInvalid() {
        assertThat(client.ioctl(Arg.of(8).iowr(0x9f), Arg.of(8))).isEqualTo(Errno.EINVAL.number());
        assertThat(client.ioctl(Arg.of(8).iowr(0xff), Arg.of(8))).isEqualTo(Errno.EINVAL.number());
    }

    @Test
    void argumentThatIsTooShort_isFilledWithZeros() {
        Arg arg = Arg.of(16).u64(0, -1).u64(8, -1);

        assertThat(client.ioctl(arg.iowr(TestDriver.SEES), arg)).isZero();

        assertThat(arg.u32(0)).isEqualTo(0x0101_0101);
    }

    @Test
    void argumentThatIsTooLong_isTakenAndGivenBackWhole() {
        Arg arg = Arg.of(40).u64(24, 0x0900_0000_0000_0000L).u64(32, 77);

        assertThat(client.ioctl(arg.iowr(TestDriver.SEES), arg)).isZero();

        assertThat(arg.u32(0)).isEqualTo(0x0a0a_0a0a);
        assertThat(arg.u64(32)).isEqualTo(0x0a0a_0a0a_0a0a_0a0aL);
    }

    @Test
    void argumentThatGoesOneWay_isNotReadOrNotWritten() {
        Arg in = Arg.of(32).u64(24, 0x0900_0000_0000_0000L);
        assertThat(client.ioctl(in.iow(TestDriver.SEES), in)).isZero();
        assertThat(in.u32(0)).isZero();

        Arg out = Arg.of(32).u64(24, 0x0900_0000_0000_0000L);
        assertThat(client.ioctl(out.ior(TestDriver.SEES), out)).isZero();
        assertThat(out.u32(0)).isEqualTo(0x0101_0101);
    }

    @Test
    void failureOfTheCore_isAnErrnoAndTheArgumentGoesBack() {
        Arg arg = Arg.of(8);

        assertThat(client.ioctl(arg.iowr(TestDriver.CORE_FAILS), arg)).isEqualTo(Errno.ENOSPC.number());

        assertThat(arg.u64(0)).isEqualTo(7);
    }

    @Test
    void defectOfADriver_isAnErrno() {
        assertThat(client.ioctl(Arg.of(0).iow(TestDriver.DEFECT), Arg.of(0))).isEqualTo(Errno.EIO.number());
    }

    @Test
    void rootsIoctl_isForRootWhoeverOpenedTheFile() {
        int root = Arg.of(0).iow(TestDriver.ROOT);

        assertThat(client.ioctl(root, Arg.of(0))).isEqualTo(Errno.EACCES.number());
        assertThat(client.ioctl(root, Arg.of(0), new Credentials(5, 0, 0))).isZero();
    }

    @Test
    void ioctlThatRenderNodesDoNotHave_isRefusedThere() {
        assertThat(client.ioctl(Arg.of(4).ior(0x02), Arg.of(4))).isEqualTo(Errno.EACCES.number());
    }

    @Test
    void closingAFile_endsItsCalls() throws Exception {
        CompletableFuture<Integer> call =
                CompletableFuture.supplyAsync(() -> client.ioctl(Arg.of(0).iow(TestDriver.HANG), Arg.of(0)));
        driver.hanging.await();

        client.file.close();

        assertThat(call.get()).isEqualTo(Errno.EINTR.number());
        assertThat(client.ioctl(Arg.of(32).iowr(TestDriver.SEES), Arg.of(32))).isEqualTo(Errno.ENODEV.number());
    }

    @Test
    void eventsGoToTheFile_asManyAsAreReserved() {
        assertThat(client.ioctl(Arg.of(0).iow(TestDriver.EVENT), Arg.of(0))).isZero();
        assertThat(client.events).hasSize(1);

        EventReservation all = client.file.reserveEvent(4096);
        assertThat(client.ioctl(Arg.of(0).iow(TestDriver.EVENT), Arg.of(0))).isEqualTo(Errno.ENOMEM.number());
        all.cancel();
        all.cancel();
        assertThat(client.ioctl(Arg.of(0).iow(TestDriver.EVENT), Arg.of(0))).isZero();
    }

    @Test
    void displayIsTold_whenTheLastFileCloses() {
        LocalClient other = LocalClient.user(device, DrmNode.RENDER);
        client.file.close();
        assertThat(driver.lastCloses.get()).isZero();

        other.close();

        assertThat(driver.lastCloses.get()).isEqualTo(1);
    }

    @Test
    void deviceThatHasGone_opensNothing() {
        device.close();

        assertThat(client.file.isOpen()).isFalse();
        assertThatThrownBy(() -> LocalClient.user(device, DrmNode.PRIMARY))
                .isInstanceOfSatisfying(
                        DrmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
    }

    @Test
    void driverWithoutRenderNode_hasNone() {
        try (DrmDevice plain = new DrmDevice(new TestDriver(Set.of(DriverFeature.GEM)), "pci:0000:02:00.0")) {
            assertThatThrownBy(() -> LocalClient.user(plain, DrmNode.RENDER))
                    .isInstanceOfSatisfying(
                            DrmException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENODEV));
        }
    }

    @Test
    void twoIoctlsWithOneNumber_areADefect() {
        TestDriver clash = new TestDriver(EnumSet.of(DriverFeature.GEM));

        assertThatThrownBy(() -> new DrmDevice(new Clashing(clash), "pci:0000:02:00.0"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
