package dev.nacre.cli;

/** Exit codes of {@code nacre}; the help text, the man page and docs/cli.md list them. */
final class ExitCode {
    /** All went well. */
    static final int OK = 0;
    /** The work was tried and failed, or was refused. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;
    /** Something that is needed is not here: a daemon that answers, a package, a socket. */
    static final int ENVIRONMENT = 3;
    /** The caller may not do it: the daemon's socket is not theirs, or the token is wrong. */
    static final int FORBIDDEN = 4;

    private ExitCode() {}
}
