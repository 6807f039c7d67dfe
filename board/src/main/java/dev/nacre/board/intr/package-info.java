/** Interrupts: vectors of the engines, leaves, top, and the message. */
package dev.nacre.board.intr;
