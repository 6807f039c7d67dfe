package dev.nacre.cli;

import dev.nacre.board.Board;
import java.util.List;

/** What a running board tells through its control socket. */
final class Reports {
    private Reports() {}

    /** Answers a question. @throws CommandException if there is no such question */
    static String answer(Board board, List<String> words) {
        if (words.equals(List.of("unknown-registers"))) {
            return unknown(board);
        }
        throw new CommandException(ExitCode.USAGE, "No such question: " + words + "; allowed: unknown-registers");
    }

    /** Registers and RM controls that were asked for and are not modelled. */
    static String unknown(Board board) {
        StringBuilder text = new StringBuilder();
        text.append("%-8s  %10s  %10s  %s%n".formatted("register", "reads", "writes", "name"));
        board.unknownRegisters()
                .forEach(r -> text.append("%08x  %10d  %10d  %s%n"
                        .formatted(r.address(), r.reads(), r.writes(), r.name().orElse("?"))));
        text.append("%n%10s  %s%n".formatted("calls", "firmware call"));
        board.unknownCalls().forEach((name, calls) -> text.append("%10d  %s%n".formatted(calls, name)));
        return text.toString();
    }
}
