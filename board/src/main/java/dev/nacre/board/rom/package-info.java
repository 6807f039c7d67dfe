/**
 * The ROM: a synthetic VBIOS and the window that drivers read it through.
 */
package dev.nacre.board.rom;
