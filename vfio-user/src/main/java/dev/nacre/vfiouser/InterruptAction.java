package dev.nacre.vfiouser;

import dev.nacre.vfiouser.wire.IrqSet;

/** What a client can do to interrupt vectors at once. */
public enum InterruptAction {
    /** Keep them from being signalled. */
    MASK(IrqSet.ACTION_MASK),
    /** Let them be signalled again. */
    UNMASK(IrqSet.ACTION_UNMASK),
    /** Make them fire, as a test of their way. */
    TRIGGER(IrqSet.ACTION_TRIGGER);

    private final int flag;

    InterruptAction(int flag) {
        this.flag = flag;
    }

    int flag() {
        return flag;
    }
}
