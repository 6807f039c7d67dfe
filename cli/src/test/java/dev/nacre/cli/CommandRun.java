package dev.nacre.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * What came of a command line.
 *
 * @param code the exit code
 * @param out what it printed
 * @param err what it complained of
 */
record CommandRun(int code, List<String> out, List<String> err) {
    static CommandRun of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
        return new CommandRun(
                code, out.toString().lines().toList(), err.toString().lines().toList());
    }
}
