package dev.nacre.cli;

import dev.nacre.board.BoardConfig;
import dev.nacre.testsupport.guest.GuestKit;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.KitOptions;
import dev.nacre.testsupport.guest.KitPart;
import dev.nacre.testsupport.guest.KitSelection;
import dev.nacre.testsupport.guest.ProgressPrinter;
import dev.nacre.testsupport.guest.host.KitException;
import dev.nacre.vfio.manager.VgpuManagerOptions;
import dev.nacre.vfio.type.CatalogType;
import dev.nacre.vfio.type.TypeCatalog;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nacre demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Boot a stock Linux in a stock QEMU on a board, and show what its nouveau driver makes of it.",
            "",
            "With --vgpus, several of them at once, each on a virtual GPU of the board.",
            "",
            "Fetches QEMU, a Debian kernel and a shell on first use. Ends with 0 only if everything worked.",
            ""
        })
final class DemoCommand implements Callable<Integer> {
    /** What makes it a demo of virtual GPUs. */
    static final class VgpuOptions {
        @Option(
                names = "--vgpus",
                required = true,
                paramLabel = "N",
                description =
                        "boot N guests at once, each on a virtual GPU of one board; files of a guest have its name"
                                + " before their suffix")
        private int count;

        @Option(
                names = "--core",
                paramLabel = "NAME",
                defaultValue = "java",
                description =
                        "the implementation of the core that drives the board: c, java (default: ${DEFAULT-VALUE})")
        @SuppressWarnings("NullAway.Init") // set by picocli
        private String core;

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                description = "the virtual GPUs' type (default: the first with 2 GB and a screen)")
        private Optional<String> type = Optional.empty();
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private BoardOptions board;

    @ArgGroup(exclusive = false)
    private @Nullable VgpuOptions vgpus;

    @Option(names = "--screenshot", paramLabel = "FILE", description = "write the guest's screen to a PNG file")
    private Optional<Path> screenshot = Optional.empty();

    @Option(
            names = "--kernel",
            paramLabel = "WHICH",
            defaultValue = "backports",
            description = "the guest's kernel: ${COMPLETION-CANDIDATES}, in any case; the newest one that Debian builds"
                    + " for its stable release, or that release's own (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private KernelChoice kernel;

    @Option(
            names = "--firmware",
            paramLabel = "DIR",
            description = "take the GSP firmware from a folder that holds nvidia/CHIP/gsp as distributions ship it,"
                    + " instead of the synthetic one")
    private Optional<Path> firmware = Optional.empty();

    @Option(names = "--log", paramLabel = "FILE", description = "write all that the guest's kernel says to a file")
    private Optional<Path> log = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "170",
            description = "give the guest this long (default: ${DEFAULT-VALUE})")
    private int timeoutSeconds;

    @Option(
            names = "--offline",
            description = "fetch nothing: use the kit that is there, or drive the board without a guest")
    private boolean offline;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        checkFiles();
        boolean ok = vgpus == null ? drive(board.config(), out) : share(vgpus, out);
        out.println(ok ? "All of it works." : "Something is missing: see above.");
        out.flush();
        return ok ? ExitCode.OK : ExitCode.FAILED;
    }

    /** One GPU as a whole. */
    private boolean drive(BoardConfig config, PrintWriter out) throws IOException {
        Optional<GuestKit> kit = kit(out);
        return kit.isPresent()
                ? new GuestDemo(kit.get(), config, out).run(wishes(), firmware)
                : new DirectDemo(config, out).run();
    }

    /** Virtual GPUs. */
    private boolean share(VgpuOptions options, PrintWriter out) throws IOException, InterruptedException {
        if (options.count < 1) {
            throw new CommandException(ExitCode.USAGE, "--vgpus " + options.count + " is not possible: 1 or more");
        }
        BoardConfig config = board.config(options.count);
        List<CatalogType> types = TypeOptions.of(TypeCatalog.shipped(), config.chip());
        CatalogType type = TypeOptions.choose(types, options.type);
        VgpuHost.Plan plan = new VgpuHost.Plan(
                config,
                CoreOptions.provider(options.core),
                CoreOptions.config(firmware),
                types,
                VgpuManagerOptions.DEFAULT);
        GuestKit kit = kit(out).orElseThrow(
                        () -> new CommandException(ExitCode.ENVIRONMENT, "Virtual GPUs are shown by guests only"));
        return new VgpuDemo(kit, plan, out).run(type, wishes(), firmware);
    }

    private DemoGuest.Wishes wishes() {
        return new DemoGuest.Wishes(kernel, screenshot, log, Duration.ofSeconds(timeoutSeconds));
    }

    private void checkFiles() {
        if (firmware.isPresent() && !Files.isDirectory(firmware.get())) {
            throw new CommandException(ExitCode.USAGE, "--firmware " + firmware.get() + " is no folder");
        }
        for (Optional<Path> file : List.of(screenshot, log)) {
            Path folder = file.map(f -> f.toAbsolutePath().getParent()).orElse(null);
            if (folder != null && !Files.isDirectory(folder)) {
                throw new CommandException(ExitCode.USAGE, "No folder " + folder + " to write " + file.get() + " to");
            }
        }
        if (timeoutSeconds < 1) {
            throw new CommandException(ExitCode.USAGE, "--timeout " + timeoutSeconds + " is not possible: 1 or more");
        }
    }

    /** The guest kit, fetched if need be; empty if it is not there and cannot or must not be had. */
    private Optional<GuestKit> kit(PrintWriter out) {
        KitOptions options = KitOptions.fromEnvironment(System.getenv());
        Set<KitPart> parts = EnumSet.copyOf(KitSelection.DEMO.parts());
        if (kernel == KernelChoice.STABLE) {
            parts.remove(KitPart.KERNEL_BACKPORTS);
            parts.add(KitPart.KERNEL_STABLE);
        }
        if (offline) {
            Optional<GuestKit> there = GuestKit.locate(options, parts);
            if (there.isEmpty()) {
                out.println("No guest kit in " + options.cache() + " and --offline forbids to fetch it.");
            }
            return there;
        }
        try {
            return Optional.of(GuestKit.fetch(options, parts, new ProgressPrinter(System.err, false)));
        } catch (KitException e) {
            out.println("The guest kit cannot be had: " + e.getMessage());
            return Optional.empty();
        }
    }
}
