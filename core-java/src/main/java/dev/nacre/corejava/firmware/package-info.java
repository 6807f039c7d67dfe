/** Firmware files: their containers, and the sets of them that a chip boots with. Everything in them is untrusted. */
package dev.nacre.corejava.firmware;
