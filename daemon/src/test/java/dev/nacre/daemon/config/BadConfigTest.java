package dev.nacre.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad configuration gives its one line. */
class BadConfigTest {
    /** Where the bad line is: behind a board that is right. */
    private static final String BOARD = "[[board]]\nname = \"gpu0\"\nchip = \"ad102\"\n";

    private static final String LONG = "x".repeat(90);

    @TempDir
    Path folder;

    /**
     * A bad configuration.
     *
     * @param text of the file; DIR stands for the test's folder
     * @param line what is said of it, without the file's name
     */
    record Case(String text, String line) {
        @Override
        public String toString() {
            return line;
        }
    }

    private static Case board(String bad, String line) {
        return new Case(BOARD + bad + "\n", "4:1: " + line);
    }

    private static Case top(String bad, String line) {
        return new Case(bad + "\n" + BOARD, line);
    }

    static List<Case> cases() {
        List<Case> all = new ArrayList<>();
        all.addAll(topCases());
        all.addAll(apiCases());
        all.addAll(boardCases());
        return all;
    }

    private static List<Case> topCases() {
        String keys = "allowed: api, board, metrics, runtime, state, types";
        return List.of(
                new Case("", "1:1: board: there is none; allowed: one or more tables [[board]]"),
                new Case(
                        "[board]\nname = \"a\"\nchip = \"ad102\"",
                        "1:1: board: has to be written with two brackets; allowed: [[board]]"),
                new Case("board = [1]", "1:1: board: is no table: 1; allowed: [[board]]"),
                top("runtim = \"/r\"", "1:1: runtim: there is no such key, did you mean runtime?; " + keys),
                top("colour = \"red\"", "1:1: colour: there is no such key; " + keys),
                top("[bord]", "1:1: bord: there is no such key, did you mean board?; " + keys),
                top("runtime = 7", "1:1: runtime: is no text: 7; allowed: text in quotes"),
                top("runtime = \"\"", "1:1: runtime: is empty; allowed: text in quotes"),
                top("state = true", "1:1: state: is no text: true; allowed: text in quotes"),
                top("metrics = true", "1:1: metrics: is no table: true; allowed: [metrics]"),
                top("[metrics]\nenabled = 1", "2:1: metrics.enabled: is not possible: 1; allowed: true, false"),
                top(
                        "[metrics]\nenable = true",
                        "2:1: metrics.enable: there is no such key, did you mean enabled?; allowed: enabled"),
                top(
                        "[types]\nfolder = \"nowhere\"",
                        "2:1: types.folder: is no folder: DIR/nowhere; allowed: a folder that is there"),
                top(
                        "[types]\nfolders = \"x\"",
                        "2:1: types.folders: there is no such key, did you mean folder?; allowed: folder"));
    }

