package dev.nacre.testsupport.guest;

import dev.nacre.testsupport.guest.fetch.Progress;
import dev.nacre.testsupport.guest.host.KitException;
import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The command {@code ./dev guest-kit}: shows what the kit has, and fetches it. */
public final class KitMain {
    private static final String USAGE = """
            Usage: ./dev guest-kit [--fetch demo|tests] [--firmware] [--refresh] [--mirror URI] [--cache DIR]
                   ./dev guest-kit boot [OPTION]...   boots a guest by hand; see ./dev guest-kit boot --help
              --fetch demo    QEMU, one kernel, and the tools for the guest's programs
              --fetch tests   also the stable release's kernel and Mesa's Vulkan driver
              --firmware      also NVIDIA's own firmware package (100 MB, non-free; never needed)
              --refresh       bring parts that are there to the archive's current versions
              --mirror URI    Debian archive to use instead of the host's own
              --cache DIR     where the kit is kept (default: NACRE_CACHE or ~/.cache/nacre)
            """;

    private KitMain() {}

    /** What the arguments ask for. */
    record Request(KitOptions options, Set<KitPart> fetch, boolean help) {}

    /**
     * Runs the command; ends the process with status 0, 1 if the kit cannot be had, 2 for wrong arguments.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.out, System.err));
    }

    private static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (!arguments.isEmpty() && arguments.getFirst().equals("boot")) {
            return boot(arguments.subList(1, arguments.size()), out, err);
        }
        Request request;
        try {
            request = parse(arguments, KitOptions.fromEnvironment(System.getenv()));
        } catch (IllegalArgumentException wrong) {
            err.println(wrong.getMessage());
            err.print(USAGE);
            return 2;
        } catch (KitException noPlace) {
            err.println(noPlace.getMessage());
            return 2;
        }
        if (request.help()) {
            out.print(USAGE);
            return 0;
        }
        try {
            if (!request.fetch().isEmpty()) {
                GuestKit.fetch(request.options(), request.fetch(), printer(out));
            }
            show(request.options(), out);
            return 0;
        } catch (KitException cannot) {
            err.println(cannot.getMessage());
            return 1;
        }
    }

    private static int boot(List<String> arguments, PrintStream out, PrintStream err) {
        try {
            return GuestMain.run(arguments, KitOptions.fromEnvironment(System.getenv()), out, err);
        } catch (KitException noPlace) {
            err.println(noPlace.getMessage());
            return 2;
        }
    }

    /** Reads the arguments. */
    static Request parse(List<String> arguments, KitOptions defaults) {
        Deque<String> words = new ArrayDeque<>(arguments);
        KitOptions options = defaults;
        Set<KitPart> fetch = EnumSet.noneOf(KitPart.class);
        boolean help = false;
        while (!words.isEmpty()) {
            String word = words.removeFirst();
            switch (word) {
                case "--fetch" -> fetch.addAll(selection(value(word, words)).parts());
                case "--firmware" -> fetch.add(KitPart.FIRMWARE);
                case "--refresh" -> options = options.refreshing();
                case "--mirror" -> options = options.withMirror(value(word, words));
                case "--cache" -> options = options.withCache(Path.of(value(word, words)));
                case "--help", "-h" -> help = true;
                default -> throw new IllegalArgumentException("Unknown argument " + word);
            }
        }
        if (options.refresh() && fetch.isEmpty()) {
            throw new IllegalArgumentException("--refresh needs --fetch or --firmware");
        }
        return new Request(options, fetch, help);
    }

    private static KitSelection selection(String name) {
        return switch (name) {
            case "demo" -> KitSelection.DEMO;
            case "tests" -> KitSelection.TESTS;
            default -> throw new IllegalArgumentException("--fetch takes demo or tests, not " + name);
        };
    }

    private static String value(String option, Deque<String> words) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return words.removeFirst();
    }

    @SuppressWarnings("SystemConsoleNull") // the run-time image without jdk.internal.le returns null off a terminal
    private static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private static Progress printer(PrintStream out) {
        return new ProgressPrinter(out, onTerminal());
    }

    private static void show(KitOptions options, PrintStream out) {
        out.println("Guest kit in " + options.cache());
        for (KitPart part : KitPart.values()) {
            Optional<GuestKit> kit = GuestKit.locate(options, EnumSet.of(part));
            out.printf(
                    "  %-18s %s%n",
                    part.packages().name(), kit.map(k -> summary(k, part)).orElse("absent"));
        }
    }

    private static String summary(GuestKit kit, KitPart part) {
        return switch (part) {
            case QEMU -> kit.qemu().version() + "  " + kit.qemu().command().getFirst();
            case KERNEL_BACKPORTS -> kit.kernel(KernelChoice.BACKPORTS).version();
            case KERNEL_STABLE -> kit.kernel(KernelChoice.STABLE).version();
            case TOOLS, VULKAN, DRM_TOOLS, VIEWER, BROWSER, FIRMWARE ->
                kit.packages(part).stream()
                        .filter(p -> part.packages().packages().contains(p.split(" ")[0]))
                        .reduce((a, b) -> a + ", " + b)
                        .orElse("");
        };
    }
}
