package dev.nacre.corejava.gsp;

import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.hw.rm.RpcFunction;

/**
 * A record of the GSP's.
 *
 * @param function what it answers, or which event it is
 * @param result status
 * @param sequence number of the request that it answers
 * @param payload what follows the header
 */
public record GspMessage(int function, int result, int sequence, HostileBytes payload) {
    // HW: NV_VGPU_MSG_EVENT_FIRST_EVENT, rpc_global_enums.h
    private static final int FIRST_EVENT = 0x1000;

    /** Whether nobody asked for it. */
    public boolean isEvent() {
        return function >= FIRST_EVENT;
    }

    /** Whether it is of a function. */
    public boolean is(RpcFunction wanted) {
        return function == wanted.number();
    }

    @Override
    public String toString() {
        return RpcFunction.nameOf(function) + ", " + payload.size() + " bytes, result 0x" + Integer.toHexString(result);
    }
}
