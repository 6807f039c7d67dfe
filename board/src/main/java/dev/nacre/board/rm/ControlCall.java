package dev.nacre.board.rm;

import dev.nacre.hw.gsp.GspAbi;

/**
 * One control.
 *
 * @param client who asks
 * @param object what it is asked of
 * @param abi the firmware interface that the driver was built for
 * @param in parameters as they came
 * @param out parameters that go back: of the same size, zero until a handler fills them
 */
record ControlCall(ObjectTree.Client client, RmObject object, GspAbi abi, WireStruct in, WireStruct out) {
    /** Lets the parameters go back as they came. */
    void echo() {
        out.putAll(in);
    }
}
