package dev.nacre.core.spi;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;

/**
 * How a GPU is to be booted.
 *
 * @param firmware where its firmware is
 * @param vgpu whether it is to be shared by virtual functions, if it can be
 * @param vgpuChannels how many channel ids are kept for virtual GPUs: 0 to what the GPU has less 64, else clipped to that
 * @param scheduling how engines' time is divided between virtual GPUs
 */
public record CoreConfig(FirmwareSource firmware, boolean vgpu, int vgpuChannels, VgpuScheduling scheduling) {
    // HW: of 2048 channel ids, what the first vGPU series kept for its host
    /** How many channel ids are kept for virtual GPUs unless told otherwise. */
    public static final int VGPU_CHANNELS = 1536;

    /** Checks it. @throws CoreException with {@link CoreError#INVALID_ARGUMENT} if the number is negative */
    public CoreConfig {
        if (vgpuChannels < 0) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Number of channels is impossible: vgpuChannels=" + vgpuChannels + " allowed=0 or more");
        }
    }

    /** As usual: shared if possible. */
    public static CoreConfig of(FirmwareSource firmware) {
        return new CoreConfig(firmware, true, VGPU_CHANNELS, VgpuScheduling.DEFAULT);
    }
}
