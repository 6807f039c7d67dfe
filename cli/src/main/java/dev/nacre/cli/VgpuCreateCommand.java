package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.daemon.api.json.AttachmentJson;
import dev.nacre.daemon.api.json.VgpuJson;
import dev.nacre.daemon.api.json.VgpuRequestJson;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code nacre vgpu create}. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Create a virtual GPU and start it; it waits for a VM then, and comes back when the daemon starts again.",
            "",
            "Prints the QEMU options that attach it.",
            ""
        })
final class VgpuCreateCommand extends ApiCommand {
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
            description = "its name, unique in the daemon: up to 32 letters, digits, '.', '_' and '-'")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(names = "--board", paramLabel = "BOARD", description = "on this board (default: the first with room)")
    private Optional<String> board = Optional.empty();

    /** Says in plain words that a text is no UUID. */
    static final class Uuids implements ITypeConverter<UUID> {
        @Override
        public UUID convert(String text) {
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' is no UUID");
            }
        }
    }

    @Option(
            names = "--uuid",
            paramLabel = "UUID",
            converter = Uuids.class,
            description = "its id (default: a random one)")
    private Optional<UUID> uuid = Optional.empty();

    @Option(
            names = "--placement",
            paramLabel = "ID",
            description = "where in the board's memory it is to lie (default: where it fits best)")
    private Optional<Integer> placement = Optional.empty();

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private JsonOption json;

    @Override
    int run(ApiClient client) throws IOException {
        VgpuRequestJson request = new VgpuRequestJson(
                name, type, board.orElse(null), uuid.map(UUID::toString).orElse(null), placement.orElse(null));
        String answer;
        try (Progress ignored = Progress.of(err(), "Creating " + name)) {
            answer = client.post(VGPUS, Optional.of(request));
        }
        json.print(out(), client, answer, VgpuJson.class, vgpu -> "Created: " + VgpuText.line(vgpu) + "\n");
        if (!json.isOn()) {
            out().print(client.get(AttachmentJson.class, vgpu(name) + "/attach").text());
        }
        return ExitCode.OK;
    }
}
