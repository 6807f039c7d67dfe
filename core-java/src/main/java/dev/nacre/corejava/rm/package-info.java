/** RM on the GSP: its objects and controls, sessions for clients, and what the board says of itself by controls. */
package dev.nacre.corejava.rm;
