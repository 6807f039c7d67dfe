package dev.nacre.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.linux.UnixSocket;
import dev.nacre.vfiouser.VfioUserClient;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SampleMainTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "gpio",
                "toaster --socket x",
                "gpio --socket x --fd 3",
                "gpio --fd 987654",
                "gpio --fd three",
                "bench --socket x --socket-mode 9",
                "bench --socket x --collect-every 0",
                "bench --socket x --spin-us -1",
                "bench --socket x --spin-us 1000001",
                "bench --socket x --brightness 3"
            })
    void wrongCommandLineIsOneLineAndTwo(String words) {
        int code = run(words.isEmpty() ? new String[0] : words.split(" "));

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1).allMatch(line -> line.startsWith("sample: "));
    }

    @Test
    void placeThatIsTakenIsOneLineAndOne() throws Exception {
        Path taken = Files.writeString(folder.resolve("file"), "mine");

        int code = run("gpio", "--socket", taken.toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(taken).hasContent("mine");
    }

    @Test
    void tooLongPathIsOneLineAndTwo() {
        int code = run("gpio", "--socket", folder.resolve("x".repeat(120)).toString());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void helpNamesTheDevices() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains("gpio")
                .contains("bench")
                .contains("--ready-fd")
                .contains("--message-dma");
    }

    @Test
    void connectedSocketIsServedUntilItsClientGoes() throws Exception {
        UnixSocket.Pair pair = UnixSocket.pair();
        String number = Integer.toString(pair.second().number());
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> run("bench", "--fd", number));

        try (VfioUserClient client = VfioUserClient.over(pair.first())) {
            assertThat(client.readInt(BenchRegisters.BAR_REGISTERS, BenchRegisters.ID))
                    .isEqualTo(BenchRegisters.IDENTITY);
        }

        assertThat(code.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void processSaysWhenItIsReadyAndEndsWithZeroBySigterm() throws Exception {
        Path socket = folder.resolve("s");
        Process process = new ProcessBuilder(command("gpio", "--socket", socket.toString(), "--ready-fd", "1"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("Ready: GPIO");
            assertThat(lines.readLine()).isEqualTo("ready");
            try (VfioUserClient client = VfioUserClient.connect(socket)) {
                assertThat(client.describe().pci()).isTrue();
            }

            process.destroy();

            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(socket).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    private int run(String... words) {
        return SampleMain.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
    }

    /** The same modules in a process of their own. */
    private static List<String> command(String... words) {
        String modules = ModuleLayer.boot().configuration().modules().stream()
                .map(ResolvedModule::reference)
                .flatMap(reference -> reference.location().stream())
                .filter(location -> location.getScheme().equals("file"))
                .map(location -> Path.of(location).toString())
                .collect(Collectors.joining(":"));
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "--enable-native-access=dev.nacre.linux",
                "--module-path",
                modules,
                "--module",
                "dev.nacre.samples/dev.nacre.samples.SampleMain"));
        command.addAll(List.of(words));
        return command;
    }
}
