package dev.nacre.vfiouser;

/** The numbers behind {@link ConnectionCounts}; written by the connection's thread alone. */
final class Counters {
    long messages;
    long posted;
    long rejected;
    long droppedAccesses;
    long modelFailures;
    long closedFds;

    ConnectionCounts snapshot() {
        return new ConnectionCounts(messages, posted, rejected, droppedAccesses, modelFailures, closedFds);
    }
}
