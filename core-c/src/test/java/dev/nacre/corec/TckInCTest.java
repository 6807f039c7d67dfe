package dev.nacre.corec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.Core;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.corejava.JavaCoreProvider;
import dev.nacre.hw.chip.Chip;
import dev.nacre.pci.bus.LocalFunction;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The compatibility kit in C on every table that this module makes. */
class TckInCTest {
    @ParameterizedTest
    @EnumSource(names = {"AD102", "GA102"})
    void coreInCKeepsToTheInterface(Chip chip) throws Throwable {
        try (BootedBoard booted = new BootedBoard(chip)) {
            List<String> lines = TckInC.run(CoreLibrary.bundled().ops(), booted.core.pointer());

            assertKept(lines);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"AD102", "GA102"})
    void coreInJavaKeepsToTheInterface(Chip chip) throws Throwable {
        try (Board board = new Board(BoardConfig.of(chip));
                LocalFunction function = new LocalFunction(board);
                Core core = new JavaCoreProvider().open(function, BootedBoard.config(chip));
                JavaCoreTable table = new JavaCoreTable(core)) {
            List<String> lines = TckInC.run(table.ops(), table.core());

            assertKept(lines);
            assertThat(table.handles()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"570.144", "535.113.01"})
    void coreInCKeepsToTheInterfaceOnASharedGpu(String firmware) throws Throwable {
        try (BootedBoard booted = BootedBoard.shared(firmware)) {
            List<String> lines = TckInC.run(CoreLibrary.bundled().ops(), booted.core.pointer());

            assertKept(lines);
            assertVgpusUsed(lines);
        }
    }

    @Test
    void coreInJavaKeepsToTheInterfaceOnASharedGpu() throws Throwable {
        try (Board board = BootedBoard.sharedBoard();
                LocalFunction function = new LocalFunction(board);
                Core core = new JavaCoreProvider().open(function, BootedBoard.config(Chip.AD102));
                JavaCoreTable table = new JavaCoreTable(core)) {
            BootedBoard.enableVfs(function);
            List<String> lines = TckInC.run(table.ops(), table.core());

            assertKept(lines);
            assertVgpusUsed(lines);
            assertThat(table.handles()).isZero();
        }
    }

    @Test
    void coreInCBehindJavaKeepsToTheInterfaceOnASharedGpu() throws Throwable {
        try (BootedBoard booted = BootedBoard.shared("570.144");
                JavaCoreTable table = new JavaCoreTable(booted.core)) {
            List<String> lines = TckInC.run(table.ops(), table.core());

            assertKept(lines);
            assertVgpusUsed(lines);
            assertThat(table.handles()).isZero();
        }
    }

    /** Each of the bridges is passed on the way, Java's objects between them. */
    @ParameterizedTest
    @EnumSource(names = "AD102")
    void coreInCBehindJavaKeepsToTheInterface(Chip chip) throws Throwable {
        try (BootedBoard booted = new BootedBoard(chip);
                JavaCoreTable table = new JavaCoreTable(booted.core)) {
            List<String> lines = TckInC.run(table.ops(), table.core());

            assertKept(lines);
            assertThat(table.handles()).isZero();
        }
    }

    @Test
    void coreThatDoesNotKeepToItIsNamed() throws Throwable {
        CoreLibrary stub = new CoreLibrary(TestLibrary.load("libstub_core.so"));
        CoreConfig config = CoreConfig.of(path -> Optional.of(new byte[1]).filter(file -> path.endsWith("name.bin")));
        try (NativeCore core = stub.open(new FakeFunction(), config)) {
            List<String> lines = TckInC.run(stub.ops(), core.pointer());

            assertThat(lines).contains("suspend skipped the table lacks the operation");
            assertThat(lines).contains("alloc_chids skipped the table lacks the operation");
            assertThat(lines)
                    .anyMatch(line -> line.startsWith("board_info failed nacre_tck.c:")
                            && line.endsWith("the client is not what the test attaches"));
        }
    }

    private static void assertKept(List<String> lines) {
        assertThat(lines).noneMatch(line -> line.contains(" failed "));
        assertThat(lines).filteredOn(line -> line.endsWith(" ok")).hasSizeGreaterThan(25);
    }

    private static void assertVgpusUsed(List<String> lines) {
        assertThat(lines).contains("vgpu_define_types ok", "vgpu_start ok", "vgpu_start.detach ok");
    }
}
