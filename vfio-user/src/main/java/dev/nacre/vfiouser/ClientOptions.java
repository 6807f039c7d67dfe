package dev.nacre.vfiouser;

import dev.nacre.vfiouser.wire.Limits;
import java.time.Duration;

/**
 * What a {@link VfioUserClient} offers a server, and how patient it is.
 *
 * @param twinSocket whether to offer a second socket, for the server's DMA messages alone
 * @param writeMultiple whether to offer several small writes in one message, see {@link VfioUserClient#postAll}
 * @param maxDataBytes most data bytes per message that it takes, 1 to 1 MiB
 * @param patience longest wait for a reply, or for the server to take a command; after it the connection is of no use
 */
public record ClientOptions(boolean twinSocket, boolean writeMultiple, int maxDataBytes, Duration patience) {
    /**
     * No second socket, several writes in one message, 1 MiB, and five seconds.
     *
     * <p>TIMEOUT: what QEMU gives a server.
     */
    public static final ClientOptions DEFAULT =
            new ClientOptions(false, true, Limits.MAX_DATA_BYTES, Duration.ofSeconds(5));

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public ClientOptions {
        if (maxDataBytes < 1 || maxDataBytes > Limits.MAX_DATA_BYTES) {
            throw new IllegalArgumentException("Data bytes per message are 1 to 1 MiB, not " + maxDataBytes);
        }
        if (patience.toMillis() < 1) {
            throw new IllegalArgumentException("Patience is a millisecond or more, not " + patience);
        }
    }

    /** These, with or without a second socket. */
    public ClientOptions withTwinSocket(boolean offer) {
        return new ClientOptions(offer, writeMultiple, maxDataBytes, patience);
    }

    /** These, with or without several writes in one message. */
    public ClientOptions withWriteMultiple(boolean offer) {
        return new ClientOptions(twinSocket, offer, maxDataBytes, patience);
    }

    /** These, with another number of data bytes per message. */
    public ClientOptions withMaxDataBytes(int bytes) {
        return new ClientOptions(twinSocket, writeMultiple, bytes, patience);
    }

    /** These, with another longest wait. */
    public ClientOptions withPatience(Duration longest) {
        return new ClientOptions(twinSocket, writeMultiple, maxDataBytes, longest);
    }
}
