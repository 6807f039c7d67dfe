/** Sockets at which VNC viewers find what the heads of virtual GPUs show. */
package dev.nacre.daemon.console;
