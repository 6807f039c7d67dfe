package dev.nacre.cli;

import dev.nacre.board.Board;
import dev.nacre.board.BoardConfig;
import dev.nacre.board.UnknownRegister;
import dev.nacre.linux.NativeException;
import dev.nacre.vfiouser.ClientInfo;
import dev.nacre.vfiouser.ConnectionCounts;
import dev.nacre.vfiouser.ServerListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code nacre serve}. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Make a board and serve it to a VMM over vfio-user until Ctrl-C.",
            "",
            "Prints the QEMU options that attach it. One VMM at a time; a later one finds the board reset, or as it was"
                    + " left (--on-reconnect).",
            ""
        })
final class ServeCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private BoardOptions board;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private SocketOptions socket;

    @Option(
            names = "--ready-fd",
            paramLabel = "N",
            description = "write 'ready' and a newline to this inherited descriptor once VMMs can connect")
    private Optional<Integer> readyFd = Optional.empty();

    @Option(
            names = "--record",
            paramLabel = "FILE",
            description = "write down all that the VMM does to the board, for a replay without it; slows it down")
    private Optional<Path> record = Optional.empty();

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        return UntilStopped.run(out, () -> serve(out));
    }

    private void serve(PrintWriter out) throws Exception {
        BoardConfig config = board.config();
        try (Recording recording = new Recording(config, record);
                ServedBoard served = start(config, new Announcer(out), recording)) {
            out.println(QemuOptions.text(config.heads(), socket.path()));
            out.println("Ready: " + config.chip().productName() + ", " + Sizes.format(config.fbBytes())
                    + ", listening on " + socket.path());
            out.flush();
            announceReady();
            try {
                served.server().awaitEnd(Duration.ofDays(36_500));
            } finally {
                out.print(unknown(served.board()));
                out.flush();
            }
        }
    }

    /** What it was asked for and does not model; nothing if there is nothing. A new driver shows here first. */
    private static String unknown(Board board) {
        List<UnknownRegister> registers = board.unknownRegisters();
        Map<String, Long> calls = board.unknownCalls();
        if (registers.isEmpty() && calls.isEmpty()) {
            return "";
        }
        Table table = new Table("NOT MODELLED", ">READS", ">WRITES", "NAME");
        registers.forEach(it -> table.row(
                "%08x".formatted(it.address()),
                it.reads(),
                it.writes(),
                it.name().orElse("?")));
        calls.forEach((name, count) -> table.row("firmware call", count, "-", name));
        return table.toString();
    }

    private ServedBoard start(BoardConfig config, Announcer announcer, Recording recording) {
        try {
            return ServedBoard.start(config, socket.path(), socket::applyTo, announcer, recording::of);
        } catch (NativeException | IllegalArgumentException e) {
            throw socket.unusable(e);
        }
    }

    private void announceReady() throws IOException {
        if (readyFd.isPresent()) {
            Path fd = Path.of("/proc/self/fd", Integer.toString(readyFd.get()));
            try {
                Files.write(fd, "ready\n".getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw new CommandException(
                        ExitCode.USAGE, "--ready-fd " + readyFd.get() + " cannot be written: " + e.getMessage());
            }
        }
    }

    /** Says who comes and goes. */
    private record Announcer(PrintWriter out) implements ServerListener {
        @Override
        public void connected(ClientInfo client) {
            say("A VMM has connected (vfio-user 0." + client.minor() + ")");
        }

        @Override
        public void refused() {
            say("Another VMM was turned away");
        }

        @Override
        public void disconnected(ConnectionCounts counts) {
            say("The VMM has gone after " + counts.messages() + " messages");
        }

        @Override
        public void warning(String text) {
            say("Warning: " + text);
        }

        private synchronized void say(String text) {
            out.println(text);
            out.flush();
        }
    }
}
