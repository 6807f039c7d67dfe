package dev.nacre.coretck;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.hw.chip.Chip;
import dev.nacre.hw.firmware.SyntheticFirmware;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.LocalFunction;
import dev.nacre.vfiouser.ClientOptions;
import dev.nacre.vfiouser.VfioUserClient;
import dev.nacre.vfiouser.VfioUserFunction;
import dev.nacre.vfiouser.VfioUserServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A core on boards of this tree. */
record TestBoards(CoreProvider provider, Way way, Chip chipMade) implements CoreUnderTest {
    private static final String FIRMWARE = "570.144";

    // TIMEOUT: longer than any answer takes, also on a machine that is busy with something else.
    private static final ClientOptions PATIENT = ClientOptions.DEFAULT.withPatience(Duration.ofMinutes(1));

    /** How the core reaches its board. */
    enum Way {
        /** The board's own methods. */
        IN_PROCESS("in process"),
        /** A socket of the vfio-user protocol. */
        SOCKET("socket");

        private final String title;

        Way(String title) {
            this.title = title;
        }
    }

    // All of it takes half a minute: that a round leaves nothing does not depend on the transport.
    @Override
    public int rounds() {
        return way == Way.IN_PROCESS ? 1000 : 100;
    }

    @Override
    public String transport() {
        return way.title;
    }

    @Override
    public String chip() {
        return chipMade.name();
    }

    @Override
    public BoardUnderTest board() {
        return board(BoardConfig.of(chipMade));
    }

    @Override
    public Optional<BoardUnderTest> boardWithVfs(int count) {
        return BoardConfig.maxVfs(chipMade) < count
                ? Optional.empty()
                : Optional.of(board(BoardConfig.of(chipMade).withVfs(count)));
    }

    private BoardUnderTest board(BoardConfig config) {
        return switch (way) {
            case IN_PROCESS -> new Local(new Board(config));
            case SOCKET -> Served.of(new Board(config));
        };
    }

    private static FirmwareSource firmware(Board board) {
        return FirmwareSource.of(SyntheticFirmware.files(board.config().chip().id(), FIRMWARE));
    }

    /** In this process. */
    private record Local(Board made, LocalFunction function) implements BoardUnderTest {
        Local(Board made) {
            this(made, new LocalFunction(made));
        }

        @Override
        public FirmwareSource firmware() {
            return TestBoards.firmware(made);
        }

        @Override
        public void pull() {
            function.pull();
        }

        @Override
        public void close() {
            function.close();
            made.close();
        }
    }

    /** Behind a socket. */
    private record Served(Board made, VfioUserServer server, FunctionAccess function, Path folder)
            implements BoardUnderTest {
        static Served of(Board made) {
            try {
                // Short, because a socket's path has at most 107 bytes.
                Path folder = Files.createTempDirectory("nacre-tck");
                Path socket = folder.resolve("gpu.sock");
                VfioUserServer server =
                        VfioUserServer.builder(made).socketPath(socket).build();
                server.start();
                return new Served(made, server, new VfioUserFunction(VfioUserClient.connect(socket, PATIENT)), folder);
            } catch (IOException e) {
                made.close();
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public FirmwareSource firmware() {
            return TestBoards.firmware(made);
        }

        @Override
        public void pull() {
            server.close();
        }

        @Override
        public void close() {
            function.close();
            server.close();
            made.close();
            try {
                Files.deleteIfExists(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
