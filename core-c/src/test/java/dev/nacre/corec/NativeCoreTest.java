package dev.nacre.corec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.nacre.core.BoardInfo;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.EngineType;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.bus.FunctionAccess;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The C core on boards of this tree. */
class NativeCoreTest {
    @Test
    void isFoundAsAServiceByItsName() {
        CoreProvider provider = CoreProvider.named("c");

        assertThat(provider).isInstanceOf(NativeCoreProvider.class);
        assertThat(provider.chips()).contains("AD102", "GA102");
    }

    @Test
    void bootsAnAd102() {
        try (BootedBoard booted = new BootedBoard(Chip.AD102)) {
            BoardInfo info = booted.core.board();

            assertThat(booted.core.implementation()).isEqualTo("c");
            assertThat(info.chip()).isEqualTo("AD102");
            assertThat(info.firmware()).contains("570.144");
            assertThat(info.fbRegions()).isNotEmpty();
            assertThat(info.fbBytes()).isEqualTo(2048L << 20);
            assertThat(booted.core.engines()).anyMatch(engine -> engine.type() == EngineType.COPY);
            assertThat(booted.core.owner()).isEmpty();
        }
    }

    @Test
    void bootsAGa102() {
        try (BootedBoard booted = new BootedBoard(Chip.GA102)) {
            assertThat(booted.core.board().chip()).isEqualTo("GA102");
        }
    }

    @Test
    void boardBootsAgainAfterClose() {
        try (BootedBoard booted = new BootedBoard(Chip.AD102)) {
            booted.core.close();

            try (NativeCore again = CoreLibrary.bundled().open(booted.function, BootedBoard.config(Chip.AD102))) {
                assertThat(again.board()).isEqualTo(booted.core.board());
            }
        }
    }

    @Test
    void withoutFirmwareItSaysWhichFileIsMissing() {
        FunctionAccess function = new FakeFunction();

        assertThatExceptionOfType(CoreException.class)
                .isThrownBy(() -> new NativeCoreProvider().open(function, CoreConfig.of(path -> Optional.empty())))
                .satisfies(e -> assertThat(e.error())
                        .isIn(CoreError.NOT_SUPPORTED, CoreError.GONE, CoreError.NO_FIRMWARE, CoreError.IO));
    }

    @Test
    void gpuThatIsPulledIsGone() {
        try (BootedBoard booted = new BootedBoard(Chip.AD102)) {
            booted.function.pull();

            assertThatExceptionOfType(CoreException.class)
                    .isThrownBy(booted.core::suspend)
                    .satisfies(e -> assertThat(e.error()).isEqualTo(CoreError.GONE));
            assertThat(booted.core.board().chip()).isEqualTo("AD102");
        }
    }
}
