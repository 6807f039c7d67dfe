package dev.nacre.board.gsp;

import dev.nacre.board.rm.FirmwareMemory;

/**
 * The firmware that runs on the GSP, as the falcon that starts it and the doorbell that wakes it see it. Calls come
 * from the socket's thread and only note what is to be done; the GSP's engine thread does it.
 */
public interface GspFirmware {
    /**
     * The booter has released the GSP for a first start.
     *
     * @param wprMetaAddress bus address of GspFwWprMeta, 256 bytes
     * @param libosArgumentsAddress bus address of the libos initialisation arguments
     */
    void boot(long wprMetaAddress, long libosArgumentsAddress);

    /**
     * The FSP's firmware has released the GSP for a first start, and has laid its memory out itself.
     *
     * @param division how VRAM is divided
     * @param libosArgumentsAddress as above
     */
    void boot(FirmwareMemory division, long libosArgumentsAddress);

    /**
     * The booter or the FSP's firmware has released the GSP to go on after a suspend; the object tree and RMARGS address were kept.
     *
     * @param srMetaAddress bus address of GspFwSRMeta
     */
    void resume(long srMetaAddress);

    /** The GSP was stopped: by the booter (unload), or by a reset of its falcon. */
    void halt();

    /** NV_PGSP_QUEUE_HEAD was written. Ignored before boot. */
    void doorbell();
}
