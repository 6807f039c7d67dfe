package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.vfiouser.ReconnectPolicy;
import dev.nacre.vfiouser.VfioUserServer;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class SocketOptionsTest {
    @TempDir
    private Path folder;

    /** A function without anything. */
    private static final class Empty implements PciFunction {
        private final Interrupts interrupts = new Interrupts();
        private final GuestMemory memory = new GuestMemory();

        @Override
        public Region region(int index) {
            return Region.ABSENT;
        }

        @Override
        public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {}

        @Override
        public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {}

        @Override
        public Interrupts interrupts() {
            return interrupts;
        }

        @Override
        public GuestMemory memory() {
            return memory;
        }

        @Override
        public void reset() {}

        @Override
        public void disconnected() {}
    }

    @Test
    void withoutOptionsTheOwnerMayConnectAndTheBoardIsReset() {
        SocketOptions options = parse();

        assertThat(options.path()).isEqualTo(Path.of("nacre.sock"));
        assertThat(options.onReconnect()).isEqualTo(ReconnectPolicy.RESET);
    }

    @ParameterizedTest
    @CsvSource({"reset, RESET", "keep, KEEP", "KEEP, KEEP"})
    void policyIsTakenInAnyCase(String text, ReconnectPolicy policy) {
        assertThat(parse("--on-reconnect", text).onReconnect()).isEqualTo(policy);
    }

    @Test
    void policyThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> parse("--on-reconnect", "resume")).isInstanceOf(ParameterException.class);
    }

    @Test
    void socketIsMadeWithItsModeAndOwner() throws Exception {
        Path path = folder.resolve("s");
        String own = Files.getAttribute(folder, "unix:uid") + ":" + Files.getAttribute(folder, "unix:gid");
        SocketOptions options = parse("--socket", path.toString(), "--socket-mode", "660", "--socket-owner", own);

        try (VfioUserServer server = server(options)) {
            server.start();

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-rw----");
        }
    }

    @Test
    void inheritedDescriptorTakesThePlaceOfThePath() {
        SocketOptions options = parse("--socket", folder.resolve("s").toString(), "--fd", "99999");

        try (VfioUserServer server = server(options)) {
            assertThatThrownBy(server::start).hasMessageContaining("EBADF");
        }
        assertThat(options.path()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1000001"})
    void spinningThatIsTooLongOrNoneIsRefused(String microseconds) {
        SocketOptions options = parse("--spin-us", microseconds);

        assertThatThrownBy(() -> server(options))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--spin-us " + microseconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"778", "1000", "-1", "rw"})
    void modeThatIsNoneIsRefused(String mode) {
        SocketOptions options = parse("--socket-mode", mode);

        assertThatThrownBy(() -> server(options))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("--socket-mode");
    }

    @Test
    void ownerThatDoesNotExistIsRefused() {
        SocketOptions options = parse("--socket-owner", "no-such-user-here");

        assertThatThrownBy(() -> server(options))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("There is no user no-such-user-here");
    }

    private static SocketOptions parse(String... args) {
        SocketOptions options = new SocketOptions();
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(args);
        return options;
    }

    private static VfioUserServer server(SocketOptions options) {
        VfioUserServer.Builder builder = VfioUserServer.builder(new Empty());
        options.applyTo(builder);
        return builder.build();
    }
}
