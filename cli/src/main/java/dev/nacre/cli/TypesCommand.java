package dev.nacre.cli;

import dev.nacre.hw.chip.Chip;
import dev.nacre.vfio.type.CatalogType;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nacre types}. */
@Command(
        name = "types",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "List the types of virtual GPUs: all, those of a board, or those that a running board has room for.",
            ""
        })
final class TypesCommand implements Callable<Integer> {
    /** Which of them; one of the three. */
    static final class Choice {
        @Option(
                names = "--chip",
                paramLabel = "CHIP",
                description = "the types of boards with this chip: ${COMPLETION-CANDIDATES}, in any case")
        private Optional<Chip> chip = Optional.empty();

        @Option(names = "--board", paramLabel = "NAME", description = "the types whose names begin so, such as L40")
        private Optional<String> board = Optional.empty();

        @Option(
                names = "--folder",
                paramLabel = "DIR",
                description = "those of which the board of this 'nacre vgpu serve' can have another, and how many")
        private Optional<Path> folder = Optional.empty();
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ArgGroup
    private Choice choice = new Choice();

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private TypeOptions types;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                choice.folder.isPresent()
                        ? HostOptions.ask(choice.folder.get(), VgpuQuestions.TYPES)
                        : VgpuText.types(chosen()));
        out.flush();
        return ExitCode.OK;
    }

    private List<CatalogType> chosen() {
        if (choice.chip.isPresent()) {
            return types.of(choice.chip.get());
        }
        String prefix =
                choice.board.map(name -> name.toLowerCase(Locale.ROOT) + "-").orElse("");
        List<CatalogType> chosen = types.catalog().types().stream()
                .filter(type -> type.name().toLowerCase(Locale.ROOT).startsWith(prefix))
                .toList();
        if (chosen.isEmpty()) {
            throw new CommandException(ExitCode.USAGE, "--board " + prefix + " has no types; 'nacre types' lists all");
        }
        return chosen;
    }
}
