package dev.nacre.board.vgpu;

/**
 * What guest GPUs of one kind have in common. All of it comes from the host's driver; {@link GuestGpus#start} checks it.
 *
 * @param name as the guest's driver is told, such as {@code NVIDIA L40-2Q}
 * @param pciDeviceId PCI device id as the guest's driver is told, 16 bits
 * @param pciSubsystemId PCI subsystem id likewise
 * @param heads display heads, from 0 to the chip's
 * @param maxWidth pixels of the largest picture of a head; 0 for the chip's limit
 * @param maxHeight lines of it; 0 for the chip's limit
 * @param frameRateLimit frames in a second that a head shows at the most; 0 for no limit
 * @param bar1Bytes how much of BAR1 is answered: a power of two from 64 MiB to 256 MiB
 * @param maxInstances how many of the kind one board can have at the most, from 1
 */
public record GuestGpuType(
        String name,
        int pciDeviceId,
        int pciSubsystemId,
        int heads,
        int maxWidth,
        int maxHeight,
        int frameRateLimit,
        long bar1Bytes,
        int maxInstances) {}
