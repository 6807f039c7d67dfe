package dev.nacre.board.disp;

import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.disp.DisplayControl.PushBuffer;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.disp.Nvc67e;
import java.util.Arrays;

/** One display channel: its push buffer, PUT and GET, and the state that its methods build up. */
final class ChannelState {
    /** There is no push buffer. */
    static final PushBuffer NO_BUFFER = new PushBuffer(0, false, 0, false);

    private final ChannelKind kind;
    private final int instance;
    private final int[] assembly;
    private final int[] armed;
    private PushBuffer buffer = NO_BUFFER;
    private boolean allocated;
    private boolean flipPending;
    private int put;
    private int get;

    ChannelState(ChannelKind kind, int instance) {
        this.kind = kind;
        this.instance = instance;
        int words = (kind == ChannelKind.CORE ? Nvc67d.SIZE_BYTES : Nvc67e.SIZE_BYTES) / 4;
        this.assembly = new int[words];
        this.armed = new int[words];
    }

    ChannelKind kind() {
        return kind;
    }

    int instance() {
        return instance;
    }

    /** The channel's number in the instance memory's hash table. */
    // HW: nouveau nvkm/engine/disp/gv100.c: core 0, windows 1.., window immediates 33.., cursors 73..
    int hashId() {
        return switch (kind) {
            case CORE -> 0;
            case WINDOW -> 1 + instance;
            case WINDOW_IMMEDIATE -> 33 + instance;
            case CURSOR -> 73 + instance;
        };
    }

    /** Starts anew at an offset. */
    void allocate(int offsetBytes, int resetValueAddress, int resetValue) {
        clear();
        allocated = true;
        put = offsetBytes;
        get = offsetBytes;
        if (kind == ChannelKind.CORE) {
            for (int head = 0; head < 8; head++) {
                int word = (resetValueAddress + head * Nvc67d.HEAD_STRIDE) / 4;
                assembly[word] = resetValue;
                armed[word] = resetValue;
            }
        }
    }

    /** Ends it. */
    void free() {
        clear();
    }

    private void clear() {
        Arrays.fill(assembly, 0);
        Arrays.fill(armed, 0);
        allocated = false;
        flipPending = false;
        put = 0;
        get = 0;
    }

    void reset() {
        clear();
        buffer = NO_BUFFER;
    }

    boolean isAllocated() {
        return allocated;
    }

    PushBuffer buffer() {
        return buffer;
    }

    void buffer(PushBuffer next) {
        buffer = next;
    }

    int put() {
        return put;
    }

    void put(int bytes) {
        put = bytes;
    }

    int get() {
        return get;
    }

    void get(int bytes) {
        get = bytes;
    }

    /** A picture waits for the next frame; its push buffer stands until then. */
    boolean flipPending() {
        return flipPending;
    }

    void flipPending(boolean pending) {
        flipPending = pending;
    }

    /** Whether there is something to execute. */
    boolean hasWork() {
        return allocated && !flipPending && put != get;
    }

    /** A method's value in the state being built. */
    int assembly(int method) {
        return method / 4 < assembly.length ? assembly[method / 4] : 0;
    }

    void assembly(int method, int value) {
        if (method / 4 < assembly.length) {
            assembly[method / 4] = value;
        }
    }

    /** A method's value in the state that is shown. */
    int armed(int method) {
        return method / 4 < armed.length ? armed[method / 4] : 0;
    }

    /** Makes the assembly state the one that is shown. */
    void arm() {
        System.arraycopy(assembly, 0, armed, 0, armed.length);
    }

    StateWriter save() {
        StateWriter out = new StateWriter();
        out.put("allocated", allocated);
        out.put("flipPending", flipPending);
        out.put("put", put);
        out.put("get", get);
        out.put("buffer.address", buffer.address());
        out.put("buffer.system", buffer.system());
        out.put("buffer.bytes", buffer.sizeBytes());
        out.put("buffer.valid", buffer.valid());
        out.put("assembly", assembly);
        out.put("armed", armed);
        return out;
    }

    void restore(StateReader in) {
        allocated = in.booleanValue("allocated");
        flipPending = in.booleanValue("flipPending");
        put = in.intValue("put");
        get = in.intValue("get");
        buffer = new PushBuffer(
                in.longValue("buffer.address"),
                in.booleanValue("buffer.system"),
                in.longValue("buffer.bytes"),
                in.booleanValue("buffer.valid"));
        in.ints("assembly", assembly);
        in.ints("armed", armed);
    }
}
