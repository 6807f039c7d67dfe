package dev.nacre.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The option that says which 'nacre vgpu serve' is meant. */
final class HostOptions {
    static final String DEFAULT_FOLDER = "nacre-vgpus";

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            defaultValue = DEFAULT_FOLDER,
            description = "the folder of 'nacre vgpu serve' (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path folder;

    /** Where it listens for questions. */
    static Path control(Path folder) {
        return folder.resolve("control");
    }

    /** Prints what it answers to a question. @throws CommandException if it refuses, or is not there */
    int print(PrintWriter out, String... words) {
        out.print(ask(folder, words));
        out.flush();
        return ExitCode.OK;
    }

    /** What the one of a folder answers. @throws CommandException if it refuses, or is not there */
    static String ask(Path folder, String... words) {
        try {
            return ControlSocket.ask(control(folder), List.of(words));
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.ENVIRONMENT,
                    "No board answers in " + folder + " (" + e.getMessage()
                            + "): start one with 'nacre vgpu serve --folder " + folder + "'");
        }
    }
}
