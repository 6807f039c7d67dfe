package dev.nacre.core;

/**
 * How much a virtual GPU uses. Shares are of the whole GPU's time in the last second that the firmware has measured, in
 * hundredths of a percent, 0 to 10,000.
 *
 * @param fbBytes its guest's memory in use
 * @param graphics share of the graphics engine's time
 * @param copy share of the copy engines' time
 * @param encoder share of the encoder's time
 * @param decoder share of the decoder's time
 */
public record VgpuUsage(long fbBytes, int graphics, int copy, int encoder, int decoder) {}
