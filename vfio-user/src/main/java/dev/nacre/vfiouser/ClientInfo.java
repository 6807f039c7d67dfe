package dev.nacre.vfiouser;

/**
 * A client, as it described itself.
 *
 * @param minor the protocol's minor version in use, below version 0
 * @param maxFds most descriptors per message that it takes
 * @param maxDataBytes most data bytes per message that it takes
 * @param errorPolicy how it is told of errors
 */
public record ClientInfo(int minor, int maxFds, long maxDataBytes, ErrorPolicy errorPolicy) {
    /** How a client is told that a command has failed. */
    public enum ErrorPolicy {
        /** By error replies, as the specification says. */
        ERROR_REPLIES,
        /**
         * As hardware does: reads give all-ones, writes are dropped, everything is answered in full. For the rust-vmm
         * client, which takes no notice of the error flag and waits for ever for the rest of a short reply.
         */
        LIKE_HARDWARE
    }
}
