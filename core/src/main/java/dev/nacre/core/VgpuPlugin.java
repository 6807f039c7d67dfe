package dev.nacre.core;

import java.util.List;

/**
 * The firmware's part of a running virtual GPU. One call at a time reaches it; others wait. Its owner is told
 * {@link CoreEvent.VgpuNotice} when it has something to say.
 *
 * <p>Every method but {@link #close} throws {@link CoreException} with {@link CoreError#IO} if the plugin refuses or answers
 * what it must not, and with {@link CoreError#TIMED_OUT} if it does not answer in time; it is of no use then, and has to be
 * closed.
 */
public interface VgpuPlugin extends AutoCloseable {
    /** The virtual function that shows it, from 0. */
    int vfIndex();

    /** Makes the guest's GPU as it was when it started, but for its memory's content. Its channels have ended. */
    void reset();

    /**
     * Says whether the guest lets its GPU reach memory by DMA.
     *
     * @param enabled whether it does now
     * @param allowed whether it may
     */
    void busMaster(boolean enabled, boolean allowed);

    /** What the guest has told of itself. */
    VgpuGuestInfo guestInfo();

    /** What the heads show, as far as they show anything. */
    List<VgpuSurface> surfaces();

    /** How much it uses. */
    VgpuUsage usage();

    /** Its logs as they are now, in the firmware's format, each with its name: {@code init}, {@code vgpu}, {@code kernel}. */
    List<GspLog> logs();

    /**
     * Ends it: the virtual function shows nothing any more, and nothing of the guest's runs on the GPU when this returns,
     * whether or not the plugin took part. Idempotent.
     */
    @Override
    void close();
}
