/**
 * PGC6: results of the board's boot firmware.
 */
package dev.nacre.board.gc6;
