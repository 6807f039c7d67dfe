package dev.nacre.drm.server;

/**
 * The protocol between the preload shim and the server: version 1. Messages on a stream socket, all numbers little-endian,
 * each with a header of 8 bytes: length of the whole message, type (16 bits), number of descriptors (16 bits) that came with
 * its first byte. The client asks, the server answers; while an ioctl runs, the server may ask for memory and descriptors
 * first. The shim has the same numbers: {@code drm/src/main/c}.
 */
final class Wire {
    static final int VERSION = 1;
    static final int HEADER_BYTES = 8;

    /** Where the type is in a header. */
    static final int TYPE_AT = 4;

    /** Where the number of descriptors is in a header. */
    static final int FDS_AT = 6;

    static final int HELLO = 1;
    static final int HELLO_OK = 2;
    static final int OPEN = 3;
    static final int OPENED = 4;
    static final int IOCTL = 5;
    static final int FETCH = 6;
    static final int DATA = 7;
    static final int FETCH_FD = 8;
    static final int DATA_FD = 9;
    static final int RESULT = 10;
    static final int MMAP = 11;
    static final int MAPPED = 12;
    static final int ERROR = 13;
    static final int FD_IOCTL = 14;

    /** HELLO: the version, 0. */
    static final int HELLO_BYTES = HEADER_BYTES + 8;

    /** OPEN: the node's minor number, flags of open(2). */
    static final int OPEN_BYTES = HEADER_BYTES + 8;

    /** OPENED: 0, 0; with the file's socket. */
    static final int OPENED_BYTES = HEADER_BYTES + 8;

    static final int TOKEN_BYTES = 16;

    /**
     * IOCTL: token, command, 0, bytes of the argument, number of segments; then argument and segments. FD_IOCTL: the same,
     * but on a descriptor that comes with it; the token has no meaning.
     */
    static final int IOCTL_COMMAND_AT = HEADER_BYTES + TOKEN_BYTES;

    static final int IOCTL_ARG_BYTES_AT = IOCTL_COMMAND_AT + 8;
    static final int IOCTL_SEGMENTS_AT = IOCTL_COMMAND_AT + 12;
    static final int IOCTL_ARG_AT = IOCTL_COMMAND_AT + 16;

    /** A segment of memory: address, bytes, 0; then the bytes, padded to 8. */
    static final int SEGMENT_BYTES = 16;

    /** FETCH: address, bytes, 0. */
    static final int FETCH_BYTES = HEADER_BYTES + 16;

    /** DATA: errno, bytes; then the bytes. */
    static final int DATA_AT = HEADER_BYTES + 8;

    /** FETCH_FD: the number, 0. */
    static final int FETCH_FD_BYTES = HEADER_BYTES + 8;

    /** DATA_FD: errno, 0. */
    static final int DATA_FD_BYTES = HEADER_BYTES + 8;

    /** RESULT: errno, value, bytes of the argument, segments, descriptors, 0; then argument, segments, places. */
    static final int RESULT_ARG_AT = HEADER_BYTES + 24;

    /** A descriptor's place: address or offset, kind, flags. */
    static final int PLACE_BYTES = 16;

    static final int PLACE_IN_ARG = 0;
    static final int PLACE_AT_ADDRESS = 1;
    static final int PLACE_CLOEXEC = 1;

    /** MMAP: token, offset, bytes, protection, flags. */
    static final int MMAP_OFFSET_AT = HEADER_BYTES + TOKEN_BYTES;

    static final int MMAP_BYTES = MMAP_OFFSET_AT + 24;

    /** MAPPED: errno, 0, offset in the file. */
    static final int MAPPED_BYTES = HEADER_BYTES + 16;

    /** ERROR: errno, 0. */
    static final int ERROR_BYTES = HEADER_BYTES + 8;

    /** Most memory that one message carries. */
    static final int MOST_DATA_BYTES = 1 << 20;

    /** The longest message: that memory, an argument, and what describes them. */
    static final int MOST_MESSAGE_BYTES = MOST_DATA_BYTES + (1 << 16);

    /** Most segments that come with an ioctl, or go back. */
    static final int MOST_SEGMENTS = 256;

    /** Most descriptors that an ioctl gives. */
    static final int MOST_FDS = 16;

    private Wire() {}

    static int padded(int bytes) {
        return (bytes + 7) & ~7;
    }
}
