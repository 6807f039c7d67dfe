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

/** What QEMU 11.1.3 sends from its start to its end, in its order. */
@ExtendWith(LeavesNothing.class)
class QemuSequenceTest {
    private static final int RAM_SIZE = 16 << 20;
    static final String VERSION = "{\"capabilities\": {\"pgsizes\": 4096, \"max_msg_fds\": 16,"
            + " \"max_dma_maps\": 65535, \"max_data_xfer_size\": 1048576,"
            + " \"migration\": {\"max_bitmap_size\": 268435456, \"pgsize\": 4096}, \"write_multiple\": true}}\0";

    private final Served served = Served.silent();
    private final RawClient qemu = served.client;
    private final Fd ram = Memfd.ofFixedSize("qemu-ram", RAM_SIZE);
    private final EventFd intx = EventFd.create();
    private final EventFd err = EventFd.create();
    private final EventFd msi = EventFd.create();

    @AfterEach
    void close() {
        served.close();
        ram.close();
        intx.close();
        err.close();
        msi.close();
    }

    @Test
    void startRunAndEndOfAGuest() throws Exception {
        long before = OpenFds.count();
        realize();
        machineReset();
        firmwareRemapsItsShadowMemory();
        driverEnablesMsiAndPostsWrites();
        guestReboots();
        unplug();

        ConnectionCounts counts = served.leave();
        assertThat(counts.rejected()).isZero();
        assertThat(counts.modelFailures()).isZero();
        assertThat(counts.closedFds()).isZero();
        assertThat(served.warnings).isEmpty();
        assertThat(served.function.calls).containsExactly("reset", "reset", "reset", "disconnected");
        // The server's socket and the client's are gone; nothing else may be left over.
        assertThat(OpenFds.count()).isLessThanOrEqualTo(before);
        assertThat(OpenFds.mappingsOf("qemu-ram")).isZero();
    }

    private void realize() {
        ok(RawClient.VERSION, Bytes.of().u16(0).u16(0).text(VERSION).get());
        map(0, RAM_SIZE, 0, 3, ram);
        map(0xfffc_0000L, 0x4_0000, 0, 1);
        ok(RawClient.GET_INFO, Bytes.of().u32(16, 0, 0, 0).get());
        for (int region : List.of(0, 1, 2, 3, 4, 5, 7)) {
            ok(
                    RawClient.GET_REGION_INFO,
                    Bytes.of().u32(32, 0, region, 0).u64(0).u64(0).get());
        }
        ok(RawClient.GET_IRQ_INFO, Bytes.of().u32(16, 0, 3, 0).get());
        assertThat(read(PciFunction.CONFIG_REGION, 0, 4096).body()).hasSize(16 + 4096);
        write(PciFunction.CONFIG_REGION, 0x30, 4, 0xffff_f800L);
        read(PciFunction.CONFIG_REGION, 0x30, 4);
        write(PciFunction.CONFIG_REGION, 0x30, 4, 0);
        read(PciFunction.CONFIG_REGION, 0x10, 4);
        ok(RawClient.GET_IRQ_INFO, Bytes.of().u32(16, 0, 1, 0).get());
        setIrqs(0x24, 0, 0, 1, intx.fd());
        setIrqs(0x24, 3, 0, 1, err.fd());
    }

    private void machineReset() {
        setIrqs(0x21, 0, 0, 0);
        read(PciFunction.CONFIG_REGION, 4, 2);
        write(PciFunction.CONFIG_REGION, 4, 2, 0);
        ok(RawClient.RESET, Bytes.none());
        setIrqs(0x24, 0, 0, 1, intx.fd());
        for (int bar = 0; bar < 6; bar++) {
            write(PciFunction.CONFIG_REGION, 0x10 + 4 * bar, 4, 0);
        }
    }

