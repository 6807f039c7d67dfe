/**
 * Sample devices. {@link dev.nacre.samples.GpioCard} is the one to read first: a whole PCI device, with a driver in every
 * Linux. {@link dev.nacre.samples.BenchDevice} has everything that a device can have. {@code SampleMain} serves them.
 */
package dev.nacre.samples;
