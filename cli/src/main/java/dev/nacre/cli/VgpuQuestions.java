package dev.nacre.cli;

import dev.nacre.vfio.manager.Vgpu;
import dev.nacre.vfio.manager.VgpuSpec;
import dev.nacre.vfio.type.CatalogType;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What a running {@code nacre vgpu serve} answers. */
final class VgpuQuestions implements Function<List<String>, String> {
    static final String TYPES = "types";
    static final String BOARD = "board";
    static final String CREATE = "create";
    static final String LIST = "ls";
    static final String SHOW = "show";
    static final String REMOVE = "rm";

    /** What can be a file's name and stand in a line without quotes. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");

    private final VgpuHost host;
    private final Path folder;

    /** @param folder where sockets are */
    VgpuQuestions(VgpuHost host, Path folder) {
        this.host = host;
        this.folder = folder.toAbsolutePath().normalize();
    }

    @Override
    public String apply(List<String> words) {
        String question = words.getFirst();
        List<String> rest = words.subList(1, words.size());
        return switch (question + " " + rest.size()) {
            case TYPES + " 0" -> VgpuText.creatable(host.manager().creatable());
            case BOARD + " 0" -> VgpuText.board(host);
            case LIST + " 0" -> VgpuText.list(host);
            case SHOW + " 1" -> show(rest.getFirst());
            case REMOVE + " 1" -> remove(rest.getFirst());
            case CREATE + " 4" -> create(rest);
            default -> throw new CommandException(ExitCode.USAGE, "No such question: " + words);
        };
    }

    private String show(String name) {
        Vgpu vgpu = find(name);
        return VgpuText.show(host, vgpu, socket(vgpu.name()));
    }

    private String remove(String name) {
        Vgpu vgpu = find(name);
        vgpu.close();
        return "Removed: " + vgpu.name() + "\n";
    }

    private String create(List<String> words) {
        CatalogType type = TypeOptions.choose(host.plan().types(), Optional.of(words.get(0)));
        String name = words.get(1);
        if (!NAME.matcher(name).matches()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--name " + name
                            + " is not possible: up to 32 letters, digits, '.', '_' and '-', the first a letter or a digit");
        }
        Vgpu vgpu = host.create(
                new VgpuSpec(name, type.id(), uuid(words.get(2)), OptionalInt.empty(), placement(words.get(3))),
                socket(name));
        return "Created: " + VgpuText.line(vgpu) + "\n"
                + QemuOptions.text(vgpu.type().display().heads(), socket(name)) + "\n";
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--uuid " + text + " is none: " + e.getMessage());
        }
    }

    private static OptionalInt placement(String text) {
        try {
            return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw new CommandException(ExitCode.USAGE, "--placement " + text + " is no number");
        }
    }

    private Vgpu find(String name) {
        return host.manager()
                .find(name)
                .orElseThrow(() -> new CommandException(
                        ExitCode.FAILED, "No such virtual GPU: " + name + "; 'nacre vgpu ls' lists them"));
    }

    private Path socket(String name) {
        return folder.resolve(name + ".sock");
    }
}
