package dev.nacre.vfio.placement;

/** How a board's channels are divided. */
public final class Channels {
    private Channels() {}

    /**
     * How many channels each virtual GPU of a type has, so that all that the board can have get as many.
     *
     * @param available channels for virtual GPUs, not negative
     * @param maxInstances of the type, from 1
     * @return a power of two; 0 if there is not one for each
     */
    // HW: NVIDIA's proposed vGPU manager (2025), creation of a vGPU: the largest power of two that all instances can
    // have
    public static int each(int available, int maxInstances) {
        return Integer.highestOneBit(available / maxInstances);
    }
}
