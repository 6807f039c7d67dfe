package dev.nacre.corejava.gpu;

import dev.nacre.core.FaultCause;
import java.util.OptionalLong;

/** Is told what the GPU does of itself, by the thread that serves its interrupts: must be quick, must not wait for the GPU. */
public interface GpuListener {
    /** An engine's non-stall interrupt: some channel on it has passed a method that asks for one. */
    void nonStall(int engineBit);

    /** A channel has failed. */
    void channelFault(int channelId, FaultCause cause, OptionalLong address);

    /** The GPU does not answer any more. */
    void gone();
}
