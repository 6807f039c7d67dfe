package dev.nacre.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The {@code nacre} command. */
@Command(
        name = "nacre",
        description = {
            "A software NVIDIA GPU that unmodified drivers run on.",
            "",
            "Start with 'nacre demo': it boots a stock Linux in QEMU, whose nouveau driver brings the GPU up.",
            ""
        },
        subcommands = {
            DemoCommand.class,
            ServeCommand.class,
            CoreCommand.class,
            VgpuCommand.class,
            TypesCommand.class,
            BoardCommand.class,
            LspciCommand.class,
            UnknownRegistersCommand.class,
            VersionCommand.class,
            HelpCommand.class
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all went well",
            "1:it was tried and failed",
            "2:the command line is wrong",
            "3:something that is needed is not here"
        })
public final class Main {
    private Main() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs the command line; returns the exit code. */
    static int run(String... args) {
        return run(commandLine(), args);
    }

    /** The same with text that goes elsewhere. */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        return run(commandLine().setOut(out).setErr(err), args);
    }

    private static int run(CommandLine line, String... args) {
        if (args.length == 0) {
            line.usage(line.getErr());
            return ExitCode.USAGE;
        }
        return line.execute(args);
    }

    private static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, command, parsed) -> report(e, command.getErr()));
        return line;
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
