package dev.nacre.board.gsp;

/** The registers of its own falcon that the GSP firmware writes. Any thread. */
public interface GspFalconPort {
    /** Sets NV_PFALCON_FALCON_MAILBOX0 of the GSP. */
    void mailbox0(int value);

    /**
     * The firmware has ended, and will do nothing until it is started again.
     *
     * @return whether its core has halted with that; otherwise a booter will halt it
     */
    boolean ended();

    /** Sets the message bit (0x40) of NV_PFALCON_FALCON_IRQSTAT of the GSP and raises its vector. */
    void messageInterrupt();
}
