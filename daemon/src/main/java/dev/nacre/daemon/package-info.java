/** The daemon: what it starts and stops, in what order, and its main class. */
package dev.nacre.daemon;
