package dev.nacre.cli;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * All commands by name. Picocli reads a command's annotations when it is added, and all of them are most of what a command
 * takes: so only the one that is meant is added, or all if they are to be shown or it cannot be told which.
 */
final class CommandTree {
    private static final String HELP = "help";

    private static final Map<String, Class<?>> TOP = named(
            Map.entry("demo", DemoCommand.class),
            Map.entry("daemon", DaemonCommand.class),
            Map.entry("health", HealthCommand.class),
            Map.entry("board", BoardCommand.class),
            Map.entry("types", TypesCommand.class),
            Map.entry("vgpu", VgpuCommand.class),
            Map.entry("drm", DrmCommand.class),
            Map.entry("smi", SmiCommand.class),
            Map.entry("top", TopCommand.class),
            Map.entry("events", EventsCommand.class),
            Map.entry("lspci", LspciCommand.class),
            Map.entry("unknown-registers", UnknownRegistersCommand.class),
            Map.entry("serve", ServeCommand.class),
            Map.entry("core", CoreCommand.class),
            Map.entry("completion", CompletionCommand.class),
            Map.entry("man", ManCommand.class),
            Map.entry("version", VersionCommand.class),
            Map.entry(HELP, HelpCommand.class));

    /** What is below a command of {@link #TOP}. */
    private static final Map<String, Map<String, Class<?>>> BELOW = Map.of(
            "board",
            named(
                    Map.entry("ls", BoardListCommand.class),
                    Map.entry("show", BoardShowCommand.class),
                    Map.entry("screenshot", BoardScreenshotCommand.class),
                    Map.entry("reset", BoardResetCommand.class),
                    Map.entry("fault", BoardFaultCommand.class)),
            "vgpu",
            named(
                    Map.entry("create", VgpuCreateCommand.class),
                    Map.entry("ls", VgpuListCommand.class),
                    Map.entry("show", VgpuShowCommand.class),
                    Map.entry("rm", VgpuRemoveCommand.class),
                    Map.entry("reset", VgpuResetCommand.class),
                    Map.entry("attach", VgpuAttachCommand.class),
                    Map.entry("log", VgpuLogCommand.class),
                    Map.entry("screenshot", VgpuScreenshotCommand.class),
                    Map.entry("fault", VgpuFaultCommand.class)),
            "drm",
            named(Map.entry("run", DrmRunCommand.class)),
            "core",
            named(Map.entry("probe", CoreProbeCommand.class)));

    private CommandTree() {}

    /** In this order, which is that of the help. */
    @SafeVarargs
    private static Map<String, Class<?>> named(Map.Entry<String, Class<?>>... commands) {
        Map<String, Class<?>> all = new LinkedHashMap<>();
        for (Map.Entry<String, Class<?>> command : commands) {
            all.put(command.getKey(), command.getValue());
        }
        return Collections.unmodifiableMap(all);
    }

    /** Adds the commands that some words may mean; all of them for no words. */
    static void addTo(CommandLine line, String... words) {
        add(line, TOP, Arrays.asList(words));
    }

    private static void add(CommandLine line, Map<String, Class<?>> commands, List<String> words) {
        int first = skipOptions(line, words);
        String meant = first < words.size() ? words.get(first) : "";
        if (commands.containsKey(meant) && !meant.equals(HELP)) {
            add(line, meant, commands.get(meant), words.subList(first + 1, words.size()));
        } else {
            commands.forEach((name, type) -> add(line, name, type, List.of()));
        }
    }

    private static void add(CommandLine line, String name, Class<?> type, List<String> words) {
        CommandLine command = new CommandLine(type);
        if (BELOW.containsKey(name)) {
            add(command, BELOW.get(name), words);
        }
        line.addSubcommand(name, command);
    }

    /** The first word behind the options of a command; {@code words.size()} if there is none, or one asks for help. */
    private static int skipOptions(CommandLine line, List<String> words) {
        int next = 0;
        while (next < words.size() && words.get(next).startsWith("-")) {
            String[] nameAndValue = words.get(next).split("=", 2);
            OptionSpec option = line.getCommandSpec().findOption(nameAndValue[0]);
            if (option == null || option.arity().max() == 0) {
                return words.size();
            }
            next += nameAndValue.length == 2 ? 1 : 2;
        }
        return Math.min(next, words.size());
    }
}
