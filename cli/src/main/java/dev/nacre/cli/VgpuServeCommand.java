package dev.nacre.cli;

import dev.nacre.board.BoardConfig;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nacre vgpu serve}. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Make a board that virtual GPUs share, until Ctrl-C.",
            "",
            "'nacre vgpu create' makes virtual GPUs of it; their sockets are in the folder, which only its owner may enter.",
            ""
        })
final class VgpuServeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private BoardOptions board;

    @Option(
            names = "--vfs",
            paramLabel = "N",
            defaultValue = "16",
            description = "how many virtual functions the board has, and so virtual GPUs at the most: 1 to 32, with"
                    + " some chips to 48 (default: ${DEFAULT-VALUE})")
    private int vfs;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            defaultValue = HostOptions.DEFAULT_FOLDER,
            description = "where sockets are; made if it is not there (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path folder;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CoreOptions core;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private TypeOptions types;

    @Option(
            names = "--scheduling",
            paramLabel = "POLICY[:MS]",
            defaultValue = "best-effort",
            converter = Scheduling.class,
            description = "how virtual GPUs share the engines: best-effort, equal-share or fixed-share, the latter two"
                    + " with a time slice of 1 to 30 ms if wanted (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private VgpuScheduling scheduling;

    @Option(names = "--heterogeneous", description = "allow virtual GPUs of different types at a time")
    private boolean heterogeneous;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        VgpuHost.Plan plan = plan();
        makeFolder();
        return UntilStopped.run(out, () -> serve(plan, out));
    }

    private VgpuHost.Plan plan() {
        if (vfs < 1) {
            throw new CommandException(ExitCode.USAGE, "--vfs " + vfs + " is not possible: 1 or more");
        }
        BoardConfig config = board.config(vfs);
        CoreConfig usual = core.config();
        return new VgpuHost.Plan(
                config,
                core.provider(),
                new CoreConfig(usual.firmware(), true, usual.vgpuChannels(), scheduling),
                types.of(config.chip()),
                VgpuManagerOptions.DEFAULT.withHeterogeneous(heterogeneous));
    }

    private void makeFolder() {
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new CommandException(ExitCode.ENVIRONMENT, "Cannot make the folder " + folder + ": " + e);
        }
    }

    private void serve(VgpuHost.Plan plan, PrintWriter out) throws InterruptedException {
        try (VgpuHost host = new VgpuHost(plan);
                ControlSocket ignored =
                        new ControlSocket(HostOptions.control(folder), new VgpuQuestions(host, folder))) {
            out.println("Ready: " + plan.board().chip().productName() + ", "
                    + Sizes.format(plan.board().fbBytes()) + ", " + vfs + " virtual functions, core "
                    + host.core().implementation() + ", sockets in " + folder);
            out.println("Next: nacre types; nacre vgpu create --folder " + folder + " --type TYPE --name NAME");
            out.flush();
            new CountDownLatch(1).await();
        } catch (CoreException e) {
            throw CoreOptions.failed("The board cannot be shared", e);
        }
    }
}
