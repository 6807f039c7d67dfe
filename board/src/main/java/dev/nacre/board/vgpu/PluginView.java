package dev.nacre.board.vgpu;

/**
 * A running virtual GPU at a moment, as its plugin knows it.
 *
 * @param gfid number of its virtual function
 * @param dbdf where that is
 * @param vmPid the process that the guest runs in
 * @param instanceId handle of its client, as the host has told
 * @param frameRateLimit frames in a second at the most, 0 for no limit
 * @param encoderCapacity share of the encoder in percent
 * @param guestKnown whether the guest's driver has told of itself, and nobody has had that forgotten
 * @param guest its GPU, at most a second ago
 */
public record PluginView(
        int gfid,
        int dbdf,
        int vmPid,
        int instanceId,
        int frameRateLimit,
        int encoderCapacity,
        boolean guestKnown,
        GuestGpuState guest) {}