    private static List<Case> apiCases() {
        String tcp = "allowed: listen, certificate, key, token-file";
        String listen = "allowed: \"HOST:PORT\", such as \"127.0.0.1:8443\" or \"[::1]:8443\", the port 1 to 65535";
        String files = "certificate = \"good\"\nkey = \"good\"\ntoken-file = \"good\"\n";
        return List.of(
                top("[api]\nsocket = 1", "2:1: api.socket: is no text: 1; allowed: text in quotes"),
                top(
                        "[api]\nsocket = \"/" + LONG + LONG + "\"",
                        "2:1: api.socket: makes a socket's path too long: 181 bytes; allowed: 107 bytes at the most"),
                top(
                        "[api]\nsocket-mode = \"888\"",
                        "2:1: api.socket-mode: is not possible: 888; allowed: permission bits in octal, \"0000\" to"
                                + " \"0777\""),
                top("[api]\nsocket-mode = 0o660", "2:1: api.socket-mode: is no text: 432; allowed: text in quotes"),
                top(
                        "[api]\nsocket-owner = \"nobody-there\"",
                        "2:1: api.socket-owner: is not possible: There is no user nobody-there; allowed:"
                                + " \"user:group\", either left out or a number"),
                top(
                        "[api]\nsocket-owner = \":no-group\"",
                        "2:1: api.socket-owner: is not possible: There is no group no-group; allowed: \"user:group\","
                                + " either left out or a number"),
                top(
                        "[api]\nsocket-onwer = \"root\"",
                        "2:1: api.socket-onwer: there is no such key, did you mean socket-owner?; allowed: socket,"
                                + " socket-mode, socket-owner, tcp"),
                top(
                        "[api.tcp]",
                        "1:1: api.tcp: is not complete, missing: listen, certificate, key, token-file; " + tcp),
                top(
                        "[api.tcp]\nlisten = \"127.0.0.1:8443\"",
                        "1:1: api.tcp: is not complete, missing: certificate, key, token-file; " + tcp),
                top(
                        "[api.tcp]\nlisten = \"127.0.0.1:8443\"\ncertificate = \"good\"\nkey = \"good\"",
                        "1:1: api.tcp: is not complete, missing: token-file; " + tcp),
                top("[api]\ntcp = \"127.0.0.1:8443\"", "2:1: api.tcp: is no table: 127.0.0.1:8443; allowed: [api.tcp]"),
                top(
                        "[api.tcp]\n" + files + "listen = \"8443\"",
                        "5:1: api.tcp.listen: is not possible: 8443; " + listen),
                top(
                        "[api.tcp]\n" + files + "listen = \"localhost:70000\"",
                        "5:1: api.tcp.listen: is not possible: localhost:70000; " + listen),
                top(
                        "[api.tcp]\nlisten = \"[::1]:8443\"\ncertificate = \"none\"\nkey = \"good\"\ntoken-file = \"good\"",
                        "3:1: api.tcp.certificate: cannot be read: DIR/none; allowed: a file that is there"),
                top(
                        "[api.tcp]\nlisten = \"[::1]:8443\"\ncertificate = \"good\"\nkey = \"open\"\ntoken-file = \"good\"",
                        "4:1: api.tcp.key: is open to everybody: DIR/open; allowed: a file that others may not read"),
                top(
                        "[api.tcp]\nlisten = \"[::1]:8443\"\ncertificate = \"good\"\nkey = \"good\"\ntoken-file = \"open\"",
                        "5:1: api.tcp.token-file: is open to everybody: DIR/open; allowed: a file that others may not"
                                + " read"));
    }

