package dev.nacre.cli;

import dev.nacre.board.BoardConfig;
import dev.nacre.hw.chip.Chip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests a real daemon, the same to all of them, with a board of 8 GB and four virtual functions. */
final class SharedDaemon implements ParameterResolver {
    /** The daemon, and how to ask it. */
    record Running(DemoDaemon daemon) implements AutoCloseable {
        /** Has a command ask it. */
        CommandRun run(String... words) {
            return at(daemon.target().toString(), words);
        }

        /** Where it is on TCP. */
        String https() {
            return daemon.page().orElseThrow().replaceFirst("/#.*", "");
        }

        /** Has a command ask some daemon. */
        static CommandRun at(String host, String... words) {
            List<String> all = new ArrayList<>(List.of(words));
            all.addAll(List.of("--host", host));
            return CommandRun.of(all.toArray(String[]::new));
        }

        @Override
        public void close() throws Exception {
            daemon.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(SharedDaemon.class))
                .computeIfAbsent(Running.class, key -> start());
    }

    private static Running start() {
        BoardConfig board = new BoardConfig(Chip.AD102, 8L << 30, BoardConfig.defaultHeads(Chip.AD102)).withVfs(4);
        try {
            return new Running(DemoDaemon.start(board, "java", Optional.empty()));
        } catch (Exception e) {
            throw new IllegalStateException("No daemon for tests", e);
        }
    }
}
