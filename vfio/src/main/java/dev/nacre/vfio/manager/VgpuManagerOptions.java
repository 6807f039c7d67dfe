package dev.nacre.vfio.manager;

import java.time.Duration;

/**
 * How virtual GPUs are managed.
 *
 * @param heterogeneous whether virtual GPUs of different types may exist at a time
 * @param maxVgpus how many there may be, besides what types and virtual functions allow
 * @param scrubPatience the longest that the copy engine may take to clear one virtual GPU's memory
 */
public record VgpuManagerOptions(boolean heterogeneous, int maxVgpus, Duration scrubPatience) {
    // TIMEOUT: what NVIDIA's proposed vGPU manager gives the copy engine.
    private static final Duration SCRUB = Duration.ofSeconds(4);

    /** One type at a time, and no limit but those of types and virtual functions. */
    public static final VgpuManagerOptions DEFAULT = new VgpuManagerOptions(false, Integer.MAX_VALUE, SCRUB);

    /** These, with virtual GPUs of different types at a time or not. */
    public VgpuManagerOptions withHeterogeneous(boolean allowed) {
        return new VgpuManagerOptions(allowed, maxVgpus, scrubPatience);
    }
}
