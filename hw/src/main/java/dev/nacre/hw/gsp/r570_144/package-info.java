/** Offsets, sizes and numbers of firmware release 570.144. Used through {@link dev.nacre.hw.gsp.GspAbi} only. */
package dev.nacre.hw.gsp.r570_144;
