package dev.nacre.testsupport.replay;

/** Which accesses can set an engine to work: recorder and replay wait after the same ones. */
final class Doorbells {
    // HW: the windows in BAR0 that are memory, not registers: NV_PROM and NV_PRAMIN.
    private static final long PROM = 0x300000;
    private static final long PROM_END = 0x400000;
    private static final long PRAMIN = 0x700000;
    private static final long PRAMIN_END = 0x800000;

    private Doorbells() {}

    /** Whether a write may have started work: it is one to a register. */
    static boolean mayStartWork(int region, long offset) {
        boolean memory = (offset >= PROM && offset < PROM_END) || (offset >= PRAMIN && offset < PRAMIN_END);
        return region == 0 && !memory;
    }
}
