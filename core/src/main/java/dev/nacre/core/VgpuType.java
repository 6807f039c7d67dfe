package dev.nacre.core;

/**
 * A type of virtual GPU, as the firmware is told of it.
 *
 * @param id its number, from 1; unique among the types that the firmware knows
 * @param name such as {@code NVIDIA L40-2Q}: 1 to 31 characters of ASCII
 * @param kind the firmware's name for what it is for: {@code Quadro}, {@code NVS} or {@code Compute}
 * @param licenses what a guest may be licensed for, divided by {@code ;}: up to 127 characters
 * @param maxInstances how many of this type one GPU can have at the most
 * @param heads display heads, from 0
 * @param maxWidth pixels of the largest picture of a head
 * @param maxHeight lines of it
 * @param frameRateLimit frames in a second that a head shows at the most; 0 for no limit
 * @param ecc whether it works on a GPU whose memory corrects errors
 * @param pciDeviceId what its guest sees as PCI device id
 * @param pciSubsystemId what its guest sees as PCI subsystem id
 * @param fbBytes memory that its guest has
 * @param heapBytes memory that the firmware has for its plugin
 * @param fbReservationBytes memory that is set aside for it besides
 * @param bar1Bytes size of its guest's BAR 1: a power of two from 64 MiB
 * @param encoderCapacity share of the encoder, in percent
 */
// HW: the fields of NVA081_CTRL_VGPU_INFO that concern a GPU that is not partitioned
public record VgpuType(
        int id,
        String name,
        String kind,
        String licenses,
        int maxInstances,
        int heads,
        int maxWidth,
        int maxHeight,
        int frameRateLimit,
        boolean ecc,
        int pciDeviceId,
        int pciSubsystemId,
        long fbBytes,
        long heapBytes,
        long fbReservationBytes,
        long bar1Bytes,
        int encoderCapacity) {}
