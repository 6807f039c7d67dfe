/**
 * PMC: which chip this is, and its straps.
 */
package dev.nacre.board.master;
