package dev.nacre.board.disp;

/**
 * A copy of a channel's armed state, to be looked at without the display's lock.
 *
 * @param hashId the channel's number in the instance memory's hash table
 * @param instance its number among its kind
 * @param words its methods' values
 */
// Never compared: an array component is fine.
@SuppressWarnings("ArrayRecordComponent")
record MethodState(int hashId, int instance, int[] words) {
    /** A method's value. */
    int get(int method) {
        return words[method / 4];
    }

    /** The lower half of a method's value, signed. */
    int x(int method) {
        return (short) get(method);
    }

    /** The upper half of a method's value, signed. */
    int y(int method) {
        return get(method) >> 16;
    }

    /** The lower half of a method's value, a size or position up to 32767. */
    int width(int method) {
        return get(method) & 0x7fff;
    }

    /** The upper half of a method's value, a size or position up to 32767. */
    int height(int method) {
        return get(method) >> 16 & 0x7fff;
    }

    /** A method's value as an offset in units of 256 bytes. */
    long offsetBytes(int method) {
        return (get(method) & 0xffffffffL) << 8;
    }
}
