package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.GspClient;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A client of the firmware, of a core in C. */
final class NativeGspClient extends NativeObject implements GspClient {
    private final int number;

    NativeGspClient(CoreTable table, long handle, int number) {
        super(table, handle, Op.FREE_GSP_CLIENT);
        this.number = number;
    }

    @Override
    public int handle() {
        return number;
    }

    @Override
    public byte[] read(int command, byte[] parameters) {
        long params = parameters(command, parameters);
        try {
            table().call(Op.RM_CTRL_RD, pointer(), params);
            return at(params, parameters.length).toArray(JAVA_BYTE);
        } finally {
            table().run(Op.RM_CTRL_DONE, pointer(), params);
        }
    }

    @Override
    public void write(int command, byte[] parameters) {
        // Frees the parameters, whatever it answers.
        table().call(Op.RM_CTRL_WR, pointer(), parameters(command, parameters));
    }

    private long parameters(int command, byte[] content) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(JAVA_LONG);
            table().call(Op.RM_CTRL_GET, pointer(), command, content.length, out);
            long params = out.get(JAVA_LONG, 0);
            MemorySegment.copy(content, 0, at(params, content.length), JAVA_BYTE, 0, content.length);
            return params;
        }
    }

    // NATIVE: as many bytes were asked for; the core keeps them until it is told to free them.
    /** Parameters that the core gave. */
    private static MemorySegment at(long params, int bytes) {
        return MemorySegment.ofAddress(params).reinterpret(bytes);
    }
}
