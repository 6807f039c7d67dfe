package dev.nacre.cli;

import dev.nacre.core.Core;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.CoreProvider;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nacre core probe}. */
@Command(
        name = "probe",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Boot a GPU as its driver, say what it is, and leave it as it was.",
            "",
            "The first line names the core's implementation; all others are the GPU's.",
            ""
        })
final class CoreProbeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private GpuOptions gpu;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CoreOptions core;

    @Option(names = "--capabilities", description = "also say what the implementation can do")
    private boolean capabilities;

    @Override
    public Integer call() {
        CoreProvider provider = core.provider();
        CoreConfig config = core.config();
        try (DrivenGpu driven = gpu.open()) {
            String text = probe(provider, driven, config);
            spec.commandLine().getOut().print(text);
            spec.commandLine().getOut().flush();
        }
        return ExitCode.OK;
    }

    /** The text is complete, and the GPU let go of, before anything is printed. */
    private String probe(CoreProvider provider, DrivenGpu driven, CoreConfig config) {
        try (Core booted = provider.open(driven.function(), config)) {
            return capabilities ? CoreText.of(booted) + CoreText.capabilities(booted) : CoreText.of(booted);
        } catch (CoreException e) {
            throw CoreOptions.failed(
                    "The core '" + provider.name() + "', which boots " + String.join(", ", provider.chips())
                            + ", cannot boot " + driven.where(),
                    e);
        }
    }
}