    private static List<Case> boardCases() {
        String name = "allowed: up to 32 letters, digits, '.', '_' and '-', the first a letter or a digit";
        String fb = "allowed: \"2GiB\" to \"48GiB\" in steps of 64MiB";
        return List.of(
                new Case(
                        "[[board]]\nchip = \"ad102\"",
                        "1:1: board.name: is missing; allowed: letters, digits, '.', '_' and '-'"),
                new Case(
                        "[[board]]\nname = \"a b\"\nchip = \"ad102\"",
                        "2:1: board.name: is not possible: a b; " + name),
                new Case(
                        BOARD + BOARD,
                        "5:1: board.name: is the name of another board too: gpu0; allowed: a name of its own"),
                new Case("[[board]]\nname = \"a\"", "1:1: board.chip: is missing; allowed: ad102, gb202"),
                new Case(
                        "[[board]]\nname = \"a\"\nchip = \"ad103\"",
                        "3:1: board.chip: is not possible: ad103; allowed: ad102, gb202"),
                new Case(
                        "[[board]]\nname = \"a\"\nchip = \"ga102\"",
                        "3:1: board.chip: is not possible: ga102; allowed: ad102, gb202"),
                board("fb = 48", "board.fb: is no text: 48; allowed: text in quotes"),
                board("fb = \"48\"", "board.fb: is not possible: 48; " + fb),
                board("fb = \"49GiB\"", "board.fb: is not possible: 49GiB; " + fb),
                board("fb = \"2049MiB\"", "board.fb: is not possible: 2049MiB; " + fb),
                board("fb = \"999999999TiB\"", "board.fb: is not possible: 999999999TiB; " + fb),
                board("core = \"rust\"", "board.core: is not possible: rust; allowed: c, java"),
                board("client = \"vdpa\"", "board.client: is not possible: vdpa; allowed: vfio, drm"),
                board(
                        "drm = \"amdgpu\"\nclient = \"drm\"",
                        "board.drm: is not possible: amdgpu; allowed: nouveau, nova"),
                board("drm = \"nova\"", "board.drm: is for programs of this host; allowed: client = \"drm\""),
                board(
                        "placement = \"homogeneous\"\nclient = \"drm\"",
                        "board.placement: is for virtual GPUs; allowed: client = \"vfio\""),
                board("firmware = \"none\"", "board.firmware: is no folder: DIR/none; allowed: a folder that is there"),
                board("virtual-functions = 0", "board.virtual-functions: is not possible: 0; allowed: 1 to 32"),
                board("virtual-functions = 33", "board.virtual-functions: is not possible: 33; allowed: 1 to 32"),
                board("virtual-functions = \"8\"", "board.virtual-functions: is not possible: 8; allowed: 1 to 32"),
                board(
                        "scheduling = \"fair\"",
                        "board.scheduling: is not possible: fair; allowed: best-effort, equal-share, fixed-share"),
                board(
                        "time-slice = \"31ms\"",
                        "board.time-slice: is not possible: 31ms; allowed: whole milliseconds, \"1ms\" to \"30ms\""),
                board(
                        "time-slice = \"1500us\"",
                        "board.time-slice: is not possible: 1500us; allowed: whole milliseconds, \"1ms\" to \"30ms\""),
                board("time-slice = 2", "board.time-slice: is no text: 2; allowed: text in quotes"),
                board(
                        "placement = \"mixed\"",
                        "board.placement: is not possible: mixed; allowed: homogeneous, heterogeneous"),
                board("sockets = \"vgpus\"", "board.sockets: is no table: vgpus; allowed: [board.sockets]"),
                board(
                        "sockets.mode = \"rw\"",
                        "board.sockets.mode: is not possible: rw; allowed: permission bits in octal, \"0000\" to"
                                + " \"0777\""),
                board(
                        "sockets.folder = \"" + LONG + "\"",
                        "board.sockets.folder: makes a socket's path too long: 139 bytes; allowed: 107 bytes at the"
                                + " most"),
                board(
                        "sockets.group = \"kvm\"",
                        "board.sockets.group: there is no such key; allowed: folder, mode, owner"),
                board(
                        "virtual-function = 4",
                        "board.virtual-function: there is no such key, did you mean virtual-functions?; allowed:"
                                + " chip, client, console, core, drm, fb, firmware, name, placement, scheduling, sockets,"
                                + " time-slice, virtual-functions"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void badConfigurationGivesItsLine(Case bad) throws IOException {
        for (String file : List.of("good", "open")) {
            Files.writeString(folder.resolve(file), "x");
            Files.setPosixFilePermissions(
                    folder.resolve(file),
                    PosixFilePermissions.fromString(file.equals("open") ? "rw-r--r--" : "rw-------"));
        }
        Path file = Files.writeString(folder.resolve("nacre.toml"), bad.text);

        ConfigException said = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));

        assertThat(said).hasMessage(file + ":" + bad.line.replace("DIR", folder.toString()));
    }

    @ParameterizedTest
    @MethodSource("notToml")
    void whatIsNoTomlIsToldWithItsPlace(Case bad) throws IOException {
        Path file = Files.writeString(folder.resolve("nacre.toml"), bad.text);

        ConfigException said = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));

        assertThat(Objects.requireNonNull(said.getMessage()).lines().findFirst().orElseThrow())
                .startsWith(file + ":" + bad.line + ": is no TOML: ");
    }

    static Stream<Case> notToml() {
        return Stream.of(
                new Case("runtime = /run\n" + BOARD, "1:11"),
                new Case("[[board]\n", "1:8"),
                new Case(BOARD + "fb = \"48GiB\n", "4:12"),
                new Case(BOARD + "name = \"b\"\n", "4:1"));
    }
}
