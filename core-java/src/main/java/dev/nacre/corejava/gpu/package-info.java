/** A GPU whose firmware runs: what the boot hands to everything above it. */
package dev.nacre.corejava.gpu;
