/**
 * The GSP: {@link dev.nacre.board.gsp.Gsp} with the queues that it shares with a driver. What the messages ask for is in
 * {@link dev.nacre.board.rm}.
 */
package dev.nacre.board.gsp;
