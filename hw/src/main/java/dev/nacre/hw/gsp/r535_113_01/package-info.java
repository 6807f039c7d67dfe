/** Offsets, sizes and numbers of firmware release 535.113.01. Used through {@link dev.nacre.hw.gsp.GspAbi} only. */
package dev.nacre.hw.gsp.r535_113_01;
