package dev.nacre.vfiouser;

/**
 * What a connection has seen so far.
 *
 * @param messages messages served
 * @param posted messages among them that wanted no reply
 * @param rejected messages among them that were wrong
 * @param droppedAccesses register accesses outside every region, answered with all-ones or dropped
 * @param modelFailures exceptions of the device model, answered as for a missing device
 * @param closedFds descriptors that came with messages that take none, and were closed
 */
public record ConnectionCounts(
        long messages, long posted, long rejected, long droppedAccesses, long modelFailures, long closedFds) {}
