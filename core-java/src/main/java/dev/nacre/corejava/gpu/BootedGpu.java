package dev.nacre.corejava.gpu;

import dev.nacre.core.GspLog;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.vgpu.VgpuAbi;
import java.util.List;
import java.util.Optional;

/**
 * A GPU whose firmware runs. Any thread may call. Methods that wait for the GPU throw {@link dev.nacre.core.CoreException}:
 * GONE, TIMED_OUT, or IO with what it answered.
 */
public interface BootedGpu extends AutoCloseable {
    /** What the firmware told at its start. */
    GpuDescription description();

    /** Page tables. */
    PageTableFormat pageTables();

    /** Classes, doorbell and formats of channels on this chip. */
    ChannelModel channels();

    /** The host's memory that the GPU reaches. */
    DmaMemory dma();

    /** The GPU's memory, as the CPU reaches it by the chip's small window; slow, for page tables and such. */
    VramAccess vram();

    /** BAR 1 as the host reaches it. */
    BarAccess bar1();

    /** Makes a client of the firmware's resource manager, with a device and a subdevice under it. */
    RmSession createSession();

    /**
     * Has the GPU forget translations of an address space.
     *
     * @param pageDirectory its root's address in the GPU's memory
     */
    void invalidateTlb(long pageDirectory);

    /**
     * Tells the host engine that a channel has work.
     *
     * @param token the channel's runlist in bits 31:16, its id in the others
     */
    void ringDoorbell(int token);

    /** The display engine; empty if the GPU has none. */
    Optional<DisplayAccess> display();

    /** What the firmware's version says about virtual GPUs. */
    VgpuAbi vgpu();

    /**
     * Calls a virtual GPU's plugin.
     *
     * @param gfid number of its function
     */
    void ringPlugin(int gfid);

    /** Whom to tell of the GPU's events. Called once, before there are any channels. */
    void listen(GpuListener listener);

    /** The firmware's logs as they are now. */
    List<GspLog> logs();

    /** Has the firmware save its state, and stops it. */
    void suspend();

    /** Goes on after {@link #suspend}. */
    void resume();

    /** Unloads the firmware and leaves the GPU as after a reset. Also when the GPU has gone. Idempotent. */
    @Override
    void close();
}
