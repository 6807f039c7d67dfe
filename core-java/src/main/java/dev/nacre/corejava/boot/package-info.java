/**
 * From a function as after power-on to a GPU whose firmware runs ({@link dev.nacre.corejava.boot.GpuBoot}), through
 * suspends, and back.
 */
package dev.nacre.corejava.boot;
