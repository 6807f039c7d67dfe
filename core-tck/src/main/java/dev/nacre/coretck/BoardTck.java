package dev.nacre.coretck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nacre.core.BoardInfo;
import dev.nacre.core.BoardInfo.FbRegion;
import dev.nacre.core.CoreError;
import dev.nacre.core.Engine;
import dev.nacre.core.EngineType;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a core says of its GPU. */
abstract class BoardTck extends TckGroup {
    private static final long MIB = 1 << 20;
    private static final int CHANNELS_OF_THE_HOST = 64;

    @Test
    @Covers({"Core.board", "Core.implementation", "CoreProvider.name", "CoreProvider.chips"})
    void boardAndImplementationAreNamed() {
        BoardInfo board = core().board();

        assertThat(core().implementation())
                .isEqualTo(bench().underTest().provider().name());
        assertThat(board.chip()).isEqualTo(bench().underTest().chip());
        assertThat(bench().underTest().provider().chips()).contains(board.chip());
        assertThat(board.name()).isNotBlank();
        assertThat(board.uuid()).matches("GPU-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        assertThat(board.firmware()).matches("[0-9.]+");
    }

    @Test
    @Covers("Core.board")
    void regionsLieInOrderInTheMemory() {
        BoardInfo board = core().board();

        assertThat(board.fbBytes()).isPositive();
        assertThat(board.fbRegions()).isNotEmpty();
        long end = 0;
        for (FbRegion region : board.fbRegions()) {
            assertThat(region.bytes()).isPositive();
            assertThat(region.offset()).isGreaterThanOrEqualTo(end);
            end = region.offset() + region.bytes();
        }
        assertThat(end).isLessThanOrEqualTo(board.fbBytes());
    }

    @Test
    @Covers("Core.board")
    void windowAndSegmentArePowersOfTwo() {
        BoardInfo board = core().board();

        assertThat(board.bar1Bytes()).isPositive().matches(bytes -> Long.bitCount(bytes) == 1, "a power of two");
        assertThat(board.vmmuSegmentBytes()).isIn(0L, 32 * MIB, 64 * MIB, 128 * MIB, 256 * MIB, 512 * MIB);
    }

    @Test
    @Covers("Core.board")
    void poolOfChannelsLeavesTheHostItsOwn() {
        BoardInfo board = core().board();

        assertThat(board.channels()).isGreaterThan(CHANNELS_OF_THE_HOST);
        assertThat(board.vgpuChannels()).isBetween(0, board.channels() - CHANNELS_OF_THE_HOST);
    }

    @Test
    @Covers({"Core.board", "Attachment.availableChannelIds"})
    void poolIsClippedToWhatTheHostCanSpare() {
        try (Rig rig = bench().fresh(false, 1 << 20)) {
            BoardInfo board = rig.core().board();

            assertThat(board.vgpuChannels()).isEqualTo(board.channels() - CHANNELS_OF_THE_HOST);
        }
    }

    @Test
    @Covers({"Core.engines"})
    void enginesAreDistinctAndInTheOrderOfTheirBits() {
        List<Engine> engines = core().engines();

        assertThat(engines).extracting(Engine::bit).isSorted().doesNotHaveDuplicates();
        assertThat(engines).extracting(Engine::toString).doesNotHaveDuplicates();
        assertThat(engines).extracting(Engine::type).contains(EngineType.GRAPHICS, EngineType.COPY);
        assertThat(engines).allMatch(engine -> engine.instance() >= 0 && engine.bit() >= 0);
        assertThat(core().engines()).isEqualTo(engines);
    }

    @Test
    @Covers({"Core.board", "Core.engines"})
    void chipIsToldInNumbers() {
        BoardInfo board = core().board();

        // HW: NVIDIA's vendor id; display controllers
        assertThat(board.pci().vendor()).isEqualTo(0x10de);
        assertThat(board.pci().device()).isPositive();
        assertThat(board.pci().classCode() >>> 16).isEqualTo(0x03);
        assertThat(board.silicon().chipset()).isBetween(1, 0x1ff);
        assertThat(board.silicon().revision()).isBetween(0, 0xff);
        assertThat(board.silicon().gpcs()).isPositive();
        assertThat(board.silicon().tpcs())
                .isGreaterThanOrEqualTo(board.silicon().gpcs());
    }

    @Test
    @Covers("Core.engines")
    void enginesOfChannelsNameTheClassesOfTheirObjects() {
        for (Engine engine : core().engines()) {
            assertThat(engine.classes()).isSorted().doesNotHaveDuplicates();
            if (engine.type() == EngineType.COPY) {
                // HW: the low byte tells what a class is for: 0xb5 copies
                assertThat(engine.classes()).singleElement().matches(one -> (one & 0xff) == 0xb5);
            }
        }
        assertThat(core().engines().stream()
                        .filter(engine -> engine.type() == EngineType.GRAPHICS)
                        .findFirst()
                        .orElseThrow()
                        .classes())
                .extracting(one -> one & 0xff)
                .contains(0x2d, 0x40, 0x97, 0xb5, 0xc0);
    }

    @Test
    @Covers("Core.capabilities")
    void capabilitiesStayTheSame() {
        assertThat(core().capabilities()).isNotEmpty().isEqualTo(core().capabilities());
    }

    @Test
    @Covers({"Core.isVgpuEnabled", "Core.configureVirtualFunctions"})
    void coreThatWasBootedForItselfSharesNothing() {
        try (Rig rig = bench().fresh(false, 0)) {
            assertThat(rig.core().isVgpuEnabled()).isFalse();
            assertError(CoreError.NOT_SUPPORTED, () -> rig.core().configureVirtualFunctions(1));
        }
    }

    @Test
    @Covers("Core.isVgpuEnabled")
    void gpuThatCanBeSharedHasASegmentSize() {
        assumeTrue(core().isVgpuEnabled(), "no virtual functions");

        assertThat(core().board().vmmuSegmentBytes()).isPositive();
    }
}
