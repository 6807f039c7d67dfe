package dev.nacre.corejava.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FaultCause;
import dev.nacre.corejava.boot.BoardUnderTest.Transport;
import dev.nacre.corejava.gpu.BootedGpu;
import dev.nacre.corejava.gpu.GpuListener;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.gpu.VgpuShares;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.host.Userd;
import dev.nacre.hw.regs.VirtualFunction;
import dev.nacre.hw.rm.ParamLayout.ChannelAlloc;
import dev.nacre.hw.rm.ParamLayout.MemoryDesc;
import dev.nacre.hw.rm.RmClass;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.pci.bus.LocalFunction;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GpuEventsTest {
    private static final int CHANNEL = 9;
    private static final int COPY1 = 10;
    private static final long GP_FIFO_VA = 0x20_0000_0000L;
    private static final long INSTANCE = 0x10_0000;
    private static final long USERD = 0x11_0000;
    private static final long PAGE_DIRECTORY = 0x12_0000;
    private static final int SPACE_VIDEO = 2;

    // HW: NVOS04_FLAGS_CHANNEL_USERD_INDEX_FIXED and _PAGE_FIXED; the id in bits 10:8 and 20:12
    private static final int FIXED_ID = 1 << 11 | 1 << 21 | ((CHANNEL >>> 3) << 12) | ((CHANNEL & 7) << 8);

    /** What a listener was told, as text. */
    private static final class Told implements GpuListener {
        private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

        @Override
        public void nonStall(int engineBit) {
            events.add("non-stall " + engineBit);
        }

        @Override
        public void channelFault(int channelId, FaultCause cause, OptionalLong address) {
            events.add("fault " + channelId + " " + cause + " " + address);
        }

        @Override
        public void vgpuNotice(int gfid, int index) {
            events.add("notice " + gfid + " " + index);
        }

        @Override
        public void vgpuShares(Map<Integer, VgpuShares> shares) {
            events.add("shares " + shares);
        }

        @Override
        public void vblank(int heads) {
            events.add("vblank " + heads);
        }

        @Override
        public void hotplug() {
            events.add("hotplug");
        }

        @Override
        public void gone() {
            events.add("gone");
        }

        String next() throws InterruptedException {
            // TIMEOUT: events take microseconds; a busy machine may be much slower.
            String event = events.poll(30, TimeUnit.SECONDS);
            return event == null ? "nothing" : event;
        }
    }

    private static void trigger(BoardUnderTest under, int vector) {
        under.function().writeInt(0, VirtualFunction.PRIV_CPU_INTR_LEAF_TRIGGER.offset(), vector);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void nonStallInterruptsNameTheirEngine(Transport transport) throws InterruptedException {
        try (BoardUnderTest under = new BoardUnderTest(Chip.AD102, transport);
                BootedGpu gpu = under.boot(GspVersion.R570_144)) {
            Told told = new Told();
            gpu.listen(told);
            int vector = gpu.description().engines().stream()
                    .filter(engine -> engine.engine().bit() == COPY1)
                    .findFirst()
                    .orElseThrow()
                    .nonStallVector();

            trigger(under, vector);
            assertThat(told.next()).isEqualTo("non-stall 10");
            trigger(under, vector);
            assertThat(told.next()).isEqualTo("non-stall 10");
        }
    }

    @ParameterizedTest
    @CsvSource({"GA102,R570_144", "GA102,R535_113_01", "GH100,R570_144", "GB202,R570_144"})
    void faultOfChannelIsToldBeforeItIsFreed(Chip chip, GspVersion version) throws InterruptedException {
        try (BoardUnderTest under = new BoardUnderTest(chip, Transport.LOCAL);
                BootedGpu gpu = under.boot(version);
                RmSession session = gpu.createSession()) {
            Told told = new Told();
            gpu.listen(told);
            int channel = makeChannel(gpu, session);

            gpu.vram().write(USERD + Userd.GP_PUT, MemorySegment.ofArray(new byte[] {1, 0, 0, 0}), 0, Integer.BYTES);
            int runlist = gpu.description().engines().stream()
                    .filter(engine -> engine.engine().bit() == COPY1)
                    .findFirst()
                    .orElseThrow()
                    .runlist();
            gpu.ringDoorbell(runlist << 16 | CHANNEL);

            String expected = version == GspVersion.R570_144
                    ? "fault 9 MMU OptionalLong[" + GP_FIFO_VA + "]"
                    : "fault 9 MMU OptionalLong.empty";
            assertThat(told.next()).isEqualTo(expected);
            session.free(channel);
        }
    }

    private static int makeChannel(BootedGpu gpu, RmSession session) {
        gpu.vram().fill(INSTANCE, 0x3_0000, (byte) 0);
        byte[] space = new WireStruct(48).put32(4, 1 << 3).bytes();
        int vaSpace = session.allocate(session.device(), RmClass.FERMI_VASPACE_A.number(), space);
        session.setPageDirectory(vaSpace, PAGE_DIRECTORY, 4);
        WireStruct parameters = new WireStruct(gpu.channels().allocationBytes())
                .put64(ChannelAlloc.GP_FIFO_OFFSET, GP_FIFO_VA)
                .put32(ChannelAlloc.GP_FIFO_ENTRIES, 64)
                .put32(ChannelAlloc.FLAGS, FIXED_ID)
                .put32(ChannelAlloc.VA_SPACE, vaSpace)
                .put32(ChannelAlloc.ENGINE_TYPE, COPY1);
        describe(parameters, ChannelAlloc.INSTANCE_MEM, INSTANCE, 4096);
        describe(parameters, ChannelAlloc.USERD_MEM, USERD, Userd.SIZE);
        int channel = session.allocate(session.device(), gpu.channels().gpfifoClass(), parameters.bytes());
        session.control(
                channel,
                RmControl.NVA06F_CTRL_CMD_BIND.number(),
                new WireStruct(4).put32(0, COPY1).bytes());
        session.control(channel, RmControl.NVA06F_CTRL_CMD_GPFIFO_SCHEDULE.number(), new byte[] {1, 0});
        return channel;
    }

    private static void describe(WireStruct parameters, int at, long address, long bytes) {
        parameters
                .put64(at + MemoryDesc.BASE, address)
                .put64(at + MemoryDesc.SIZE, bytes)
                .put32(at + MemoryDesc.ADDRESS_SPACE, SPACE_VIDEO);
    }

    @Test
    void gpuThatIsPulledOutIsGoneAndClosesQuietly() throws InterruptedException {
        try (BoardUnderTest under = new BoardUnderTest(Chip.AD102, Transport.LOCAL);
                BootedGpu gpu = under.boot(GspVersion.R570_144)) {
            Told told = new Told();
            gpu.listen(told);

            ((LocalFunction) under.function()).pull();

            assertThat(told.next()).isEqualTo("gone");
            for (Runnable call : List.<Runnable>of(gpu::createSession, gpu::suspend, () -> gpu.invalidateTlb(0x1000))) {
                assertThatExceptionOfType(CoreException.class)
                        .isThrownBy(call::run)
                        .extracting(CoreException::error)
                        .isEqualTo(CoreError.GONE);
            }
            assertThat(gpu.description().chip()).isEqualTo("AD102");
        }
    }

    @Test
    void closedGpuIsGone() {
        try (BoardUnderTest under = new BoardUnderTest(Chip.AD102, Transport.SOCKET)) {
            BootedGpu gpu = under.boot(GspVersion.R570_144);
            RmSession session = gpu.createSession();

            gpu.close();
            gpu.close();
            session.close();

            assertThatExceptionOfType(CoreException.class)
                    .isThrownBy(gpu::createSession)
                    .extracting(CoreException::error)
                    .isEqualTo(CoreError.GONE);
            assertThat(gpu.dma().count()).isZero();
        }
    }

    @Test
    void closedWhileSuspendedIsLeftAsAfterReset() {
        try (BoardUnderTest under = new BoardUnderTest(Chip.AD102, Transport.LOCAL)) {
            BootedGpu gpu = under.boot(GspVersion.R570_144);
            gpu.suspend();

            gpu.close();

            try (BootedGpu again = under.boot(GspVersion.R535_113_01)) {
                assertThat(again.description().firmware()).isEqualTo("535.113.01");
            }
        }
    }
}
