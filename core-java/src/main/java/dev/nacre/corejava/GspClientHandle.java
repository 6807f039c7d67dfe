package dev.nacre.corejava;

import dev.nacre.core.Capability;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspClient;
import dev.nacre.corejava.gpu.RmSession;

/** A client of the firmware's resource manager. */
final class GspClientHandle extends Handle implements GspClient {
    private static final int MOST_BYTES = 1 << 20;

    private final RmSession session;

    GspClientHandle(JavaAttachment attachment) {
        super(attachment);
        core().takeGspClient();
        boolean made = false;
        try {
            session = core().parts().live().gpu().createSession();
            made = true;
        } finally {
            if (!made) {
                core().giveGspClientBack();
            }
        }
    }

    RmSession session() {
        return session;
    }

    @Override
    public int handle() {
        return session.client();
    }

    @Override
    public byte[] read(int command, byte[] parameters) {
        return control(command, parameters);
    }

    @Override
    public void write(int command, byte[] parameters) {
        control(command, parameters);
    }

    private byte[] control(int command, byte[] parameters) {
        requireLive();
        attachment().requireCapability(Capability.RM_PASS_THROUGH);
        if (parameters.length > MOST_BYTES) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Parameters are too long: bytes=" + parameters.length + " allowed=0 to " + MOST_BYTES);
        }
        byte[] inOut = parameters.clone();
        session.control(session.subdevice(), command, inOut);
        return inOut;
    }

    @Override
    String describe() {
        return "GSP client";
    }

    @Override
    void release() {
        core().parts().live().release(session::close);
        core().giveGspClientBack();
    }
}
