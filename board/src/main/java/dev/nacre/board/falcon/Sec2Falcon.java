package dev.nacre.board.falcon;

import dev.nacre.hw.regs.Psec;

/** SEC2's falcon, on which a driver runs the booter. Its RISC-V core is never started. */
public final class Sec2Falcon {
    private final Falcon falcon;

    /**
     * Makes it.
     *
     * @param dma way to memory
     * @param booter what the booter does
     */
    public Sec2Falcon(FalconDma dma, FalconProgram booter) {
        falcon = new Falcon(
                new Falcon.Unit(
                        "sec2-falcon",
                        Psec.BASE,
                        bank -> bank.store(Psec.MAILBOX),
                        booter,
                        () -> {},
                        0,
                        () -> {},
                        false),
                dma);
    }

    /** Its falcon: registers and state. */
    public Falcon falcon() {
        return falcon;
    }
}
