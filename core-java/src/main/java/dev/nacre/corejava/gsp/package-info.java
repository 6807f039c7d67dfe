/**
 * The GSP: what it is handed at its start, the queues to and from it, calls and events. Everything that it says is
 * untrusted.
 */
package dev.nacre.corejava.gsp;
