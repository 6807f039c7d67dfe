package dev.nacre.cli;

import dev.nacre.board.BoardConfig;
import dev.nacre.daemon.config.ConfigException;
import dev.nacre.daemon.host.ServiceException;
import dev.nacre.daemon.state.StateException;
import dev.nacre.testsupport.guest.GuestKit;
import dev.nacre.testsupport.guest.KernelChoice;
import dev.nacre.testsupport.guest.KitOptions;
import dev.nacre.testsupport.guest.KitPart;
import dev.nacre.testsupport.guest.KitSelection;
import dev.nacre.testsupport.guest.ProgressPrinter;
import dev.nacre.testsupport.guest.host.KitException;
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
            "Boot a stock Linux in a stock QEMU on a virtual GPU, and show what its nouveau driver makes of it.",
            "",
            "A daemon of the demo's own has the board; the address of its page is printed. With --vgpus, several guests at"
                    + " once. Chips that cannot have virtual GPUs, and --heads, give the guest a whole board.",
            "",
            "Fetches QEMU, a Debian kernel and a shell on first use. Ends with 0 only if everything worked.",
            ""
        })
final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private BoardOptions board;

    @Option(
            names = "--vgpus",
            paramLabel = "N",
            description =
                    "boot N guests at once, each on a virtual GPU of one board; files of a guest have its name before"
                            + " their suffix (default: 1)")
    private Optional<Integer> vgpus = Optional.empty();

    @Option(
            names = "--core",
            paramLabel = "NAME",
            description = "the implementation of the core that drives the board: c, java (default: java)")
    private Optional<String> core = Optional.empty();

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "the virtual GPUs' type (default: the first with 2 GB and a screen)")
    private Optional<String> type = Optional.empty();

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
        core.ifPresent(CoreOptions::provider);
        boolean ok = isWhole() ? drive(board.config(), out) : share(out);
        out.println(ok ? "All of it works." : "Something is missing: see above.");
        out.flush();
        return ok ? ExitCode.OK : ExitCode.FAILED;
    }

    /** Whether the guest gets a board as a whole. */
    private boolean isWhole() {
        boolean whole = board.namesHeads() || BoardConfig.maxVfs(board.chip()) == 0;
        if (whole && (vgpus.isPresent() || core.isPresent() || type.isPresent())) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--vgpus, --core and --type need a chip that can have virtual GPUs, and no --heads");
        }
        return whole;
    }

    /** One GPU as a whole, without a daemon. */
    private boolean drive(BoardConfig config, PrintWriter out) throws IOException {
        Optional<GuestKit> kit = kit(out);
        return kit.isPresent()
                ? new GuestDemo(kit.get(), config, out).run(wishes(), firmware)
                : new DirectDemo(config, out).run();
    }

    /** Virtual GPUs of a board that a daemon has. */
    private boolean share(PrintWriter out) throws IOException, InterruptedException {
        int count = vgpus.orElse(1);
        if (count < 1) {
            throw new CommandException(ExitCode.USAGE, "--vgpus " + count + " is not possible: 1 or more");
        }
        BoardConfig config = board.config(count);
        Optional<GuestKit> kit = kit(out);
        if (kit.isEmpty()) {
            if (vgpus.isPresent()) {
                throw new CommandException(ExitCode.ENVIRONMENT, "Virtual GPUs are shown by guests only");
            }
            return new DirectDemo(board.config(), out).run();
        }
        try (DemoDaemon daemon = DemoDaemon.start(config, core.orElse("java"), firmware)) {
            return new VgpuDemo(kit.get(), config, daemon, out).run(type, wishes(), firmware);
        } catch (ConfigException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        } catch (ServiceException | StateException e) {
            throw new CommandException(ExitCode.FAILED, "The daemon cannot start: " + e.getMessage());
        }
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
