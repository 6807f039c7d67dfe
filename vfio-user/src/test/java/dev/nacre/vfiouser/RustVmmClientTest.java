package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.RawClient.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The client of rust-vmm, as cloud-hypervisor uses it: it takes no notice of errors, and waits for ever for a reply that
 * is shorter than it expects.
 */
@ExtendWith(LeavesNothing.class)
class RustVmmClientTest {
    private static final String VERSION = "{\"capabilities\":{\"max_msg_fds\":1,\"max_data_xfer_size\":1048576,"
            + "\"migration\":{\"pgsize\":4096}}}\0";

    private final Served served = Served.negotiatedWithRustVmm();
    private final Fd ram = Memfd.ofFixedSize("guest", 1 << 20);
    private final EventFd event = EventFd.create();

    @AfterEach
    void close() {
        served.close();
        ram.close();
        event.close();
    }

    @Test
    void startOfAGuest() {
        // Sizes here count the header in, as that client does.
        Reply info = served.client.call(
                RawClient.GET_INFO, Bytes.of().u32(32, 0, 0, 0).get());
        assertThat(info.body()).isEqualTo(Bytes.of().u32(16, 3, 9, 5).get());
        for (int region = 0; region < 9; region++) {
            Reply reply = served.client.call(
                    RawClient.GET_REGION_INFO,
                    Bytes.of().u32(32, 0, region, 0).u64(0).u64(0).get());
            assertThat(reply.body()).hasSize(32);
        }
        for (int offset = 0; offset < 64; offset += 4) {
            assertThat(read(PciFunction.CONFIG_REGION, offset, 4).body()).hasSize(20);
        }
        Reply irq = served.client.call(
                RawClient.GET_IRQ_INFO, Bytes.of().u32(32, 0, 2, 0).get());
        assertThat(irq.body()).hasSize(16);
        byte[] map = Bytes.of().u32(48, 3).u64(0).u64(0).u64(1 << 20).get();
        assertThat(served.client.call(RawClient.DMA_MAP, map, ram).body()).isEmpty();
        Fd[] batch = new Fd[16];
        Arrays.fill(batch, event.fd());
        byte[] bind = Bytes.of().u32(20, 0x24, 2, 0, 16).get();
        assertThat(served.client.call(RawClient.SET_IRQS, bind, batch).errno()).isZero();
        byte[] unmap = Bytes.of().u32(40, 0).u64(0).u64(1 << 20).get();
        assertThat(served.client.call(RawClient.DMA_UNMAP, unmap).body()).hasSize(24);
    }

    @Test
    void deviceIsFoundSizedBoundAndLeft() {
        try (ServedConfig device = new ServedConfig(1, VERSION)) {
            for (int region = 0; region < 9; region++) {
                byte[] ask = Bytes.of().u32(32, 0, region, 0).u64(0).u64(0).get();
                assertThat(device.call(RawClient.GET_REGION_INFO, ask).body()).hasSize(32);
            }
            assertThat(capabilities(device)).containsExactly(0x01, 0x05, 0x11, 0x10);
            assertThat(sizes(device))
                    .containsExactly(
                            0xffff_f000L, 0xffff_ff81L, 0x0000_000cL, 0xffff_fffeL, 0xffff_c000L, 0L, 0xffff_0001L);
            device.setIrqs(0x24, 0, 0, 1, event.fd());
            byte[] map = Bytes.of().u32(48, 3).u64(0).u64(0).u64(1 << 20).get();
            assertThat(device.call(RawClient.DMA_MAP, map, ram).body()).isEmpty();
            device.config(4, 2, 6);
            device.config(ConfigFunction.MSIX_CAP + 2, 2, 0x8000);
            device.setIrqs(0x21, 0, 0, 0);
            bindAllVectors(device);

            device.function.interrupts().message(ConfigFunction.MSIX_VECTORS - 1);
            long signalled = event.drain();
            device.setIrqs(0x21, 2, 0, 0);
            byte[] unmap = Bytes.of().u32(40, 0).u64(0).u64(1 << 20).get();

            assertThat(signalled).isEqualTo(1);
            assertThat(device.call(RawClient.DMA_UNMAP, unmap).body()).isEqualTo(unmap);
            // Its memory is never sealed, and nobody can do anything about it.
            assertThat(device.warnings).isEmpty();
        }
    }

    @Test
    void lineIsUnmaskedAfterEveryBarAccess() {
        try (ServedConfig device = new ServedConfig(1, VERSION)) {
            device.setIrqs(0x24, 0, 0, 1, event.fd());
            device.function.interrupts().line(true);
            long signals = event.drain();
            for (int access = 0; access < 3; access++) {
                device.read(0, 4L * access, 4);
                device.setIrqs(0x11, 0, 0, 1);
                signals += event.drain();
            }
            device.function.interrupts().line(false);
            device.write(0, 0, 4, 1);
            device.setIrqs(0x11, 0, 0, 1);

            assertThat(signals).isEqualTo(4);
            assertThat(event.drain()).isZero();
        }
    }

