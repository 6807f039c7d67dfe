package dev.nacre.board.gsp;

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
     * The booter has released the GSP to go on after a suspend; the object tree and RMARGS address were kept.
     *
     * @param srMetaAddress bus address of GspFwSRMeta
     */
    void resume(long srMetaAddress);

    /** The booter has stopped the GSP (unload). */
    void halt();

    /** NV_PGSP_QUEUE_HEAD was written. Ignored before boot. */
    void doorbell();
}
