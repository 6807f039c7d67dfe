/**
 * PBUS: the bus interface's scratch registers and windows to memory, among them PRAMIN.
 */
package dev.nacre.board.pbus;
