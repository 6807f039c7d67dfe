package dev.nacre.board.vgpu;

import java.util.UUID;

/**
 * What one guest GPU is made of. All of it comes from the host's driver; {@link GuestGpus#start} checks it.
 *
 * @param gfid its number: index of the virtual function that shows it, plus 1
 * @param uuid its id, as the guest's driver is told
 * @param fbOffset where its memory begins in the board's: a multiple of {@link GuestGpus#vmmuSegmentBytes}
 * @param fbBytes bytes of its memory, likewise
 * @param channels how many channels of each runlist it may have: their ids are 0 to one less
 * @param type the rest
 */
public record GuestGpuSpec(int gfid, UUID uuid, long fbOffset, long fbBytes, int channels, GuestGpuType type) {}
