/**
 * What driver and GSP firmware say to each other, as data: the start, the queues, the messages. What differs between
 * firmware versions is behind {@link dev.nacre.hw.gsp.GspAbi}.
 */
package dev.nacre.hw.gsp;
