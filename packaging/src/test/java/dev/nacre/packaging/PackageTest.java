package dev.nacre.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.testsupport.daemon.PackagedDaemon;
import dev.nacre.testsupport.guest.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The .deb, installed and removed in a scratch root, and what is in it. */
class PackageTest {
    /** With the cache or not at all: the JVM does not start if it cannot use it. */
    private static final String CACHE_OR_NOTHING = "-XX:AOTMode=on -Xlog:class+load:file=";

    @TempDir
    static Path shared;

    private static ScratchRoot installed;

    @TempDir
    Path folder;

    @BeforeAll
    static void install() throws IOException {
        installed = new ScratchRoot(shared.resolve("root"));
        installed.install(deb());
    }

    @Test
    void installedDaemonAnswersUntilSigtermAndLeavesNothing() throws Exception {
        try (PackagedDaemon daemon = start(Map.of())) {
            HostCommand.Result created = nacre(daemon, "vgpu", "create", "--type", "L40-2Q", "--name", "first");
            assertThat(created.ok()).as(created.errors()).isTrue();
            assertThat(nacre(daemon, "vgpu", "ls").text()).contains("first").contains("L40-2Q");

            assertThat(daemon.terminate()).isZero();
            assertThat(nacre(daemon, "vgpu", "ls").ok()).isFalse();
        }

        assertThat(socketsBelow(folder)).isEmpty();
    }

    @Test
    void daemonTakesItsClassesFromTheCache() throws Exception {
        Path log = folder.resolve("classes");

        try (PackagedDaemon daemon = start(Map.of("NACRED_JAVA_OPTIONS", CACHE_OR_NOTHING + log))) {
            assertThat(daemon.terminate()).isZero();
        }

        assertThat(Files.readString(log)).contains("dev.nacre.daemon.Nacred source: shared objects file");
    }

    @Test
    void commonestCommandTakesAllItsClassesFromTheCacheFromAnyFolder() throws Exception {
        Path log = folder.resolve("classes");

        try (PackagedDaemon daemon = start(Map.of())) {
            HostCommand.Result created = nacre(daemon, "vgpu", "create", "--type", "L40-2Q", "--name", "first");
            assertThat(created.ok()).as(created.errors()).isTrue();

            HostCommand.Result listed =
                    Commands.attempt(Map.of("NACRE_JAVA_OPTIONS", CACHE_OR_NOTHING + log), daemon.nacre("vgpu", "ls"));
            assertThat(listed.ok()).as(listed.errors()).isTrue();
        }

        assertThat(Files.readString(log))
                .contains("dev.nacre.cli.Main source: shared objects file")
                .contains("picocli.CommandLine source: shared objects file")
                .doesNotContainPattern("source: .*[.]jar");
    }

    @Test
    void nothingNamesTheFoldersOfTheBuildMachine() {
        String home = System.getProperty("user.home") + "/.m2";

        HostCommand.Result result = Commands.attempt(
                Map.of(),
                List.of(
                        "grep",
                        "--recursive",
                        "--text",
                        "--fixed-strings",
                        "--files-with-matches",
                        "--regexp=" + Packages.sources(),
                        "--regexp=" + home,
                        installed.path("usr").toString(),
                        installed.path("etc/nacre").toString()));

        assertThat(result.text()).isEmpty();
        assertThat(result.exitStatus()).as("nothing found").isEqualTo(1);
    }

    @Test
    void shippedConfigurationIsRight() {
        String said = Commands.run(
                installed.path("usr/bin/nacred").toString(),
                "--config",
                installed.path("etc/nacre/nacre.toml").toString(),
                "--check");

        assertThat(said).contains("is right: 1 board");
    }

    @Test
    void groupOfTheSocketIsMade() throws IOException {
        assertThat(installed.path("etc/group")).content().containsPattern("(?m)^nacre:");
    }

    @Test
    void licencesOfEveryJarAreNamed() throws IOException {
        String copyright = Files.readString(installed.path("usr/share/doc/nacre/copyright"));

        try (Stream<Path> jars = Files.list(installed.path("usr/lib/nacre/lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString())
                            .filter(name -> name.endsWith(".jar") && !name.startsWith("nacre-")))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(copyright).contains("\n" + name + "\n"));
        }
    }

    @Test
    void changedJarsOfOthersAreNamed() throws IOException {
        assertThat(installed.path("usr/share/doc/nacre/copyright"))
                .content()
                .containsPattern("(?s)Changed by Nacre.*\n  picocli-[0-9.]+jar\n");
    }

    @Test
    void removedPackageLeavesConfigurationAndStateAndAPurgedOneNothing() throws IOException {
        ScratchRoot root = new ScratchRoot(folder.resolve("root"));
        List<Path> before = below(root);
        root.install(deb());
        Path state = Files.createDirectories(root.path("var/lib/nacre")).resolve("state.json");
        Files.writeString(state, "{}");

        root.remove();

        assertThat(root.path("usr")).doesNotExist();
        assertThat(root.path("etc/nacre/nacre.toml")).exists();
        assertThat(state).exists();

        root.purge();

        assertThat(below(root)).containsExactlyInAnyOrderElementsOf(before);
    }

    @Test
    void archiveIsUnpackedAndRunsAnywhere() {
        Commands.run(
                "tar",
                "--extract",
                "--file",
                Packages.file(Packages.whole(), ".tar.gz").toString(),
                "--directory",
                folder.toString());

        String version =
                Commands.run(Packages.file(folder, "").resolve("bin/nacre").toString(), "--version");

        assertThat(version).startsWith("nacre ");
    }

    @Test
    void twoBuildsAreTheSameButForTheCaches() throws IOException {
        Path first = Packages.withoutCaches("first");
        Path second = Packages.withoutCaches("second");

        for (String ending : List.of(".deb", ".tar.gz")) {
            assertThat(Files.mismatch(Packages.file(first, ending), Packages.file(second, ending)))
                    .as(ending)
                    .isEqualTo(-1);
        }
    }

    private PackagedDaemon start(Map<String, String> environment) throws IOException {
        return PackagedDaemon.start(installed.path("usr/bin"), folder, environment);
    }

    private static HostCommand.Result nacre(PackagedDaemon daemon, String... arguments) {
        return Commands.attempt(Map.of(), daemon.nacre(arguments));
    }

    private static Path deb() {
        return Packages.file(Packages.whole(), ".deb");
    }

    /** All files but dpkg's own and the groups, which stay. */
    private static List<Path> below(ScratchRoot root) throws IOException {
        try (Stream<Path> files = Files.walk(root.path(""))) {
            return files.filter(file -> !file.startsWith(root.path("var/lib/dpkg"))
                            && !file.getFileName().toString().startsWith("group"))
                    .toList();
        }
    }

    private static List<Path> socketsBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".sock")).toList();
        }
    }
}