    /** Sends all without waiting, as QEMU's memory listener does, and then takes the replies. */
    private void firmwareRemapsItsShadowMemory() {
        List<Integer> commands = new ArrayList<>();
        sendUnmap(commands, 0, RAM_SIZE);
        sendMap(commands, 0, 0xc_0000, 0, 3, ram);
        sendMap(commands, 0xc_0000, 0x4_0000, 0xc_0000, 1, ram);
        sendMap(commands, 0x10_0000, RAM_SIZE - 0x10_0000, 0x10_0000, 3, ram);
        for (int i = 0; i < 20; i++) {
            sendUnmap(commands, 0xc_0000, 0x4_0000);
            sendMap(commands, 0xc_0000, 0x4_0000, 0xc_0000, 1 + 2 * (i % 2), ram);
        }
        for (int command : commands) {
            Reply reply = qemu.receive();
            assertThat(reply.command()).isEqualTo(command);
            assertThat(reply.errno()).isZero();
        }
        served.function.memory().writeInt(0xc_0000, 7);
        assertThat(served.function.memory().readInt(0xc_0000)).isEqualTo(7);
    }

    private void driverEnablesMsiAndPostsWrites() {
        write(PciFunction.CONFIG_REGION, 4, 2, 6);
        map(0xe000_0000L, 4096, 0, 3);
        setIrqs(0x21, 0, 0, 0);
        setIrqs(0x24, 1, 0, 1, msi.fd());
        for (int i = 0; i < 1000; i++) {
            byte[] body =
                    Bytes.of().u64(i * 4L).u32(FakeFunction.BAR0, 4).u32(i).get();
            qemu.post(RawClient.REGION_WRITE, body);
        }
        assertThat(read(FakeFunction.BAR0, 4 * 999, 4).little().getInt(16)).isEqualTo(999);
        served.function.interrupts().message(0);
        assertThat(msi.drain()).isEqualTo(1);
    }

    /** As at the start, but that the type of interrupt in use is taken away first; memory stays as it is. */
    private void guestReboots() {
        setIrqs(0x21, 1, 0, 0);
        machineReset();
        assertThat(served.function.memory().isMapped(0x10_0000, RAM_SIZE - 0x10_0000, true))
                .isTrue();
    }

    private void unplug() {
        setIrqs(0x24, 3, 0, 1);
        setIrqs(0x21, 0, 0, 0);
        unmap(0, 0xc_0000);
        unmap(0xc_0000, 0x4_0000);
        unmap(0x10_0000, RAM_SIZE - 0x10_0000);
        unmap(0xfffc_0000L, 0x4_0000);
        unmap(0xe000_0000L, 4096);
    }

    private Reply ok(int command, byte[] body, Fd... fds) {
        Reply reply = qemu.call(command, body, fds);
        assertThat(reply.errno()).isZero();
        return reply;
    }

    private Reply read(int region, long offset, int count) {
        return ok(
                RawClient.REGION_READ, Bytes.of().u64(offset).u32(region, count).get());
    }

    private void write(int region, long offset, int count, long value) {
        byte[] data = Arrays.copyOf(Bytes.of().u64(value).get(), count);
        ok(
                RawClient.REGION_WRITE,
                Bytes.of().u64(offset).u32(region, count).raw(data).get());
    }

    private void setIrqs(int flags, int index, int start, int count, Fd... fds) {
        ok(RawClient.SET_IRQS, Bytes.of().u32(20, flags, index, start, count).get(), fds);
    }

    private void map(long iova, long size, long offset, int flags, Fd... fds) {
        ok(RawClient.DMA_MAP, mapBody(iova, size, offset, flags), fds);
    }

    private void unmap(long iova, long size) {
        assertThat(ok(RawClient.DMA_UNMAP, unmapBody(iova, size)).body()).hasSize(24);
    }

    private void sendMap(List<Integer> commands, long iova, long size, long offset, int flags, Fd fd) {
        qemu.send(Bytes.message(commands.size(), RawClient.DMA_MAP, 0, mapBody(iova, size, offset, flags)), fd);
        commands.add(RawClient.DMA_MAP);
    }

    private void sendUnmap(List<Integer> commands, long iova, long size) {
        qemu.send(Bytes.message(commands.size(), RawClient.DMA_UNMAP, 0, unmapBody(iova, size)));
        commands.add(RawClient.DMA_UNMAP);
    }

    private static byte[] mapBody(long iova, long size, long offset, int flags) {
        return Bytes.of().u32(32, flags).u64(offset).u64(iova).u64(size).get();
    }

    private static byte[] unmapBody(long iova, long size) {
        return Bytes.of().u32(24, 0).u64(iova).u64(size).get();
    }
}
