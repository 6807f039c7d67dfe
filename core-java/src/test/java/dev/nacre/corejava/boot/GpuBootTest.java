package dev.nacre.corejava.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.UnknownRegister;
import dev.nacre.core.EngineType;
import dev.nacre.corejava.boot.BoardUnderTest.Transport;
import dev.nacre.corejava.gpu.BootedGpu;
import dev.nacre.corejava.gpu.GpuDescription;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.hal.CoreHal;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.regs.Pfb;
import dev.nacre.hw.rm.RmClass;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GpuBootTest {
    static Stream<Arguments> boards() {
        return Stream.of(Chip.values())
                .flatMap(chip -> CoreHal.of(chip).firmwareVersions().stream()
                        .flatMap(version -> Stream.of(Transport.values())
                                .map(transport -> Arguments.of(chip, version, transport))));
    }

    @ParameterizedTest
    @MethodSource("boards")
    void coldBoardBootsAndIsLeftAsAfterReset(Chip chip, GspVersion version, Transport transport) {
        try (BoardUnderTest under = new BoardUnderTest(chip, transport)) {
            try (BootedGpu gpu = under.boot(version)) {
                GpuDescription description = gpu.description();

                assertThat(description.chip()).isEqualTo(chip.name());
                assertThat(description.name()).isEqualTo(chip.productName());
                assertThat(description.firmware()).isEqualTo(version.id());
                assertThat(description.uuid()).matches("GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
                assertThat(description.fbBytes())
                        .isEqualTo(under.board().config().fbBytes());
                assertThat(description.fbRegions()).hasSize(1);
                assertThat(description.channels()).isEqualTo(2048);
                assertThat(description.engines())
                        .extracting(engine -> engine.engine().toString())
                        .containsExactly("gr0", "ce0", "ce1", "ce2", "sw0");
                assertThat(description.engines())
                        .filteredOn(engine -> engine.engine().type() == EngineType.COPY)
                        .allMatch(engine -> engine.nonStallVector() > 0 && engine.runlist() >= 0);
                assertThat(under.function().readInt(0, Pfb.WPR2_ADDR_HI.offset()))
                        .isNotZero();
            }
            assertThat(under.function().readInt(0, Pfb.WPR2_ADDR_HI.offset())).isZero();
            assertThat(under.board().unknownRegisters())
                    .extracting(UnknownRegister::toString)
                    .isEmpty();
            assertThat(under.board().unknownCalls()).isEmpty();
            assertThat(under.board().faults())
                    .allSatisfy((kind, count) -> assertThat(count).isZero());
        }
    }

    @ParameterizedTest
    @MethodSource("boards")
    void memoryAndSessionsWork(Chip chip, GspVersion version, Transport transport) {
        try (BoardUnderTest under = new BoardUnderTest(chip, transport);
                BootedGpu gpu = under.boot(version)) {
            byte[] written = new byte[3 << 20];
            new Random(1).nextBytes(written);
            byte[] read = new byte[written.length];
            long address = 0x123_4560;

            gpu.vram().write(address, MemorySegment.ofArray(written), 0, written.length);
            gpu.vram().read(address, MemorySegment.ofArray(read), 0, read.length);
            gpu.vram().writeLong(0x40_0000, 0x0123_4567_89ab_cdefL);
            gpu.vram().fill(0x50_0000, 8, (byte) 0x5a);

            assertThat(read).isEqualTo(written);
            assertThat(gpu.vram().readLong(0x40_0000)).isEqualTo(0x0123_4567_89ab_cdefL);
            assertThat(gpu.vram().readLong(0x50_0000)).isEqualTo(0x5a5a_5a5a_5a5a_5a5aL);
            gpu.invalidateTlb(0x1000);
            try (RmSession session = gpu.createSession();
                    RmSession other = gpu.createSession()) {
                int space = session.allocate(session.device(), RmClass.FERMI_VASPACE_A.number(), new byte[48]);
                session.setPageDirectory(space, 0x10_0000, 4);
                session.free(space);
                assertThat(session.client()).isNotEqualTo(other.client());
            }
            assertThat(gpu.logs()).extracting(log -> log.name()).containsExactly("init", "intr", "rm");
        }
    }

    @ParameterizedTest
    @MethodSource("boards")
    void gpuGoesOnAfterSuspend(Chip chip, GspVersion version, Transport transport) {
        try (BoardUnderTest under = new BoardUnderTest(chip, transport);
                BootedGpu gpu = under.boot(version);
                RmSession session = gpu.createSession()) {
            int buffers = gpu.dma().count();

            gpu.suspend();
            assertThat(under.function().readInt(0, Pfb.WPR2_ADDR_HI.offset())).isZero();
            gpu.resume();

            int space = session.allocate(session.device(), RmClass.FERMI_VASPACE_A.number(), new byte[48]);
            session.free(space);
            assertThat(gpu.dma().count()).isEqualTo(buffers);
            assertThat(under.board().unknownCalls()).isEqualTo(Map.of());
            assertThat(List.copyOf(under.board().unknownRegisters())).isEmpty();
        }
    }
}
