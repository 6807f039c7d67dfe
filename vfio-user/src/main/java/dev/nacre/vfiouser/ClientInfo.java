package dev.nacre.vfiouser;

/**
 * A client, as it described itself.
 *
 * @param minor the protocol's minor version in use, below version 0
 * @param maxFds most descriptors per message that it takes
 * @param maxDataBytes most data bytes per message that it takes
 * @param kind which client it is, as far as that matters
 */
public record ClientInfo(int minor, int maxFds, long maxDataBytes, ClientKind kind) {}
