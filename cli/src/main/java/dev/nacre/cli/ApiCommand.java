package dev.nacre.cli;

import dev.nacre.cli.client.ApiClient;
import dev.nacre.cli.client.ApiTarget;
import dev.nacre.cli.client.ProblemException;
import dev.nacre.cli.client.UnreachableException;
import dev.nacre.daemon.api.json.VgpuJson;
import dev.nacre.daemon.api.json.VgpusJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that a daemon does. */
abstract class ApiCommand implements Callable<Integer> {
    static final String BOARDS = "/v1/boards";
    static final String VGPUS = "/v1/vgpus";

    /** What can be part of a path; the daemon says the same of names and UUIDs. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,35}");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private ApiOptions api;

    /**
     * Has the JVM make ready what such a command needs, for a thread of its own. What is read first are annotations of options:
     * the JVM makes a class for them when it meets the first, which no cache of classes holds.
     */
    static void prepare() {
        for (Field field : ApiOptions.class.getDeclaredFields()) {
            Annotation[] _ = field.getDeclaredAnnotations();
        }
        ApiClient.prepare();
    }

    @Override
    public final Integer call() throws Exception {
        ApiOptions before = spec.root().userObject() instanceof Main main ? main.api() : api;
        ApiTarget target = api.target(before, System.getenv());
        try (ApiClient client = new ApiClient(target)) {
            int code = run(client);
            out().flush();
            return code;
        } catch (UnreachableException e) {
            boolean isMeant = e.isForbidden() || api.isNamed(before, System.getenv());
            Optional<Integer> code = isMeant ? Optional.empty() : withoutDaemon();
            return code.orElseThrow(() -> unreachable(target, e));
        } catch (ProblemException e) {
            throw refused(e);
        }
    }

    /** Does it; gives the exit code. */
    abstract int run(ApiClient client) throws IOException, InterruptedException;

    /** Does it if nobody named a daemon and none runs; gives the exit code, empty if it needs one. */
    Optional<Integer> withoutDaemon() throws IOException, InterruptedException {
        return Optional.empty();
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** The path of a virtual GPU. @throws CommandException if nothing can have that name */
    static String vgpu(String name) {
        return VGPUS + "/" + segment(name);
    }

    /** The path of a board. @throws CommandException if nothing can have that name */
    static String board(String name) {
        return BOARDS + "/" + segment(name);
    }

    /** A name as a part of a path or query. @throws CommandException if nothing can have that name */
    static String segment(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "'" + name
                            + "' is no name: up to 32 letters, digits, '.', '_' and '-', the first a letter or a digit");
        }
        return name;
    }

    /** How much is wanted at the most, by an option {@code --count}. @throws CommandException if that is impossible */
    static int most(Optional<Integer> count) {
        int most = count.orElse(Integer.MAX_VALUE);
        if (most < 0) {
            throw new CommandException(ExitCode.USAGE, "--count " + most + " is not possible: 0 or more");
        }
        return most;
    }

    /** Something that a daemon is asked to do. */
    interface Deed<T> {
        T run() throws IOException;
    }

    /** Does something to a virtual GPU; if there is none of that name, the complaint names those that there are. */
    static <T> T toVgpu(ApiClient client, String name, Deed<T> deed) throws IOException {
        try {
            return deed.run();
        } catch (ProblemException e) {
            List<String> names = client.get(VgpusJson.class, VGPUS).vgpus().stream()
                    .map(VgpuJson::name)
                    .toList();
            CommandException plain = refused(e);
            throw e.code().equals("not-found") && !names.contains(name)
                    ? new CommandException(plain.exitCode(), plain.getMessage() + "; " + known(names))
                    : plain;
        }
    }

    private static String known(List<String> names) {
        return names.isEmpty() ? "there are none" : "there are " + String.join(", ", names);
    }

    /** Says that a daemon refused something. */
    static CommandException refused(ProblemException e) {
        int code = switch (e.code()) {
            case "invalid", "unsupported" -> ExitCode.USAGE;
            case "unauthorized", "forbidden" -> ExitCode.FORBIDDEN;
            default -> ExitCode.FAILED;
        };
        String hint = e.code().equals("unauthorized")
                ? ": name its file with --token-file or " + ApiOptions.TOKEN_VARIABLE
                : "";
        String allowed = e.allowed().isEmpty() ? "" : "; allowed: " + String.join(", ", e.allowed());
        return new CommandException(code, e.getMessage() + hint + allowed);
    }

    private static CommandException unreachable(ApiTarget target, UnreachableException e) {
        if (e.isOfFile()) {
            return new CommandException(
                    e.isForbidden() ? ExitCode.FORBIDDEN : ExitCode.ENVIRONMENT, String.valueOf(e.getMessage()));
        }
        if (e.isForbidden()) {
            return new CommandException(
                    ExitCode.FORBIDDEN,
                    "You may not use the daemon at " + target + " (" + e.getMessage()
                            + "): be of the group of its socket, or ask whoever runs it");
        }
        return new CommandException(
                ExitCode.ENVIRONMENT,
                "No daemon answers at " + target + " (" + e.getMessage()
                        + "): start one with 'systemctl start nacred' or 'nacre daemon', or say where it is with --host"
                        + " or " + ApiOptions.HOST_VARIABLE);
    }
}
