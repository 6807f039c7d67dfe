/** Channels of the host engine: what runs commands. */
package dev.nacre.corejava.channel;
