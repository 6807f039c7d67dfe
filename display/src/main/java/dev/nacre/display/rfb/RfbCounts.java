package dev.nacre.display.rfb;

/**
 * What a screen has done so far.
 *
 * @param viewers viewers now
 * @param sessions viewers that got in since the beginning
 * @param refused viewers that found no place
 * @param failed sessions that ended by a viewer's fault: against the protocol, too slow
 * @param looks how often the source was asked for its picture
 * @param updates updates that were written
 * @param rectangles rectangles in them
 * @param bytes bytes of them
 * @param ignoredInputs keys, pointer moves and clipboards of viewers, which nobody takes
 */
public record RfbCounts(
        int viewers,
        long sessions,
        long refused,
        long failed,
        long looks,
        long updates,
        long rectangles,
        long bytes,
        long ignoredInputs) {
    /** Nothing. */
    public static final RfbCounts ZERO = new RfbCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** What this and another have done together. */
    public RfbCounts plus(RfbCounts other) {
        return new RfbCounts(
                viewers + other.viewers,
                sessions + other.sessions,
                refused + other.refused,
                failed + other.failed,
                looks + other.looks,
                updates + other.updates,
                rectangles + other.rectangles,
                bytes + other.bytes,
                ignoredInputs + other.ignoredInputs);
    }

    /** The same of a screen that has no viewers any more. */
    public RfbCounts ended() {
        return new RfbCounts(0, sessions, refused, failed, looks, updates, rectangles, bytes, ignoredInputs);
    }
}
