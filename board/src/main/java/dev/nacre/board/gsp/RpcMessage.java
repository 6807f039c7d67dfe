package dev.nacre.board.gsp;

import dev.nacre.board.rm.WireStruct;

/** What a driver asks for: one record, or several put together. */
final class RpcMessage {
    private final int function;
    private final int sequence;
    private final int countedBytes;
    private final byte[] payload;

    /**
     * Makes a message over bytes that are not changed any more.
     *
     * @param function function number
     * @param sequence as the driver numbered it; its reply repeats it
     * @param countedBytes bytes of payload that the driver's length counts
     * @param payload the payload and what else was in its elements: some drivers do not count all of it
     */
    RpcMessage(int function, int sequence, int countedBytes, byte[] payload) {
        this.function = function;
        this.sequence = sequence;
        this.countedBytes = countedBytes;
        this.payload = payload;
    }

    int function() {
        return function;
    }

    int sequence() {
        return sequence;
    }

    int countedBytes() {
        return countedBytes;
    }

    byte[] payload() {
        return payload;
    }

    WireStruct body() {
        return WireStruct.over(payload);
    }
}
