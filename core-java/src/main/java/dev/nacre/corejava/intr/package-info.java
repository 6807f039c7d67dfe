/** Interrupts: the tree of vectors, and the thread that serves them. */
package dev.nacre.corejava.intr;
