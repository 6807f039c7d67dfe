package dev.nacre.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code nacre} command. */
@Command(
        name = "nacre",
        description = {
            "A software NVIDIA GPU that unmodified drivers run on.",
            "",
            "Start with 'nacre demo': it boots a stock Linux in QEMU, whose nouveau driver brings the GPU up. What boards and"
                    + " virtual GPUs a host has is the business of a daemon, 'nacre daemon'; most commands ask it.",
            ""
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all went well",
            "1:it was tried and failed, or was refused",
            "2:the command line is wrong",
            "3:something that is needed is not here; if that is the daemon: start it with 'systemctl start nacred' or"
                    + " 'nacre daemon', or say where it is with --host or NACRE_HOST",
            "4:you may not do it: the daemon's socket is not yours, or the token is wrong"
        })
public final class Main {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private ApiOptions api;

    private Main() {}

    /** The options that stood before the command. */
    ApiOptions api() {
        return api;
    }

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) {
        Thread.ofPlatform().daemon().name("nacre-prepare").start(ApiCommand::prepare);
        int code = run(args);
        System.out.flush();
        System.err.flush();
        // Not exit, which asks for a logger first: to start the daemon's would take longer than most commands do.
        Runtime.getRuntime().halt(code);
    }

    /** Runs the command line; returns the exit code. */
    static int run(String... args) {
        return run(commandLine(args), args);
    }

    /** The same with text that goes elsewhere. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return run(commandLine(args).setOut(out).setErr(err), args);
    }

    private static int run(CommandLine line, String... args) {
        if (args.length == 0) {
            line.usage(line.getErr());
            return ExitCode.USAGE;
        }
        return line.execute(args);
    }

    /** With every command. */
    static CommandLine whole() {
        return commandLine();
    }

    /** With the commands that some words may mean. */
    static CommandLine commandLine(String... args) {
        CommandLine line = new CommandLine(new Main());
        CommandTree.addTo(line, args);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, words) -> misused(e));
        line.setExecutionExceptionHandler((e, command, parsed) -> report(e, command.getErr()));
        return line;
    }

    /** Says in one line what is wrong with a command line. */
    private static int misused(ParameterException e) {
        CommandLine command = e.getCommandLine();
        String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        List<String> near = e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        command.getErr()
                .println("nacre: " + what.replaceFirst("^Error: ", "").replaceFirst(" (at|from) index \\d+", "")
                        + (near.isEmpty() ? "" : ", did you mean " + String.join(" or ", near) + "?")
                        + " (see '" + command.getCommandSpec().qualifiedName() + " --help')");
        return ExitCode.USAGE;
    }

    private static int report(Exception e, PrintWriter err) {
        err.println("nacre: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
        return e instanceof CommandException c ? c.exitCode() : ExitCode.FAILED;
    }

    /** The version of this build. */
    static String version() {
        try (InputStream in =
                Objects.requireNonNull(Main.class.getResourceAsStream("/dev/nacre/cli/version.txt"), "version.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For {@code --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"nacre " + version()};
        }
    }
}
