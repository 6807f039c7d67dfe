package dev.nacre.corejava.boot;

import dev.nacre.corejava.firmware.GspFirmware;
import dev.nacre.corejava.gsp.StartMemory;
import dev.nacre.corejava.gsp.StaticInfo;

/** How the GSP's firmware is started and stopped: by FWSEC and booter, or by the FSP. One thread at a time. */
sealed interface GspStarter permits FspStarter, FwsecStarter {
    /** Waits for the board's own firmware. */
    void awaitPowerOn();

    /** Whether the GPU is as after a reset: no protected region, no firmware. */
    boolean isClean();

    /**
     * Reads what it needs of the board and of firmware files, and divides the GPU's memory.
     *
     * @param virtualFunctions how many are to get a part of it; 0 if the GPU is not to be shared
     */
    void prepare(GspFirmware firmware, int virtualFunctions);

    /** Starts the firmware; when this returns, its core runs. The queues may have commands already. */
    void start(StartMemory memory);

    /** Lets firmware that was stopped with a description of a suspend go on. */
    void resume(StartMemory memory, long srMeta);

    /** Takes the firmware down after it has said that it has stopped. */
    void stop();

    /** As {@link #stop}, but what it needs to go on is kept where a description of a suspend says. */
    void suspend(long srMeta);

    /** Bytes of the protected region, which a suspend keeps. */
    long protectedBytes();

    /** Learns how the firmware has laid out the GPU's memory, if the driver has not. */
    void laidOut(StaticInfo info);

    /** Where the firmware's heap outside the protected region begins. */
    long nonWprHeap();

    /** Bytes at the memory's end that are VGA's. */
    long vgaWorkspaceBytes();
}
