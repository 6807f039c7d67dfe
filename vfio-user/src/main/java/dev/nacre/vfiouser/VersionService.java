package dev.nacre.vfiouser;

import static dev.nacre.vfiouser.Capabilities.NO_TWIN;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.UnixSocket;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.Version;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** VERSION: agrees with a client on the protocol's version and limits, once per connection. */
final class VersionService {
    private static final int MAJOR = 0;

    /** HW: the newest that libvfio-user speaks. */
    private static final int MINOR = 2;

    private final boolean offerWriteMultiple;
    private final boolean migratable;
    private final boolean takeTwinSocket;
    private @Nullable ClientInfo client;
    private @Nullable Fd twin;

    /**
     * Makes the service for a new client.
     *
     * @param offerWriteMultiple whether to offer REGION_WRITE_MULTI
     * @param migratable whether the device can migrate
     * @param takeTwinSocket whether to take a client's offer of a second socket
     */
    VersionService(boolean offerWriteMultiple, boolean migratable, boolean takeTwinSocket) {
        this.offerWriteMultiple = offerWriteMultiple;
        this.migratable = migratable;
        this.takeTwinSocket = takeTwinSocket;
    }

    /** The client; null until it has agreed. */
    @Nullable
    ClientInfo client() {
        return client;
    }

    /** Our end of the second socket, which is the caller's now; null if there is none, or it was taken already. */
    @Nullable
    Fd takeTwin() {
        Fd taken = twin;
        twin = null;
        return taken;
    }

    /**
     * Serves VERSION.
     *
     * @return bytes of the reply's body, or a negative errno
     */
    int negotiate(MessageReader request, MessageWriter reply) {
        if (client != null || request.fdCount() > 0 || request.bodySize() < Version.SIZE) {
            return -Errno.EINVAL.number();
        }
        MemorySegment in = request.segment();
        if (Version.major(in, request.body()) != MAJOR) {
            return -Errno.EINVAL.number();
        }
        Optional<Capabilities> offered = capabilities(request);
        if (offered.isEmpty()) {
            return -Errno.EINVAL.number();
        }
        int proposed = Version.minor(in, request.body());
        int minor = Math.min(proposed, MINOR);
        Capabilities theirs = offered.get();
        client = new ClientInfo(minor, theirs.maxFds(), theirs.maxDataBytes(), ClientKind.of(proposed, theirs));

        boolean hasTwin = takeTwinSocket
                && theirs.twinSocket()
                && theirs.maxFds() > 0
                && client.kind().answersDmaMessages();
        if (hasTwin) {
            UnixSocket.Pair pair = UnixSocket.pair();
            twin = pair.first();
            reply.attach(List.of(pair.second()), true);
        }
        // The only descriptor of the reply is the twin.
        byte[] json =
                Capabilities.write(offerWriteMultiple && theirs.writeMultiple(), migratable, hasTwin ? 0 : NO_TWIN);
        MemorySegment out = reply.segment();
        long at = reply.body();
        Version.put(out, at, MAJOR, minor);
        MemorySegment.copy(json, 0, out, ValueLayout.JAVA_BYTE, at + Version.SIZE, json.length);
        out.set(ValueLayout.JAVA_BYTE, at + Version.SIZE + json.length, (byte) 0);
        return Version.SIZE + json.length + 1;
    }

    /** The JSON up to its terminating zero, which must be there; defaults if there is no JSON at all. */
    private static Optional<Capabilities> capabilities(MessageReader request) {
        int length = request.bodySize() - Version.SIZE;
        if (length == 0) {
            return Optional.of(Capabilities.DEFAULT);
        }
        byte[] text =
                request.segment().asSlice(request.body() + Version.SIZE, length).toArray(ValueLayout.JAVA_BYTE);
        if (text[length - 1] != 0) {
            return Optional.empty();
        }
        int end = 0;
        while (text[end] != 0) {
            end++;
        }
        return Capabilities.parse(Arrays.copyOf(text, end));
    }
}
