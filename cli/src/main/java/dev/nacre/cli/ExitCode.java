package dev.nacre.cli;

/** Exit codes of {@code nacre}; the help text lists them. */
final class ExitCode {
    /** All went well. */
    static final int OK = 0;
    /** The work was tried and failed. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** Something that is needed is not here: a JDK, a package, a socket. */
    static final int ENVIRONMENT = 3;

    private ExitCode() {}
}
