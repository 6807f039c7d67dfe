/**
 * The host engine: channels on runlists, each with a GPFIFO whose entries point to push buffers, whose words are methods
 * for the host itself or for an engine.
 */
package dev.nacre.board.host;
