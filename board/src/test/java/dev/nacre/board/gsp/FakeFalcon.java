package dev.nacre.board.gsp;

import java.util.concurrent.atomic.AtomicInteger;

/** Registers of the GSP's falcon. */
final class FakeFalcon implements GspFalconPort {
    volatile int mailbox;
    final AtomicInteger interrupts = new AtomicInteger();

    @Override
    public void mailbox0(int value) {
        mailbox = value;
    }

    @Override
    public boolean ended() {
        return false;
    }

    @Override
    public void messageInterrupt() {
        interrupts.incrementAndGet();
    }
}
