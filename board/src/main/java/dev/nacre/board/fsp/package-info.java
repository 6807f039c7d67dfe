/**
 * The FSP, the root of trust of later chips: its queues, the chain of trust that a driver asks it for, and GSP-FMC, which
 * it starts on the GSP and which lays out memory and starts the GSP's firmware.
 */
package dev.nacre.board.fsp;
