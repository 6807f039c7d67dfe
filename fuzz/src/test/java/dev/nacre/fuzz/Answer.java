package dev.nacre.fuzz;

/** What a model says that a command must be answered with. */
final class Answer {
    /** 0, or the errno of an error reply. */
    final int errno;

    /** The reply's body; empty in an error reply. */
    final byte[] body;

    private Answer(int errno, byte[] body) {
        this.errno = errno;
        this.body = body;
    }

    static Answer of(byte[] body) {
        return new Answer(0, body);
    }

    /** An empty reply, or an error reply unless the errno is 0. */
    static Answer plain(int errno) {
        return new Answer(errno, new byte[0]);
    }
}
