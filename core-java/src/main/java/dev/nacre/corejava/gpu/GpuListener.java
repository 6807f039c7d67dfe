package dev.nacre.corejava.gpu;

import dev.nacre.core.FaultCause;
import java.util.Map;
import java.util.OptionalLong;

/** Is told what the GPU does of itself, by the thread that serves its interrupts: must be quick, must not wait for the GPU. */
public interface GpuListener {
    /** An engine's non-stall interrupt: some channel on it has passed a method that asks for one. */
    void nonStall(int engineBit);

    /** A channel has failed. */
    void channelFault(int channelId, FaultCause cause, OptionalLong address);

    /** A virtual GPU's plugin has something to say; the numbers are the firmware's. */
    void vgpuNotice(int gfid, int index);

    /** How busy virtual GPUs keep the engines, by the number of their function; the others do not. */
    void vgpuShares(Map<Integer, VgpuShares> shares);

    /** Vertical blanks of heads have begun, a bit each. */
    void vblank(int heads);

    /** Monitors were plugged in or out. */
    void hotplug();

    /** The GPU does not answer any more. */
    void gone();
}
