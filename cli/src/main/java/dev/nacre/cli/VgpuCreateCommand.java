package dev.nacre.cli;

import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nacre vgpu create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Create a virtual GPU, start it, and serve it to a VMM over vfio-user.")
final class VgpuCreateCommand extends HostCommand {
    @Option(
            names = "--type",
            required = true,
            paramLabel = "TYPE",
            description = "its type by name or number, as 'nacre types' lists them")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String type;

    @Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "its name, unique on its board: up to 32 letters, digits, '.', '_' and '-'; its socket is"
                    + " NAME.sock in the folder")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(names = "--uuid", paramLabel = "UUID", description = "its id (default: a random one)")
    private Optional<UUID> uuid = Optional.empty();

    @Option(
            names = "--placement",
            paramLabel = "ID",
            description = "where in the board's memory it is to lie (default: where it fits best)")
    private Optional<Integer> placement = Optional.empty();

    @Override
    public Integer call() {
        return ask(
                VgpuQuestions.CREATE,
                type,
                name,
                uuid.map(UUID::toString).orElse(""),
                placement.map(id -> Integer.toString(id)).orElse(""));
    }
}
