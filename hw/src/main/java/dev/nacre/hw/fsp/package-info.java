/**
 * What a driver and the FSP, the root of trust of Hopper and Blackwell chips, say to each other: packets in the FSP's
 * memory (registers: {@link dev.nacre.hw.regs.Pfsp}), and the parameters that the firmware which the FSP starts reads
 * from the driver's memory. All little-endian; offsets in bytes.
 */
package dev.nacre.hw.fsp;
