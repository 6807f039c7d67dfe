package dev.nacre.samples;

import dev.nacre.linux.NativeException;
import dev.nacre.linux.UnixSocket;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.VfioUserServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Serves a sample device over vfio-user until SIGTERM, SIGINT or, given a connected socket, its client's end. */
@Command(
        name = "./dev sample",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Serve a sample device to a VMM over vfio-user until Ctrl-C.", ""},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it was stopped", "1:it cannot listen", "2:the command line is wrong"})
public final class SampleMain implements Callable<Integer> {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /** The devices. */
    enum Sample {
        GPIO,
        BENCH
    }

    /** Where clients come from. */
    static final class Endpoint {
        @Option(names = "--socket", paramLabel = "PATH", description = "where to listen, 107 bytes at most")
        private Optional<Path> socket = Optional.empty();

        @Option(
                names = "--fd",
                paramLabel = "N",
                description = "an inherited socket: one that listens, or one that a client is connected to")
        private Optional<Integer> fd = Optional.empty();
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "DEVICE",
            description =
                    "gpio: a digital I/O card, for Linux' driver gpio-pci-idio-16; bench: a device to measure with")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Sample sample;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Endpoint endpoint;

    @Option(
            names = "--socket-mode",
            paramLabel = "OCTAL",
            defaultValue = "600",
            description = "who may connect: the socket's permission bits (default: ${DEFAULT-VALUE}, the owner)")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String mode;

    @Option(
            names = "--ready-fd",
            paramLabel = "N",
            description = "write 'ready' and a newline to this inherited descriptor once VMMs can connect")
    private Optional<Integer> readyFd = Optional.empty();

    @Option(
            names = "--collect-every",
            paramLabel = "SECONDS",
            description = "collect the heap's garbage that often, for measurements that shall show what it costs")
    private Optional<Integer> collectEverySeconds = Optional.empty();

    @Option(
            names = "--message-dma",
            description = "ask the client by messages for memory that it maps without a file; not for QEMU")
    private boolean messageDma;

    @Option(
            names = "--spin-us",
            paramLabel = "N",
            defaultValue = "0",
            description =
                    "look for the client's next message for so many microseconds before waiting for it, which takes"
                            + " a processor of its own (default: ${DEFAULT-VALUE})")
    private int spinUs;

    private SampleMain() {}

    /** Runs the command line and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** What reads the command line and does what it says. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new SampleMain());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, words) -> complain(e.getCommandLine(), e, USAGE));
        line.setExecutionExceptionHandler(
                (e, command, parsed) -> complain(command, e, e instanceof IllegalArgumentException ? USAGE : FAILED));
        return line;
    }

    private static int complain(CommandLine line, Exception e, int exitCode) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        line.getErr().println("sample: " + message.lines().findFirst().orElse("failed"));
        line.getErr().flush();
        return exitCode;
    }

    @Override
    public Integer call() throws InterruptedException {
        return switch (sample) {
            case GPIO -> serve(new GpioCard());
            case BENCH -> {
                try (BenchDevice device = new BenchDevice()) {
                    yield serve(device);
                }
            }
        };
    }

    private int serve(PciFunction function) throws InterruptedException {
        if (collectEverySeconds.filter(it -> it < 1).isPresent()) {
            throw wrong("--collect-every " + collectEverySeconds.get() + " is not possible: 1 second or more");
        }
        try (VfioUserServer server = server(function)) {
            start(server);
            collectEverySeconds.ifPresent(SampleMain::collectEvery);
            // Ctrl-C and SIGTERM: the server is closed in order, which is a good end.
            Thread hook = new Thread(
                    () -> {
                        server.close();
                        Runtime.getRuntime().halt(OK);
                    },
                    "sample-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                spec.commandLine().getOut().println("Ready: " + sample);
                spec.commandLine().getOut().flush();
                announceReady();
                server.awaitEnd(Duration.ofDays(36_500));
            } finally {
                remove(hook);
            }
        }
        return OK;
    }

    /** Until the process ends. */
    private static void collectEvery(int seconds) {
        Thread.ofPlatform().daemon().name("sample-collect").start(() -> {
            while (!Thread.interrupted()) {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
                System.gc();
            }
        });
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs, and ends the process.
        }
    }

    private VfioUserServer server(PciFunction function) {
        VfioUserServer.Builder builder =
                VfioUserServer.builder(function).name(sample.name()).messageDma(messageDma);
        try {
            builder.spin(Duration.of(spinUs, ChronoUnit.MICROS));
        } catch (IllegalArgumentException e) {
            throw wrong("--spin-us " + spinUs + " is not possible: 0 to 1000000");
        }
        endpoint.socket.ifPresent(path -> builder.socketPath(path).socketMode(modeBits()));
        endpoint.fd.ifPresent(builder::fd);
        return builder.build();
    }

    private void start(VfioUserServer server) {
        try {
            server.start();
        } catch (NativeException | IllegalArgumentException e) {
            if (endpoint.fd.isPresent()) {
                throw wrong("--fd " + endpoint.fd.get() + " cannot be used: " + e.getMessage());
            }
            throw e;
        }
    }

    private int modeBits() {
        try {
            return UnixSocket.parseMode(mode);
        } catch (IllegalArgumentException e) {
            throw wrong("--socket-mode " + e.getMessage());
        }
    }

    private void announceReady() {
        if (readyFd.isPresent()) {
            Path fd = Path.of("/proc/self/fd", Integer.toString(readyFd.get()));
            try {
                Files.write(fd, "ready\n".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw wrong("--ready-fd " + readyFd.get() + " cannot be written: " + e.getMessage());
            }
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
