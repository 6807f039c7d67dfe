package dev.nacre.board.host;

/**
 * What the host and its engines have done since the board was made.
 *
 * @param entries GPFIFO entries
 * @param methods methods that were executed, for the host and for engines
 * @param ignoredMethods methods of the graphics engine that did nothing
 * @param copyLaunches launches of copy engines
 * @param copyBytes bytes that copy engines wrote
 * @param channelErrors channels that failed
 * @param unknownDoorbells doorbells for channels that do not exist
 * @param defects channels that failed by a defect of the board
 */
public record HostStatistics(
        long entries,
        long methods,
        long ignoredMethods,
        long copyLaunches,
        long copyBytes,
        long channelErrors,
        long unknownDoorbells,
        long defects) {
    /** The sum of two. */
    HostStatistics plus(HostStatistics other) {
        return new HostStatistics(
                entries + other.entries,
                methods + other.methods,
                ignoredMethods + other.ignoredMethods,
                copyLaunches + other.copyLaunches,
                copyBytes + other.copyBytes,
                channelErrors + other.channelErrors,
                unknownDoorbells + other.unknownDoorbells,
                defects + other.defects);
    }
}
