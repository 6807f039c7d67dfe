package dev.nacre.core;

import java.util.UUID;

/**
 * What a virtual GPU is made of. The parts stay the caller's, who frees them after {@link VgpuPlugin#close}.
 *
 * @param vfIndex the virtual function that shows it, from 0
 * @param pciAddress of that function: domain, bus, device and function in 16, 8, 5 and 3 bits from the top
 * @param typeId a type that {@link Attachment#defineVgpuTypes} has told of
 * @param uuid its id
 * @param processId the process that its guest runs in, from 1
 * @param client a client of the firmware of its own
 * @param channelIds its guest's channels
 * @param frameBuffer its guest's memory: offset and size are multiples of {@link BoardInfo#vmmuSegmentBytes}
 * @param heap its plugin's memory, at least {@link #MIN_HEAP_BYTES}
 */
public record VgpuRequest(
        int vfIndex,
        int pciAddress,
        int typeId,
        UUID uuid,
        int processId,
        GspClient client,
        ChannelIds channelIds,
        FbMemory frameBuffer,
        FbMemory heap) {
    // HW: the regions at the start of the heap by which host and plugin speak, and its logs, end at 0x274000
    /** The smallest heap that a plugin can work in. */
    public static final long MIN_HEAP_BYTES = 4L << 20;
}
