/** Sensors: how warm a board is and how much power it takes by what its engines do, and where drivers find that. */
package dev.nacre.board.telemetry;
