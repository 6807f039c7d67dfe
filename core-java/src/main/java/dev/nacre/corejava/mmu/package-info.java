/** Page tables as this driver writes them, and the window that goes through them. */
package dev.nacre.corejava.mmu;
