package dev.nacre.cli;

import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.daemon.host.Firmware;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which core drives a GPU, and with what firmware. */
final class CoreOptions {
    @Option(
            names = "--core",
            paramLabel = "NAME",
            defaultValue = "java",
            description = "the core's implementation: c, java (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String core;

    @Option(
            names = "--firmware",
            paramLabel = "DIR",
            description = "take the GSP firmware from a folder that holds nvidia/CHIP/gsp as distributions ship it, not"
                    + " compressed, instead of the synthetic one")
    private Optional<Path> firmware = Optional.empty();

    /** The implementation. @throws CommandException if there is none of that name */
    CoreProvider provider() {
        return provider(core);
    }

    /** The implementation of a name. @throws CommandException if there is none */
    static CoreProvider provider(String name) {
        try {
            return CoreProvider.named(name);
        } catch (CoreException e) {
            throw new CommandException(ExitCode.USAGE, "--core " + name + " is not possible: " + e.getMessage());
        }
    }

    /** How a GPU is to be booted. @throws CommandException if the firmware's folder is none */
    CoreConfig config() {
        return config(firmware);
    }

    /** How a GPU is booted with the firmware of a folder, or else the synthetic one. */
    static CoreConfig config(Optional<Path> firmware) {
        if (firmware.isPresent() && !Files.isDirectory(firmware.get())) {
            throw new CommandException(ExitCode.USAGE, "--firmware " + firmware.get() + " is no folder");
        }
        return CoreConfig.of(firmware.map(FirmwareSource::directory).orElseGet(Firmware::synthetic));
    }

    /** Says that a core could not do something. */
    static CommandException failed(String what, CoreException cause) {
        int code = switch (cause.error()) {
            case NO_FIRMWARE, BUSY -> ExitCode.ENVIRONMENT;
            default -> ExitCode.FAILED;
        };
        return new CommandException(code, what + ": " + cause.getMessage());
    }
}
