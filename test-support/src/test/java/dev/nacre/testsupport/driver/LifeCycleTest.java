package dev.nacre.testsupport.driver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import dev.nacre.vfiouser.VfioUserServer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever state a driver has brought the board to: after a reset it is as new, and the next driver starts it. */
class LifeCycleTest {
    private static final Chip CHIP = Chip.AD102;
    private static final int MIB = 1 << 20;

    /** What can happen to a board that is in use. */
    enum Accident {
        /** The platform's reset, as for a guest's reboot. */
        RESET {
            @Override
            GpuTransport befall(Board board, GpuTransport transport) {
                transport.reset();
                return transport;
            }
        },
        /** The guest's own reset through config space. */
        FUNCTION_LEVEL_RESET {
            @Override
            GpuTransport befall(Board board, GpuTransport transport) {
                BoardProbe.over(transport).functionLevelReset();
                return transport;
            }
        },
        /** The VMM is killed, and another comes. */
        DISCONNECT {
            @Override
            GpuTransport befall(Board board, GpuTransport transport) {
                transport.close();
                return new InProcessTransport(board);
            }
        };

        /** Does it. @return the transport to go on with */
        abstract GpuTransport befall(Board board, GpuTransport transport);
    }

    static Stream<Arguments> accidents() {
        return Arrays.stream(Step.values())
                .flatMap(step -> Arrays.stream(Accident.values()).map(accident -> Arguments.of(step, accident)));
    }

    @ParameterizedTest
    @MethodSource("accidents")
    void afterAnAccidentTheBoardIsAsNew(Step step, Accident accident) {
        try (Board fresh = board();
                Board board = board()) {
            DirectDriver former = new DirectDriver(
                    new InProcessTransport(board),
                    DirectDriver.Options.of(CHIP, step.title().length()),
                    ProgressListener.NONE);
            former.runThrough(step);

            GpuTransport transport = accident.befall(board, former.transport());

            BoardProbe probe = BoardProbe.over(transport);
            probe.expectSameRegisters(BoardProbe.over(new InProcessTransport(fresh)), former.touchedRegisters());
            probe.expectClearMemory(8L * MIB, 16L * MIB);
            probe.expectClearMemory(32L * MIB, 48L * MIB);
            probe.expectClearMemory(370L * MIB, 381L * MIB);
            former.close();
            boot(transport);
            assertThat(board.faults()).containsEntry("defects", 0L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void workThatAnAccidentFindsUnfinishedStaysUndone(Accident accident) {
        try (Board board = board()) {
            DirectDriver former = new DirectDriver(
                    new InProcessTransport(board), DirectDriver.Options.of(CHIP, 77), ProgressListener.NONE);
            former.runThrough(Step.CE_CHANNEL);
            DmaBuffer target = former.leaveWorkRunning();

            GpuTransport transport = accident.befall(board, former.transport());
            byte[] after = new byte[(int) target.sizeBytes()];
            Arrays.fill(after, (byte) 0x5a);
            target.putBytes(0, after);

            BoardProbe probe = BoardProbe.over(transport);
            probe.enable();
            probe.expectClearMemory(32L * MIB, 64L * MIB);
            boot(transport);
            assertThat(Arrays.mismatch(target.bytesAt(0, after.length), after)).isNegative();
            assertThat(board.faults()).containsEntry("defects", 0L);
            former.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Step.class,
            names = {"FWSEC_FRTS", "BOOTER_LOAD", "INIT_DONE", "CE_CHANNEL", "UNLOAD"})
    void afterAKilledClientTheNextOneStartsTheBoard(Step step, @TempDir Path folder) {
        Path socket = folder.resolve("gpu");
        try (Board board = board();
                VfioUserServer server = VfioUserServer.builder(board)
                        .name("gpu")
                        .socketPath(socket)
                        .build()) {
            server.start();
            for (int life = 0; life < 3; life++) {
                GpuTransport transport = new VfioUserTransport(socket);
                DirectDriver driver =
                        new DirectDriver(transport, DirectDriver.Options.of(CHIP, life), ProgressListener.NONE);
                driver.runThrough(step);
                transport.close();
                driver.close();
            }
            try (GpuTransport transport = new VfioUserTransport(socket)) {
                boot(transport);
            }
            assertThat(board.faults()).containsEntry("defects", 0L);
        }
    }

    private static void boot(GpuTransport transport) {
        try (DirectDriver next =
                new DirectDriver(transport, DirectDriver.Options.of(CHIP, 1000), ProgressListener.NONE)) {
            next.runThrough(Step.CE_CHANNEL);
            transport.reset();
        }
    }

    private static Board board() {
        return new Board(new BoardConfig(CHIP, BoardConfig.MIN_FB_BYTES, 1));
    }
}
