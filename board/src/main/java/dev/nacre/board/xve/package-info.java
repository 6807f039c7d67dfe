/**
 * Config space as BAR0 shows it.
 */
package dev.nacre.board.xve;
