/**
 * Registers of the chips, one class per unit: addresses and fields as constants, under NVIDIA's names. Offsets are bytes
 * from the start of BAR0, save in {@link dev.nacre.hw.regs.Pfalcon}, whose unit occurs more than once.
 */
package dev.nacre.hw.regs;
