package dev.nacre.vfiouser;

import dev.nacre.linux.Fd;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.Limits;
import dev.nacre.vfiouser.wire.Version;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client and its server have agreed on.
 *
 * @param maxFds most descriptors per message that the server takes, and we send
 * @param maxDataBytes most data bytes per message that the server takes, and we send
 * @param writeMultiple whether the server takes REGION_WRITE_MULTI
 * @param twin the second socket; null if there is none
 */
record ClientVersion(
        int maxFds,
        int maxDataBytes,
        boolean writeMultiple,
        @Nullable Fd twin) {
    /** Proposes version 0.0, which every server speaks, and agrees on the rest. */
    static ClientVersion negotiate(ClientLink link, ClientOptions options) {
        byte[] json = Capabilities.writeOffer(options);
        MemorySegment out = link.out();
        Version.put(out, Header.SIZE, 0, 0);
        MemorySegment.copy(json, 0, out, ValueLayout.JAVA_BYTE, Header.SIZE + Version.SIZE, json.length);
        out.set(ValueLayout.JAVA_BYTE, Header.SIZE + Version.SIZE + json.length, (byte) 0);
        link.call(Command.VERSION, Version.SIZE + json.length + 1, -1, List.of());
        Capabilities theirs = answered(link);
        if (theirs.maxDataBytes() == 0) {
            throw link.broken(Command.VERSION, "the server takes no data");
        }
        // What was not offered may be answered all the same by some servers; it means nothing.
        return new ClientVersion(
                Math.min(theirs.maxFds(), Limits.MAX_FDS),
                // CAST: at most 1 MiB
                (int) Math.min(theirs.maxDataBytes(), Limits.MAX_DATA_BYTES),
                options.writeMultiple() && theirs.writeMultiple(),
                options.twinSocket() && theirs.twinSocket() ? twin(link, theirs.twinIndex()) : null);
    }

    private static Capabilities answered(ClientLink link) {
        MessageReader reply = link.reply();
        MemorySegment in = reply.segment();
        int length = reply.bodySize() - Version.SIZE;
        if (length < 0 || Version.major(in, reply.body()) != 0 || Version.minor(in, reply.body()) != 0) {
            throw link.broken(Command.VERSION, "unknown version");
        }
        if (length == 0) {
            return Capabilities.DEFAULT;
        }
        byte[] theirs = in.asSlice(reply.body() + Version.SIZE, length).toArray(ValueLayout.JAVA_BYTE);
        // The terminating zero is not part of the JSON.
        return Capabilities.parse(Arrays.copyOf(theirs, length - 1))
                .orElseThrow(() -> link.broken(Command.VERSION, "malformed capabilities"));
    }

    /** The descriptor of this index that came with the reply; without it the client must leave. */
    private static Fd twin(ClientLink link, int index) {
        for (int i = 0; i < index; i++) {
            Fd other = link.reply().takeFd();
            if (other != null) {
                other.close();
            }
        }
        Fd twin = index == Capabilities.NO_TWIN ? null : link.reply().takeFd();
        if (twin == null) {
            throw link.broken(Command.VERSION, "no descriptor " + index + " for the twin socket");
        }
        return twin;
    }
}
