/**
 * VGA's ports in BAR0.
 */
package dev.nacre.board.vga;