    @Test
    void memoryThatIsNotSharedIsReportedWithItsOption() {
        try (ServedConfig device = new ServedConfig(1, VERSION)) {
            device.call(
                    RawClient.DMA_MAP,
                    Bytes.of().u32(32, 3).u64(0).u64(0).u64(1 << 20).get());

            assertThat(device.warnings)
                    .singleElement()
                    .asString()
                    .contains("--memory")
                    .contains("shared=on");
        }
    }

    @Test
    void memoryThatMayShrinkIsNotReported() {
        try (ServedConfig device = new ServedConfig(1, VERSION);
                Fd unsealed = Memfd.create("unsealed", 4096)) {
            device.call(
                    RawClient.DMA_MAP,
                    Bytes.of().u32(32, 3).u64(0).u64(0).u64(4096).get(),
                    unsealed);

            assertThat(device.warnings).isEmpty();
        }
    }

    @Test
    void readOutsideGivesAllOnesInFullLength() {
        Reply beyond = read(FakeFunction.BAR0, 4094, 4);
        Reply absent = read(FakeFunction.ABSENT, 0, 8);

        assertThat(beyond.errno()).isZero();
        assertThat(beyond.little().getInt(16)).isEqualTo(-1);
        assertThat(absent.errno()).isZero();
        assertThat(absent.little().getLong(16)).isEqualTo(-1);
    }

    @Test
    void writeOutsideIsAcceptedAndDropped() throws Exception {
        byte[] write = Bytes.of().u64(4094).u32(FakeFunction.BAR0, 4).u32(7).get();

        Reply reply = served.client.call(RawClient.REGION_WRITE, write);

        assertThat(reply.errno()).isZero();
        assertThat(reply.body()).hasSize(16);
        assertThat(served.leave().droppedAccesses()).isEqualTo(1);
    }

    @Test
    void failedCommandsAreAnsweredInFullLength() {
        Reply unmap = served.client.call(
                RawClient.DMA_UNMAP,
                Bytes.of().u32(24, 0).u64(0x1000).u64(0x1000).get());
        Reply info = served.client.call(
                RawClient.GET_INFO, Bytes.of().u32(8, 0, 0, 0).get());
        Reply region = served.client.call(
                RawClient.GET_REGION_INFO,
                Bytes.of().u32(32, 0, 77, 0).u64(0).u64(0).get());
        Reply irq = served.client.call(
                RawClient.GET_IRQ_INFO, Bytes.of().u32(16, 0, 77, 0).get());

        assertThat(unmap.body()).hasSize(24);
        assertThat(info.body()).hasSize(16);
        assertThat(region.body()).hasSize(32);
        assertThat(irq.body()).hasSize(16);
        assertThat(unmap.errno() + info.errno() + region.errno() + irq.errno()).isZero();
    }

    @Test
    void commandsWithoutReplyBodyMayFailOpenly() {
        byte[] bind = Bytes.of().u32(20, 0x24, 99, 0, 1).get();

        assertThat(served.client.call(RawClient.SET_IRQS, bind).errno()).isEqualTo(RawClient.EINVAL);
    }

    @Test
    void sameIdTwiceIsFine() {
        byte[] info = Bytes.of().u32(32, 0, 0, 0).u64(0).u64(0).get();

        served.client.send(Bytes.message(5, RawClient.GET_REGION_INFO, 0, info));
        served.client.send(Bytes.message(5, RawClient.GET_REGION_INFO, 0, info));

        assertThat(served.client.receive().id()).isEqualTo(5);
        assertThat(served.client.receive().id()).isEqualTo(5);
    }

    private Reply read(int region, long offset, int count) {
        return served.client.call(
                RawClient.REGION_READ, Bytes.of().u64(offset).u32(region, count).get());
    }

    /** The ids of the capability list, dword by dword. */
    private static List<Integer> capabilities(ServedConfig device) {
        List<Integer> ids = new ArrayList<>();
        int at = (int) device.config(0x34, 4) & 0xff;
        while (at != 0) {
            int header = (int) device.config(at, 4);
            ids.add(header & 0xff);
            at = header >> 8 & 0xff;
        }
        return ids;
    }

    /** What the registers of the BARs and the ROM say of their sizes; each is restored. */
    private static List<Long> sizes(ServedConfig device) {
        List<Long> sizes = new ArrayList<>();
        for (int register : new int[] {0x10, 0x14, 0x18, 0x1c, 0x20, 0x24, 0x30}) {
            long before = device.config(register, 4);
            device.config(register, 4, 0xffff_ffffL);
            sizes.add(device.config(register, 4));
            device.config(register, 4, before);
        }
        return sizes;
    }

    private void bindAllVectors(ServedConfig device) {
        Fd[] batch = new Fd[16];
        Arrays.fill(batch, event.fd());
        for (int first = 0; first < ConfigFunction.MSIX_VECTORS; first += 16) {
            device.setIrqs(0x24, 2, first, 16, batch);
        }
    }
}
