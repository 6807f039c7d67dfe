package dev.nacre.vfiouser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Memfd;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.RawClient.Reply;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The client of rust-vmm, as cloud-hypervisor uses it: it takes no notice of errors, and waits for ever for a reply that
 * is shorter than it expects.
 */
@ExtendWith(LeavesNothing.class)
class RustVmmClientTest {
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
}
