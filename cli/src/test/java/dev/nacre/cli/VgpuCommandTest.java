package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.vfiouser.VfioUserClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code nacre vgpu}, with a real daemon. */
@ExtendWith(SharedDaemon.class)
class VgpuCommandTest {
    private static final String ID = "01234567-89ab-cdef-0123-456789abcdef";

    private final SharedDaemon.Running daemon;

    @TempDir
    private Path folder;

    VgpuCommandTest(SharedDaemon.Running daemon) {
        this.daemon = daemon;
    }

    @AfterEach
    void removeAll() {
        daemon.run("vgpu", "ls").out().stream()
                .skip(1)
                .forEach(line -> daemon.run("vgpu", "rm", line.substring(0, line.indexOf(' '))));
    }

    private CommandRun create(String name, String... more) {
        String[] words = new String[6 + more.length];
        System.arraycopy(new String[] {"vgpu", "create", "--type", "l40-2q", "--name", name}, 0, words, 0, 6);
        System.arraycopy(more, 0, words, 6, more.length);
        return daemon.run(words);
    }

    @Test
    void createdOneIsListedShownServedAndRemoved() {
        CommandRun created = create("a", "--uuid", ID);

        assertThat(created.err()).isEmpty();
        assertThat(created.out())
                .contains("Created: a, L40-2Q on gpu0, " + ID)
                .anyMatch(line -> line.contains("vfio-user-pci") && line.contains("/a.sock"));
        assertThat(daemon.run("vgpu", "ls").out())
                .hasSize(2)
                .last()
                .asString()
                .matches("a +gpu0 +L40-2Q +running +0000:01:00\\.4 +no .* " + ID);
        CommandRun shown = daemon.run("vgpu", "show", ID);
        assertThat(shown.out()).contains("name      a", "state     running", "function  0000:01:00.4", "head 0    off");
        Path socket = Path.of(shown.out().getLast().replaceFirst("socket +", ""));
        try (VfioUserClient client = VfioUserClient.connect(socket)) {
            assertThat(client.describe().pci()).isTrue();
        }
        assertThat(daemon.run("vgpu", "rm", "a").out()).containsExactly("Removed: a");
        assertThat(daemon.run("vgpu", "ls").out()).hasSize(1);
        assertThat(socket).doesNotExist();
    }

    @Test
    void severalAreRemovedInOneGo() {
        create("a");
        create("b");

        assertThat(daemon.run("vgpu", "rm", "a", "b").out()).containsExactly("Removed: a", "Removed: b");
    }

    @Test
    void listOfABoardHasItsOwnOnly() {
        create("a");

        assertThat(daemon.run("vgpu", "ls", "--board", "gpu0").out()).hasSize(2);
        assertThat(daemon.run("vgpu", "ls", "--board", "gpu1").code()).isEqualTo(ExitCode.FAILED);
    }

    @Test
    void jsonIsTheApisOwn() {
        String created = create("a", "--uuid", ID, "--json").out().getFirst();

        assertThat(created)
                .startsWith("{\"name\":\"a\",\"uuid\":\"" + ID + "\",\"board\":\"gpu0\",\"type\":\"L40-2Q\"");
        assertThat(daemon.run("vgpu", "show", "a", "--json").out())
                .singleElement()
                .asString()
                .startsWith("{\"name\":\"a\"");
        assertThat(daemon.run("vgpu", "ls", "--json").out())
                .singleElement()
                .asString()
                .startsWith("{\"vgpus\":[{\"name\":\"a\",")
                .endsWith("]}");
        assertThat(daemon.run("vgpu", "attach", "a", "--json").out())
                .singleElement()
                .asString()
                .startsWith("{\"vmm\":\"qemu\",\"arguments\":[\"-M\",");
        assertThat(daemon.run("vgpu", "reset", "a", "--json").out())
                .singleElement()
                .asString()
                .startsWith("{\"name\":\"a\"");
    }

    @Test
    void attachmentsAreToldForEachVmm() {
        create("a");

        assertThat(daemon.run("vgpu", "attach", "a").out()).anyMatch(line -> line.startsWith("-M q35"));
        assertThat(daemon.run("vgpu", "attach", "a", "--vmm", "libvirt").out())
                .anyMatch(line -> line.contains("<qemu:arg"));
        assertThat(daemon.run("vgpu", "attach", "a", "--vmm", "cloud-hypervisor")
                        .out())
                .anyMatch(line -> line.contains("--user-device"));
        assertRefused(
                daemon.run("vgpu", "attach", "a", "--vmm", "xen"),
                ExitCode.USAGE,
                "; allowed: qemu, libvirt, cloud-hypervisor");
    }

    @Test
    void resetAndLogAreThere() {
        create("a");

        assertThat(daemon.run("vgpu", "reset", "a").out()).containsExactly("Reset: a");
        assertThat(daemon.run("vgpu", "log", "a").out()).isNotEmpty();
    }

    @Test
    void screenshotOfAHeadThatIsOffIsRefusedAndWritesNothing() {
        create("a");
        Path file = folder.resolve("a.png");

        assertRefused(daemon.run("vgpu", "screenshot", "a", file.toString()), ExitCode.FAILED, "is off");
        assertThat(Files.exists(file)).isFalse();
    }

    @Test
    void faultsAreInjectedOrRefusedWithWhatIsAllowed() {
        create("a");

        assertThat(daemon.run("vgpu", "fault", "a", "--kind", "stalled-gsp").out())
                .containsExactly("Injected: stalled-gsp into a");
        assertThat(daemon.run("vgpu", "fault", "a", "--kind", "stalled-gsp", "--end")
                        .out())
                .containsExactly("Ended: stalled-gsp into a");
        assertRefused(daemon.run("vgpu", "fault", "a", "--kind", "x"), ExitCode.USAGE, "; allowed: xid, unplug");
        assertThat(daemon.run("vgpu", "fault", "a").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void whatCannotBeCreatedIsRefusedWithItsReason() {
        assertRefused(daemon.run("vgpu", "create", "--type", "none", "--name", "a"), ExitCode.USAGE, "no such type");
        assertRefused(create("a", "--placement", "1"), ExitCode.USAGE, "");
        create("a");
        assertRefused(create("a"), ExitCode.FAILED, "already");
        assertRefused(create("b", "--board", "gpu1"), ExitCode.USAGE, "no such board");
        assertRefused(create("b", "--uuid", ID.replace('0', 'x')), ExitCode.USAGE, "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"show", "rm", "reset", "attach", "log"})
    void nameThatNobodyHasIsToldWithThoseThatAreKnown(String command) {
        assertRefused(daemon.run("vgpu", command, "nobody"), ExitCode.FAILED, "; there are none");
        create("a");
        assertRefused(daemon.run("vgpu", command, "nobody"), ExitCode.FAILED, "nobody; there are a");
        assertRefused(daemon.run("vgpu", command, UUID.randomUUID().toString()), ExitCode.FAILED, "; there are a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a", "", "a/b", "a?b", "-a"})
    void nameThatCannotBeOneIsNeverSent(String name) {
        assertThat(daemon.run("vgpu", "show", "--", name).code()).isEqualTo(ExitCode.USAGE);
    }

    private static void assertRefused(CommandRun run, int code, String reason) {
        assertThat(run.code()).as(run.toString()).isEqualTo(code);
        assertThat(run.out()).isEmpty();
        assertThat(String.join("\n", run.err())).containsIgnoringCase(reason);
    }
}
