/**
 * RM, as the GSP firmware of this board runs it: {@link dev.nacre.board.rm.ResourceManager} with its tree of objects, one
 * class of controls for each part of the board, and what never changes.
 */
package dev.nacre.board.rm;
