package dev.nacre.cli;

import dev.nacre.board.BoardConfig;
import java.io.PrintWriter;

/** Drives a board without a guest. */
final class DirectDemo {
    DirectDemo(BoardConfig config, PrintWriter out) {}

    boolean run() {
        return false;
    }
}
