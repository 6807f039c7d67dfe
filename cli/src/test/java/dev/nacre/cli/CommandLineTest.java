package dev.nacre.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The command line as a whole: help, manual page and completion know all of it. */
class CommandLineTest {
    /** All commands that do something, as {@code vgpu create}. */
    private static List<CommandLine> commands(CommandLine group) {
        List<CommandLine> found = new ArrayList<>();
        for (CommandLine command : group.getSubcommands().values()) {
            if (command.getSubcommands().isEmpty()) {
                found.add(command);
            } else {
                found.addAll(commands(command));
            }
        }
        return found;
    }

    @Test
    void manualPageHasEveryCommandAndEveryOption() {
        String page = String.join("\n", CommandRun.of("man").out()).replace("\\-", "-");

        assertThat(commands(Main.whole())).hasSizeGreaterThan(20).allSatisfy(command -> {
            assertThat(page).contains(".SS \"" + command.getCommandSpec().qualifiedName());
            for (OptionSpec option : command.getCommandSpec().options()) {
                assertThat(page).contains(option.longestName());
            }
        });
        assertThat(page).contains(".SH EXIT STATUS", ".B 3\n", "NACRE_HOST", "NACRE_TOKEN_FILE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completionHasEveryCommand(String shell) {
        String script = String.join("\n", CommandRun.of("completion", shell).out());

        assertThat(commands(Main.whole()))
                .allSatisfy(command -> assertThat(script)
                        .contains("function _picocli_"
                                + command.getCommandSpec().qualifiedName("_").replace("-", "")));
        assertThat(script).contains("complete -F _complete_nacre");
    }

    @Test
    void shellThatNobodyKnowsIsRefused() {
        assertThat(CommandRun.of("completion", "fish").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void everyExitCodeIsInTheHelp() {
        String help = String.join("\n", CommandRun.of("--help").out());

        assertThat(help).contains("Exit codes:");
        for (int code = ExitCode.OK; code <= ExitCode.FORBIDDEN; code++) {
            assertThat(help).containsPattern("(?m)^ +" + code + " +\\S");
        }
    }

    @Test
    void everyCommandHasItsOwnHelp() {
        assertThat(commands(Main.whole())).allSatisfy(command -> {
            List<String> words = new ArrayList<>(
                    List.of(command.getCommandSpec().qualifiedName(" ").split(" ", -1)));
            words.removeFirst();
            words.add("--help");
            assertThat(CommandRun.of(words.toArray(String[]::new)).code()).isEqualTo(ExitCode.OK);
        });
    }

    @Test
    void helpOfACommandBelowAnotherIsItsOwn() {
        assertThat(CommandRun.of("help", "vgpu", "create").out())
                .isEqualTo(CommandRun.of("vgpu", "create", "--help").out());
        assertThat(CommandRun.of("help").out())
                .isEqualTo(CommandRun.of("--help").out());
    }

    private static CommandLine vgpu(CommandLine line) {
        return Objects.requireNonNull(line.getSubcommands().get("vgpu"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vgpu ls", "--host unix:x vgpu ls", "--token-file=t --host=unix:x vgpu ls --json"})
    void onlyTheCommandThatIsMeantIsBuilt(String words) {
        CommandLine line = Main.commandLine(words.split(" ", -1));

        assertThat(line.getSubcommands()).containsOnlyKeys("vgpu");
        assertThat(vgpu(line).getSubcommands()).containsOnlyKeys("ls");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vgpu", "vgpu --help", "vgpu nothing", "help vgpu", "--help"})
    void allCommandsAreBuiltWhereNoneIsMeant(String words) {
        CommandLine line = Main.commandLine(words.split(" ", -1));

        assertThat(commands(vgpu(line))).hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing",
                "vgpu nothing",
                "vgpu create --type L40-2Q",
                "vgpu create --type L40-2Q --name a --uuid x",
                "vgpu rm",
                "vgpu screenshot a",
                "board screenshot a",
                "events --count x",
                "events --count -1",
                "top --count -1",
                "drm run --driver radeon -- true",
                "demo --core rust",
                "completion",
                "daemon --config",
                "demo --vgpus 0",
                "demo --vgpus 99",
                "demo --chip ga102 --vgpus 2",
                "demo --heads 2 --type L40-2Q"
            })
    void wrongCommandLineIsToldAsSuch(String line) {
        CommandRun run = CommandRun.of(line.split(" ", -1));

        assertThat(run.code()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).singleElement().asString().startsWith("nacre: ");
    }

    @ParameterizedTest
    @CsvSource({
        "vgpu create, Missing required options",
        "vgpu nothing, nothing",
        "vgpu sho a, did you mean show",
        "vgpu ls --bord gpu0, --bord",
        "vgpu create --type L40-2Q --name a --uuid 12, is no UUID",
        "vgpu fault a --kind gpu-lost --number 3, --number is for --kind xid only",
        "vgpu fault a --kind xid --end, --end is for --kind stalled-gsp only",
        "events --count -1, 0 or more",
        "board ls --host https://h:99999, unix:PATH or https://HOST:PORT",
        "help vgpu nothing, There is no command"
    })
    void whatIsWrongIsSaidInOneLine(String line, String said) {
        CommandRun run = CommandRun.of(line.split(" ", -1));

        assertThat(run.code()).as(run.toString()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).singleElement().asString().contains(said);
    }

    @ParameterizedTest
    @CsvSource({"--token-file, The token in", "--ca-file, The certificates in"})
    void fileThatIsNotThereIsNotTheDaemonsFault(String option, String said) {
        CommandRun run = CommandRun.of("board", "ls", "--host", "https://localhost:1", option, "/nonexistent");

        assertThat(run.code()).isEqualTo(ExitCode.ENVIRONMENT);
        assertThat(run.err())
                .singleElement()
                .asString()
                .contains(said, "/nonexistent", "cannot be read")
                .doesNotContain("daemon");
    }

    @ParameterizedTest
    @CsvSource({"out.png, out-vm1.png", "a/out, a/out-vm1", ".png, .png-vm1", "a.b/c.d.png, a.b/c.d-vm1.png"})
    void fileOfAGuestHasItsNameBeforeTheSuffix(Path file, Path named) {
        assertThat(VgpuDemo.named(file, "vm1")).isEqualTo(named);
    }
}
