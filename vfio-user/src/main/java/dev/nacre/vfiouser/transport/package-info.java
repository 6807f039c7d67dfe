/** Framing: cutting the stream into messages, each with the descriptors that came with it, and sending messages. */
package dev.nacre.vfiouser.transport;
