/** Falcons: microcontrollers that the driver resets, loads by DMA and starts through their boot ROM. */
package dev.nacre.corejava.falcon;
