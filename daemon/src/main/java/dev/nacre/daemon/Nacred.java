package dev.nacre.daemon;

import dev.nacre.core.CoreException;
import dev.nacre.daemon.api.ApiException;
import dev.nacre.daemon.config.ConfigException;
import dev.nacre.daemon.config.ConfigReader;
import dev.nacre.daemon.config.NacreConfig;
import dev.nacre.daemon.host.ServiceException;
import dev.nacre.daemon.state.StateException;
import dev.nacre.vfio.type.CatalogException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The main class of {@code nacred}. */
public final class Nacred {
    /** Exit code: it was stopped, or the configuration is right. */
    public static final int OK = 0;

    /** Exit code: it could not start. */
    public static final int FAILED = 1;

    /** Exit code: the command line or the configuration is wrong. */
    public static final int USAGE = 2;

    private static final String DEFAULT_CONFIG = "/etc/nacre/nacre.toml";
    private static final String USAGE_TEXT = """
            nacred [--config FILE] [--check]

            Serves boards and their virtual GPUs until SIGTERM or Ctrl-C; docs/daemon.md describes it.

              --config FILE  the configuration (/etc/nacre/nacre.toml)
              --check        read the configuration, say what is wrong with it, and end
              --help         this text

            Ends with 0 when it was stopped, 1 if it could not start, 2 if the command line or the configuration is wrong.
            """;

    private final PrintStream out;
    private final PrintStream err;
    private final ServiceManager manager;

    private Nacred(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.manager = new ServiceManager(environment);
    }

    /** Runs it until the process is told to end. */
    public static void main(String... arguments) {
        int code = run(System.out, System.err, System.getenv(), arguments);
        if (code != OK) {
            System.exit(code);
        }
    }

    /**
     * Runs it on this thread until the process is told to end; then the process ends here, with 0.
     *
     * @param environment the process's
     * @return an exit code
     */
    public static int run(PrintStream out, PrintStream err, Map<String, String> environment, String... arguments) {
        return new Nacred(out, err, environment).run(arguments);
    }

    private int run(String... arguments) {
        Path file = Path.of(DEFAULT_CONFIG);
        boolean check = false;
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--help" -> {
                    out.print(USAGE_TEXT);
                    return OK;
                }
                case "--check" -> check = true;
                case "--config" -> {
                    if (++i == arguments.length) {
                        err.println("--config needs a file\n\n" + USAGE_TEXT);
                        return USAGE;
                    }
                    file = Path.of(arguments[i]);
                }
                default -> {
                    err.println("No such option: " + arguments[i] + "\n\n" + USAGE_TEXT);
                    return USAGE;
                }
            }
        }
        return check ? check(file) : serve(file);
    }

    private int check(Path file) {
        try {
            int boards = BoardPlans.of(ConfigReader.read(file)).size();
            out.println(file + " is right: " + boards + (boards == 1 ? " board" : " boards"));
            return OK;
        } catch (ConfigException | CatalogException | UncheckedIOException e) {
            err.println(e.getMessage());
            return USAGE;
        }
    }

    private int serve(Path file) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread serving = Thread.currentThread();
        Thread hook = new Thread(() -> stop(serving, ended), "nacred-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            serve(ConfigReader.read(file));
            return OK;
        } catch (ConfigException | CatalogException | UncheckedIOException e) {
            err.println(e.getMessage());
            return USAGE;
        } catch (ServiceException | StateException | ApiException | CoreException e) {
            err.println("nacred cannot start: " + e.getMessage());
            return FAILED;
        } finally {
            ended.countDown();
        }
    }

    private void serve(NacreConfig config) {
        try (Daemon daemon = new Daemon(config)) {
            String status = daemon.service().boards().size() + " boards, "
                    + daemon.service().vgpus().size() + " virtual GPUs, API at "
                    + config.api().socket().path();
            out.println("Ready: " + status);
            out.flush();
            manager.ready(status);
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                manager.stopping();
            }
        }
    }

    /** Has the serving thread close everything, and ends the process when it has. */
    private static void stop(Thread serving, CountDownLatch ended) {
        if (ended.getCount() == 0) {
            return;
        }
        serving.interrupt();
        try {
            // TIMEOUT: the API gives requests 5 s; then clients' threads have 2 s each, and engines 5 s at the worst.
            if (ended.await(30, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(OK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
