package dev.nacre.cli;

import dev.nacre.hw.chip.Chip;
import dev.nacre.vfio.type.CatalogException;
import dev.nacre.vfio.type.CatalogType;
import dev.nacre.vfio.type.Series;
import dev.nacre.vfio.type.TypeCatalog;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The option that says what types of virtual GPUs there are. */
final class TypeOptions {
    @Option(
            names = "--types",
            paramLabel = "DIR",
            description = "a folder with more types: files *.toml, as docs/vgpu.md describes them")
    private Optional<Path> folder = Optional.empty();

    /** All of them. @throws CommandException if a file is wrong, with every place */
    TypeCatalog catalog() {
        if (folder.isPresent() && !Files.isDirectory(folder.get())) {
            throw new CommandException(ExitCode.USAGE, "--types " + folder.get() + " is no folder");
        }
        try {
            return folder.map(TypeCatalog::withFolder).orElseGet(TypeCatalog::shipped);
        } catch (CatalogException | UncheckedIOException e) {
            throw new CommandException(
                    ExitCode.USAGE, "--types " + folder.map(Path::toString).orElse("") + ": " + e.getMessage());
        }
    }

    /** Those of a board with a chip. @throws CommandException if a file is wrong */
    List<CatalogType> of(Chip chip) {
        return of(catalog(), chip);
    }

    /** Those for the very board that the software one is, or else for every board with its chip. */
    static List<CatalogType> of(TypeCatalog catalog, Chip chip) {
        List<CatalogType> all = catalog.forChip(chip.name());
        List<CatalogType> exact = all.stream()
                .filter(type -> type.ids().boardDevice() == chip.deviceId())
                .toList();
        return exact.isEmpty() ? all : exact;
    }

    /**
     * One of them.
     *
     * @param nameOrId empty for the first whose guests have some 2 GB and a screen
     * @throws CommandException if it is none of them
     */
    static CatalogType choose(List<CatalogType> types, Optional<String> nameOrId) {
        Predicate<CatalogType> wanted = nameOrId.<Predicate<CatalogType>>map(
                        text -> type -> type.name().equalsIgnoreCase(text)
                                || Integer.toString(type.id()).equals(text))
                .orElse(type -> type.memory().profileGib() == 2 && type.series() == Series.Q);
        return types.stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        ExitCode.USAGE,
                        "No such type: " + nameOrId.orElse("2 GB, series Q") + "; there are "
                                + types.stream().map(CatalogType::name).collect(Collectors.joining(" "))));
    }
}
