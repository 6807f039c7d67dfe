/**
 * Fuses.
 */
package dev.nacre.board.fuse;
