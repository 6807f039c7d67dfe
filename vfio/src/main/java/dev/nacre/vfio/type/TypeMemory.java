package dev.nacre.vfio.type;

/**
 * Memory of a type.
 *
 * @param profileGib what its name says
 * @param fbBytes what its guest has: a multiple of 64 MiB from 512 MiB, at most what the name says
 * @param heapBytes what the firmware has for its plugin
 * @param reservedBytes what is set aside for it besides
 * @param bar1Bytes size of its guest's BAR 1: a power of two from 64 MiB
 */
public record TypeMemory(int profileGib, long fbBytes, long heapBytes, long reservedBytes, long bar1Bytes) {}
