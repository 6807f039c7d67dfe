/** Structured logs: one line of key=value for each, with the virtual GPU that it is about. */
package dev.nacre.daemon.log;
