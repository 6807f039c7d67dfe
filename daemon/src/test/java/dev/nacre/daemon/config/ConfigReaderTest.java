package dev.nacre.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.core.spi.VgpuScheduling.Policy;
import dev.nacre.daemon.host.DrmDriverName;
import dev.nacre.hw.chip.Chip;
import dev.nacre.vfio.placement.PlacementMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReaderTest {
    @TempDir
    Path folder;

    private NacreConfig read(String text) throws IOException {
        return ConfigReader.read(Files.writeString(folder.resolve("nacre.toml"), text));
    }

    @Test
    void whatIsNotSaidIsAsUsual() throws IOException {
        NacreConfig config = read("[[board]]\nname = \"gpu0\"\nchip = \"ad102\"\n");

        assertThat(config.runtime()).isEqualTo(Path.of("/run/nacre"));
        assertThat(config.state()).isEqualTo(Path.of("/var/lib/nacre"));
        assertThat(config.types()).isEmpty();
        assertThat(config.metrics()).isTrue();
        assertThat(config.api().socket().path()).isEqualTo(Path.of("/run/nacre/nacred.sock"));
        assertThat(config.api().socket().mode()).isEqualTo(0660);
        assertThat(config.api().tcp()).isEmpty();
        assertThat(config.boards()).singleElement().satisfies(board -> {
            assertThat(board.fbBytes()).isEqualTo(48L << 30);
            assertThat(board.core()).isEqualTo("java");
            assertThat(board.virtualFunctions()).isEqualTo(16);
            assertThat(board.scheduling()).isEqualTo(VgpuScheduling.DEFAULT);
            assertThat(board.placement()).isEqualTo(PlacementMode.HOMOGENEOUS);
            assertThat(board.sockets().path()).isEqualTo(Path.of("/run/nacre/vgpus"));
            assertThat(board.sockets().mode()).isEqualTo(0600);
            assertThat(board.consoles()).isEmpty();
        });
    }

    @Test
    void fileThatIsShippedIsRightAndAsUsual() throws IOException {
        NacreConfig shipped = ConfigReader.read(Path.of("..", "packaging", "nacre.toml"));

        assertThat(shipped).isEqualTo(read("[[board]]\nname = \"gpu0\"\nchip = \"ad102\"\n"));
    }

    @Test
    void boardForProgramsOfThisHostHasADriverAndNoVirtualFunctions() throws IOException {
        NacreConfig config = read("""
                [[board]]
                name = "gpu0"
                chip = "ad102"
                client = "drm"
                [[board]]
                name = "gpu1"
                chip = "ad102"
                client = "drm"
                drm = "nova"
                """);

        assertThat(config.boards())
                .extracting(NacreConfig.BoardSettings::drm)
                .containsExactly(Optional.of(DrmDriverName.NOUVEAU), Optional.of(DrmDriverName.NOVA));
        assertThat(config.boards().getFirst().virtualFunctions()).isZero();
        assertThat(config.boards().getFirst().sockets().path()).isEqualTo(Path.of("/run/nacre/drm"));
    }

    @Test
    void everythingThatIsSaidIsRead() throws IOException {
        for (String secret : new String[] {"cert.pem", "key.pem", "token"}) {
            Files.setPosixFilePermissions(
                    Files.writeString(folder.resolve(secret), "x"), PosixFilePermissions.fromString("rw-------"));
        }
        Files.createDirectory(folder.resolve("types.d"));

        NacreConfig config = read("""
                runtime = "run"
                state = "/srv/state"
                [api]
                socket = "api.sock"
                socket-mode = "0600"
                socket-owner = "0:0"
                [api.tcp]
                listen = "[::1]:8443"
                certificate = "cert.pem"
                key = "key.pem"
                token-file = "token"
                [types]
                folder = "types.d"
                [metrics]
                enabled = false
                [[board]]
                name = "a"
                chip = "gb202"
                fb = "16GiB"
                core = "c"
                client = "vfio"
                virtual-functions = 4
                scheduling = "fixed-share"
                time-slice = "4ms"
                placement = "heterogeneous"
                sockets = { folder = "a", mode = "0660", owner = ":0" }
                console = { folder = "shown" }
                [[board]]
                name = "b"
                chip = "ad102"
                """);

        assertThat(config.runtime()).isEqualTo(folder.resolve("run"));
        assertThat(config.api().socket().path()).isEqualTo(folder.resolve("run/api.sock"));
        assertThat(config.api().tcp().orElseThrow().host()).isEqualTo("::1");
        assertThat(config.api().tcp().orElseThrow().port()).isEqualTo(8443);
        assertThat(config.types()).isEqualTo(Optional.of(folder.resolve("types.d")));
        assertThat(config.metrics()).isFalse();
        assertThat(config.boards()).hasSize(2).first().satisfies(board -> {
            assertThat(board.chip()).isEqualTo(Chip.GB202);
            assertThat(board.fbBytes()).isEqualTo(16L << 30);
            assertThat(board.core()).isEqualTo("c");
            assertThat(board.virtualFunctions()).isEqualTo(4);
            assertThat(board.scheduling()).isEqualTo(new VgpuScheduling(Policy.FIXED_SHARE, 4));
            assertThat(board.placement()).isEqualTo(PlacementMode.HETEROGENEOUS);
            assertThat(board.sockets().path()).isEqualTo(folder.resolve("run/a"));
            assertThat(board.sockets().mode()).isEqualTo(0660);
            assertThat(board.consoles().orElseThrow().path()).isEqualTo(folder.resolve("run/shown"));
        });
    }

    @Test
    void everythingThatIsWrongIsToldAtOnceInTheFilesOrder() throws IOException {
        Path file = Files.writeString(folder.resolve("nacre.toml"), """
                runtime = 1
                [metrics]
                enabled = "no"
                [[board]]
                name = "a"
                chip = "xx"
                fb = "1"
                """);

        ConfigException said = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));

        assertThat(said.errors()).extracting(ConfigError::line).containsExactly(1, 3, 6);
        assertThat(said.errors())
                .extracting(ConfigError::key)
                .containsExactly("runtime", "metrics.enabled", "board.chip");
    }

    @Test
    void fileThatIsNotThereIsNamed() {
        Path missing = folder.resolve("none.toml");

        assertThatThrownBy(() -> ConfigReader.read(missing))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Cannot read " + missing);
    }
}
