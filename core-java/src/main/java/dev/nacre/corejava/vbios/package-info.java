/** The VBIOS: read through PROM, and parsed as far as the boot needs it. Everything in it is untrusted. */
package dev.nacre.corejava.vbios;
