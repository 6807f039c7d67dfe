package dev.nacre.vfiouser;

import dev.nacre.vfiouser.wire.Limits;
import io.avaje.json.JsonDataException;
import io.avaje.json.JsonReader;
import io.avaje.json.JsonReader.Token;
import io.avaje.json.JsonWriter;
import io.avaje.json.stream.BytesJsonWriter;
import io.avaje.json.stream.JsonStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The capabilities that VERSION carries as JSON: {@code {"capabilities":{...}}}, every key optional, unknown ones
 * ignored.
 *
 * @param maxFds {@code max_msg_fds}
 * @param maxDataBytes {@code max_data_xfer_size}
 * @param writeMultiple {@code write_multiple}: takes REGION_WRITE_MULTI
 * @param twinSocket {@code twin_socket.supported}: takes or gives a second socket for commands of the server
 * @param twinIndex {@code twin_socket.fd_index}: which of the message's descriptors that is, or {@link #NO_TWIN}
 * @param keys names of all keys that were there, those inside {@code migration} as {@code migration.key}
 */
record Capabilities(
        int maxFds, long maxDataBytes, boolean writeMultiple, boolean twinSocket, int twinIndex, Set<String> keys) {
    /** Index of a twin socket that is not there. */
    static final int NO_TWIN = -1;

    /** What holds for a side that says nothing. */
    static final Capabilities DEFAULT =
            new Capabilities(Limits.DEFAULT_MAX_FDS, Limits.MAX_DATA_BYTES, false, false, NO_TWIN, Set.of());

    /** Most that a client may claim. HW: libvfio-user's MAX_CLIENT_FDS. */
    private static final long MAX_CLAIMED_FDS = 1024;

    /** Deepest nesting; the parser is recursive, and its input is the client's. */
    private static final int MAX_DEPTH = 16;

    private static final JsonStream JSON = JsonStream.builder().build();

    /**
     * Reads a client's capabilities.
     *
     * @param json UTF-8 without a terminating zero
     * @return empty if they are malformed
     */
    static Optional<Capabilities> parse(byte[] json) {
        if (!isOneShallowObject(json)) {
            return Optional.empty();
        }
        Parser parser = new Parser();
        try (JsonReader reader = JSON.reader(json)) {
            reader.beginObject();
            while (reader.hasNextField()) {
                if (reader.nextField().equals("capabilities")) {
                    parser.capabilities(reader);
                } else {
                    reader.skipValue();
                }
            }
            reader.endObject();
        } catch (RuntimeException e) {
            // GUEST: whatever the parser makes of hostile text, the text is at fault.
            return Optional.empty();
        }
        return Optional.of(parser.result());
    }

    /**
     * Writes what a server says, as UTF-8 without a terminating zero.
     *
     * @param writeMultiple whether it takes REGION_WRITE_MULTI
     * @param migratable whether its device can migrate
     * @param twinIndex which descriptor of the message is the second socket, or {@link #NO_TWIN}
     */
    static byte[] write(boolean writeMultiple, boolean migratable, int twinIndex) {
        return write(Limits.MAX_DATA_BYTES, writeMultiple, migratable, twinIndex != NO_TWIN, twinIndex);
    }

    /** Writes what a client says, as UTF-8 without a terminating zero. */
    static byte[] writeOffer(ClientOptions options) {
        return write(options.maxDataBytes(), options.writeMultiple(), false, options.twinSocket(), NO_TWIN);
    }

    private static byte[] write(
            int maxDataBytes, boolean writeMultiple, boolean migratable, boolean twinSocket, int twinIndex) {
        BytesJsonWriter writer = JSON.bufferedWriterAsBytes();
        writer.beginObject();
        writer.name("capabilities");
        writer.beginObject();
        number(writer, "max_msg_fds", Limits.MAX_FDS);
        number(writer, "max_data_xfer_size", maxDataBytes);
        number(writer, "max_dma_maps", Limits.MAX_DMA_RANGES);
        number(writer, "pgsizes", Limits.DMA_PAGE_BYTES);
        if (migratable) {
            writer.name("migration");
            writer.beginObject();
            number(writer, "pgsize", Limits.DMA_PAGE_BYTES);
            writer.endObject();
        }
        if (writeMultiple) {
            writer.name("write_multiple");
            writer.value(true);
        }
        if (twinSocket) {
            writer.name("twin_socket");
            writer.beginObject();
            writer.name("supported");
            writer.value(true);
            if (twinIndex != NO_TWIN) {
                number(writer, "fd_index", twinIndex);
            }
            writer.endObject();
        }
        writer.endObject();
        writer.endObject();
        return writer.result();
    }

    private static void number(JsonWriter writer, String name, int value) {
        writer.name(name);
        writer.value(value);
    }

    /** Whether brackets nest no deeper than allowed, and nothing follows the first value but space. */
    private static boolean isOneShallowObject(byte[] json) {
        int depth = 0;
        boolean inString = false;
        boolean ended = false;
        for (int i = 0; i < json.length; i++) {
            byte c = json[i];
            if (inString) {
                inString = c != '"';
                i += c == '\\' ? 1 : 0;
            } else if (ended) {
                if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
                    return false;
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
                ended = depth == 0;
            }
            if (depth > MAX_DEPTH) {
                return false;
            }
        }
        return ended;
    }

    /** What was read so far. */
    private static final class Parser {
        private int maxFds = DEFAULT.maxFds;
        private long maxDataBytes = DEFAULT.maxDataBytes;
        private boolean writeMultiple;
        private boolean twinSocket;
        private int twinIndex = NO_TWIN;
        private final Set<String> keys = new HashSet<>();

        Capabilities result() {
            return new Capabilities(maxFds, maxDataBytes, writeMultiple, twinSocket, twinIndex, Set.copyOf(keys));
        }

        void capabilities(JsonReader reader) {
            require(reader, Token.BEGIN_OBJECT);
            reader.beginObject();
            while (reader.hasNextField()) {
                String key = reader.nextField();
                keys.add(key);
                capability(reader, key);
            }
            reader.endObject();
        }

        private void capability(JsonReader reader, String key) {
            switch (key) {
                // CAST: in the range that was asked for
                case "max_msg_fds" -> maxFds = (int) number(reader, 0, MAX_CLAIMED_FDS);
                case "max_data_xfer_size" -> maxDataBytes = number(reader, 0, Long.MAX_VALUE);
                case "max_dma_maps" -> number(reader, 0, Long.MAX_VALUE);
                case "pgsizes" -> pageSizes(reader);
                case "write_multiple" -> writeMultiple = bool(reader);
                case "migration" -> migration(reader);
                case "twin_socket" -> twinSocket(reader);
                default -> reader.skipValue();
            }
        }

        private void migration(JsonReader reader) {
            require(reader, Token.BEGIN_OBJECT);
            reader.beginObject();
            while (reader.hasNextField()) {
                String key = reader.nextField();
                keys.add("migration." + key);
                if (key.equals("pgsize")) {
                    pageSizes(reader);
                } else {
                    reader.skipValue();
                }
            }
            reader.endObject();
        }

        private void twinSocket(JsonReader reader) {
            require(reader, Token.BEGIN_OBJECT);
            reader.beginObject();
            while (reader.hasNextField()) {
                switch (reader.nextField()) {
                    case "supported" -> twinSocket = bool(reader);
                    // CAST: in the range that was asked for
                    case "fd_index" -> twinIndex = (int) number(reader, 0, MAX_CLAIMED_FDS);
                    default -> reader.skipValue();
                }
            }
            reader.endObject();
        }

        private static boolean bool(JsonReader reader) {
            require(reader, Token.BOOLEAN);
            return reader.readBoolean();
        }

        private static void pageSizes(JsonReader reader) {
            if (number(reader, Limits.DMA_PAGE_BYTES, Long.MAX_VALUE) % Limits.DMA_PAGE_BYTES != 0) {
                throw new JsonDataException("Page sizes must be multiples of " + Limits.DMA_PAGE_BYTES);
            }
        }

        private static long number(JsonReader reader, long least, long most) {
            require(reader, Token.NUMBER);
            long value = reader.readLong();
            if (value < least || value > most) {
                throw new JsonDataException("Not " + least + " to " + most + ": " + value);
            }
            return value;
        }

        private static void require(JsonReader reader, Token token) {
            if (reader.currentToken() != token) {
                throw new JsonDataException("Not a " + token);
            }
        }
    }
}
