package dev.nacre.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of the whole command line, in man(7)'s language, made from the commands themselves. */
final class ManPage {
    private final StringBuilder text = new StringBuilder();

    private ManPage() {}

    /**
     * The page.
     *
     * @param version of the program
     */
    static String of(CommandSpec nacre, String version) {
        ManPage page = new ManPage();
        page.line(".TH NACRE 1 \"\" \"nacre " + version + "\" \"Nacre\"");
        page.section("NAME");
        page.paragraph("nacre - software NVIDIA GPUs, and virtual GPUs of them");
        page.section("SYNOPSIS");
        page.line(".B nacre");
        page.paragraph("[OPTIONS] COMMAND [ARGUMENTS]");
        page.section("DESCRIPTION");
        page.paragraphs(nacre.usageMessage().description());
        page.section("OPTIONS");
        page.paragraph("They may also stand behind each command that asks a daemon.");
        page.arguments(nacre);
        page.section("COMMANDS");
        page.commands(nacre.subcommands().values());
        page.section("EXIT STATUS");
        page.terms(nacre.usageMessage().exitCodeList());
        page.section("ENVIRONMENT");
        page.terms(Map.of(ApiOptions.HOST_VARIABLE, "the daemon, where --host is not given"));
        page.terms(Map.of(ApiOptions.TOKEN_VARIABLE, "the token's file, where --token-file is not given"));
        page.section("FILES");
        page.terms(Map.of("/run/nacre/nacred.sock", "the socket of the system's daemon"));
        page.terms(Map.of("$XDG_RUNTIME_DIR/nacre/nacred.sock", "that of a user's own, which comes first"));
        page.terms(Map.of("/etc/nacre/nacre.toml", "the daemon's configuration"));
        return page.text.toString();
    }

    private void commands(Collection<CommandLine> commands) {
        for (CommandLine command : new LinkedHashSet<>(commands)) {
            CommandSpec spec = command.getCommandSpec();
            if (!spec.subcommands().isEmpty()) {
                commands(spec.subcommands().values());
                continue;
            }
            Help help = new Help(spec, Help.defaultColorScheme(Ansi.OFF));
            line(".SS " + quoted(help.synopsis(0).strip().replaceAll("\\s+", " ")));
            paragraphs(spec.usageMessage().description());
            arguments(spec);
        }
    }

    private void arguments(CommandSpec spec) {
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            term(parameter.paramLabel(), parameter);
        }
        for (OptionSpec option : spec.options()) {
            boolean isToldAlready = spec.parent() != null && spec.root().findOption(option.longestName()) != null;
            if (!isToldAlready) {
                String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
                term(String.join(", ", option.names()) + value, option);
            }
        }
    }

    private void term(String name, ArgSpec argument) {
        terms(Map.of(name, String.join(" ", argument.description())));
    }

    private void terms(Map<String, String> terms) {
        terms.forEach((name, meaning) -> {
            line(".TP");
            line(".B " + escaped(name));
            paragraph(meaning);
        });
    }

    private void section(String title) {
        line(".SH " + title);
    }

    private void paragraphs(String... lines) {
        List<String> full = Arrays.stream(lines).filter(line -> !line.isBlank()).toList();
        for (int i = 0; i < full.size(); i++) {
            if (i > 0) {
                line(".PP");
            }
            paragraph(full.get(i));
        }
    }

    private void paragraph(String words) {
        line(escaped(words));
    }

    private void line(String troff) {
        text.append(troff).append('\n');
    }

    private static String quoted(String words) {
        return "\"" + escaped(words).replace("\"", "\\(dq") + "\"";
    }

    /** Text that is none of troff's own. */
    private static String escaped(String words) {
        String plain = words.replace("\\", "\\e").replace("-", "\\-");
        return plain.startsWith(".") || plain.startsWith("'") ? "\\&" + plain : plain;
    }
}
