/**
 * Falcons (GSP, SEC2) and the firmware that starts on them: FWSEC and the booter.
 */
package dev.nacre.board.falcon;
