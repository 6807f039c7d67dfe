package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspClient;
import dev.nacre.core.GspLog;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The operations of clients of the firmware, and of its logs, for C. C calls every method, by its name in the table. */
final class FirmwareExports {
    private static final int MOST_BYTES = 2 << 20;
    private static final int MOST_AT_A_TIME = 64;

    private final Exports exports;

    FirmwareExports(Exports exports) {
        this.exports = exports;
    }

    int allocGspClient(long attachment, MemorySegment out) {
        Exports.at(out, Long.BYTES);
        GspClient client = exports.attachment(attachment).allocGspClient();
        return exports.give(exports.handles().add(attachment, new Client(client)), out);
    }

    int freeGspClient(long client) throws Exception {
        return exports.free(client, client(client).client);
    }

    int getGspClientHandle(long client, MemorySegment handle) {
        Exports.at(handle, Integer.BYTES).set(JAVA_INT, 0, client(client).client.handle());
        return 0;
    }

    int rmCtrlGet(long client, int command, int bytes, MemorySegment out) {
        if (Exports.clip(bytes) > MOST_BYTES) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Size of parameters is impossible: bytes=" + Integer.toUnsignedString(bytes) + " allowed=0 to "
                            + MOST_BYTES);
        }
        Exports.at(out, Long.BYTES);
        return exports.give(client(client).add(command, bytes), out);
    }

    int rmCtrlWr(long client, long params) {
        Client its = client(client);
        Parameters parameters = its.find(params);
        try {
            its.client.write(parameters.command, parameters.segment.toArray(JAVA_BYTE));
        } finally {
            its.free(params);
        }
        return 0;
    }

    int rmCtrlRd(long client, long params) {
        Client its = client(client);
        Parameters parameters = its.find(params);
        byte[] reply = its.client.read(parameters.command, parameters.segment.toArray(JAVA_BYTE));
        MemorySegment.copy(reply, 0, parameters.segment, JAVA_BYTE, 0, reply.length);
        return 0;
    }

    void rmCtrlDone(long client, long params) {
        client(client).free(params);
    }

    int gspLogCount(long attachment) {
        return exports.attachment(attachment).gspLogs().size();
    }

    int gspLog(long attachment, int index, MemorySegment name, MemorySegment to, long capacity, MemorySegment bytes) {
        return log(exports.attachment(attachment).gspLogs(), index, name, to, capacity, bytes);
    }

    /** Gives C one of some logs: as much of it as fits. */
    static int log(
            List<GspLog> logs, int index, MemorySegment name, MemorySegment to, long capacity, MemorySegment bytes) {
        if (Exports.clip(index) >= logs.size()) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "There is no such log: index=" + Integer.toUnsignedString(index) + " allowed=below " + logs.size());
        }
        GspLog log = logs.get(index);
        Exports.at(bytes, Long.BYTES).set(JAVA_LONG, 0, log.bytes().length);
        Numbers.setText(Exports.at(name, Abi.LOG_NAME_BYTES), log.name());
        int fits = capacity < 0 ? log.bytes().length : (int) Math.min(capacity, log.bytes().length);
        if (fits > 0) {
            MemorySegment.copy(log.bytes(), 0, Exports.at(to, fits), JAVA_BYTE, 0, fits);
        }
        return 0;
    }

    /** The client of a handle, for other operations that take one. */
    static GspClient client(Exports exports, long handle) {
        return exports.handles().find(handle, Client.class).client;
    }

    private Client client(long handle) {
        return exports.handles().find(handle, Client.class);
    }

    /** Parameters that C fills and reads. */
    private static final class Parameters implements AutoCloseable {
        private final Arena arena = Arena.ofShared();
        private final int command;
        private final MemorySegment segment;

        Parameters(int command, int bytes) {
            this.command = command;
            this.segment = arena.allocate(Math.max(1, bytes), Long.BYTES).asSlice(0, bytes);
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    /** A client with the parameters that C has of it. */
    private static final class Client implements Handles.Releasable {
        private final GspClient client;
        private final Map<Long, Parameters> parameters = new HashMap<>();

        Client(GspClient client) {
            this.client = client;
        }

        synchronized long add(int command, int bytes) {
            if (parameters.size() == MOST_AT_A_TIME) {
                throw new CoreException(
                        CoreError.NO_SPACE, "Too many parameters are in use: allowed=" + MOST_AT_A_TIME);
            }
            Parameters made = new Parameters(command, bytes);
            parameters.put(made.segment.address(), made);
            return made.segment.address();
        }

        synchronized Parameters find(long address) {
            Parameters found = parameters.get(address);
            if (found == null) {
                throw new CoreException(
                        CoreError.INVALID_ARGUMENT,
                        "Parameters are not this client's: params=0x" + Long.toHexString(address));
            }
            return found;
        }

        synchronized void free(long address) {
            Parameters found = parameters.remove(address);
            if (found != null) {
                found.close();
            }
        }

        @Override
        public synchronized void release() {
            parameters.values().forEach(Parameters::close);
            parameters.clear();
        }
    }
}
