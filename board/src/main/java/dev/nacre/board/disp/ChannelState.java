package dev.nacre.board.disp;

import dev.nacre.board.disp.DisplayControl.ChannelKind;
import dev.nacre.board.disp.DisplayControl.PushBuffer;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.disp.BlendFactor;
import dev.nacre.hw.disp.DisplayGeneration;
import dev.nacre.hw.disp.DisplayPush;
import dev.nacre.hw.disp.Nvc67d;
import dev.nacre.hw.disp.Nvc67e;
import java.util.Arrays;

/**
 * One display channel: its push buffer and how far it has been followed, the state that its methods build up
 * (assembly), the state that is shown (armed), and an update on its way from one to the other. Guarded by the display's
 * lock.
 */
final class ChannelState {
    private static final PushBuffer NO_BUFFER = new PushBuffer(0, false, 0, false);
    private static final int FIRST_METHOD = Nvc67d.UPDATE;
    // HW: the hardware has eight heads and 32 windows in its method space, whatever the board has.
    private static final int CORE_HEADS = 8;
    private static final int CORE_WINDOWS = 32;

    private final ChannelKind kind;
    private final int instance;
    private final DisplayGeneration generation;
    private final int[] assembly;
    private final int[] armed;
    private PushBuffer buffer = NO_BUFFER;
    private boolean allocated;
    private boolean halted;
    private int put;
    private int get;
    private int burstHeader;
    private int burstLeft;
    private int burstMethod;
    private boolean updating;
    private boolean scheduled;
    private long dueNs;
    private long lastFlipNs;

    ChannelState(ChannelKind kind, int instance, DisplayGeneration generation) {
        this.kind = kind;
        this.instance = instance;
        this.generation = generation;
        int words = (kind == ChannelKind.CORE ? generation.coreBytes() : Nvc67e.SIZE_BYTES) / 4;
        this.assembly = new int[words];
        this.armed = new int[words];
        reset();
    }

    ChannelKind kind() {
        return kind;
    }

    int instance() {
        return instance;
    }

    /** The channel's number in the instance memory's hash table. */
    // HW: nouveau nvkm/subdev/gsp/rm/r535/disp.c: core 0, windows 1.., window immediates 33.., cursors 73..
    int hashId() {
        return switch (kind) {
            case CORE -> 0;
            case WINDOW -> 1 + instance;
            case WINDOW_IMMEDIATE -> 33 + instance;
            case CURSOR -> 73 + instance;
        };
    }

    /** Starts anew at an offset of its push buffer. */
    void allocate(int offsetBytes) {
        clear();
        allocated = true;
        put = offsetBytes & DisplayPush.POINTER_MASK;
        get = put;
    }

    /** Ends it: nothing of it is shown any more. */
    void free() {
        clear();
    }

    /** As after power-on. */
    void reset() {
        clear();
        buffer = NO_BUFFER;
    }

    private void clear() {
        Arrays.fill(assembly, 0);
        if (kind == ChannelKind.CORE) {
            for (int head = 0; head < CORE_HEADS; head++) {
                assembly(
                        Nvc67d.HEAD_SET_CONTROL_OUTPUT_RESOURCE + head * generation.headStrideBytes(),
                        Nvc67d.HEAD_SET_CONTROL_OUTPUT_RESOURCE_RESET);
            }
            for (int window = 0; window < CORE_WINDOWS; window++) {
                assembly(
                        Nvc67d.WINDOW_SET_CONTROL + window * Nvc67d.WINDOW_STRIDE,
                        Nvc67d.WINDOW_SET_CONTROL_OWNER_NONE);
            }
        } else if (kind == ChannelKind.WINDOW) {
            // Opaque, for drivers that never compose.
            assembly(Nvc67e.SET_COMPOSITION_CONSTANT_ALPHA, 0xff);
            assembly(Nvc67e.SET_COMPOSITION_FACTOR_SELECT, BlendFactor.ONE | BlendFactor.ZERO << 8);
        }
        arm();
        allocated = false;
        halted = false;
        put = 0;
        get = 0;
        endBurst();
        endUpdate();
        lastFlipNs = Long.MIN_VALUE;
    }

    boolean isAllocated() {
        return allocated;
    }

    PushBuffer buffer() {
        return buffer;
    }

    void buffer(PushBuffer next) {
        buffer = next.valid() ? next : NO_BUFFER;
    }

    int put() {
        return put;
    }

    void put(int bytes) {
        put = bytes & DisplayPush.POINTER_MASK;
    }

    int get() {
        return get;
    }

    void get(int bytes) {
        get = bytes & DisplayPush.POINTER_MASK;
    }

    /** Whether there is something to execute now. */
    boolean canRun() {
        return allocated && !halted && !updating && put != get;
    }

    /** The push buffer is not to be understood or not to be reached: nothing more happens until the next allocation. */
    void halt() {
        halted = true;
    }

    // The methods that the last header announced; an update in their midst holds them up.

    boolean inBurst() {
        return burstLeft > 0;
    }

    void beginBurst(int header) {
        burstHeader = header;
        burstLeft = DisplayPush.count(header);
        burstMethod = DisplayPush.method(header, generation);
    }

    /** The method that the next word is for. */
    int nextMethod() {
        int method = burstMethod;
        burstLeft--;
        if (DisplayPush.opcode(burstHeader) == DisplayPush.OPCODE_METHOD) {
            burstMethod += 4;
        }
        return method;
    }

    private void endBurst() {
        burstHeader = 0;
        burstLeft = 0;
        burstMethod = 0;
    }

    // An update that waits to be taken.

    /** UPDATE was executed and its state is not armed yet; the channel stands still. */
    boolean isUpdating() {
        return updating;
    }

    void beginUpdate() {
        updating = true;
        scheduled = false;
    }

    /** Whether it is known when the update is taken. */
    boolean isScheduled() {
        return scheduled;
    }

    void schedule(long atNs) {
        scheduled = true;
        dueNs = atNs;
    }

    long dueNs() {
        return dueNs;
    }

    void endUpdate() {
        updating = false;
        scheduled = false;
        dueNs = 0;
    }

    /** When the window's last picture was taken; {@link Long#MIN_VALUE} if there was none. */
    long lastFlipNs() {
        return lastFlipNs;
    }

    void lastFlipNs(long atNs) {
        lastFlipNs = atNs;
    }

    // State by method.

    /** A method's value in the state being built. */
    int assembly(int method) {
        return method / 4 < assembly.length ? assembly[method / 4] : 0;
    }

    void assembly(int method, int value) {
        if (method >= FIRST_METHOD && method / 4 < assembly.length) {
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

    /** The core: a method's value for a head, in the state that is shown. */
    int armedOfHead(int head, int method) {
        return armed(head * generation.headStrideBytes() + method);
    }

    /** The core: a method's value for a head, in the state being built. */
    int assemblyOfHead(int head, int method) {
        return assembly(head * generation.headStrideBytes() + method);
    }

    /** A copy of the state that is shown. */
    MethodState snapshot() {
        return new MethodState(hashId(), instance, armed.clone());
    }

    StateWriter save() {
        StateWriter out = new StateWriter();
        out.put("allocated", allocated);
        out.put("halted", halted);
        out.put("put", put);
        out.put("get", get);
        out.put("burst.header", burstHeader);
        out.put("burst.left", burstLeft);
        out.put("burst.method", burstMethod);
        out.put("updating", updating);
        out.put("buffer.address", buffer.address());
        out.put("buffer.system", buffer.system());
        out.put("buffer.bytes", buffer.sizeBytes());
        out.put("buffer.valid", buffer.valid());
        out.put("assembly", assembly);
        out.put("armed", armed);
        return out;
    }

    /** Takes saved state. An update under way is scheduled anew. */
    void restore(StateReader in) {
        reset();
        in.ints("assembly", assembly);
        in.ints("armed", armed);
        allocated = in.booleanValue("allocated");
        halted = in.booleanValue("halted");
        put(in.intValue("put"));
        get(in.intValue("get"));
        burstHeader = in.intValue("burst.header");
        burstLeft = Math.clamp(in.intValue("burst.left"), 0, DisplayPush.MAX_COUNT);
        burstMethod = in.intValue("burst.method") & (2 * generation.coreBytes() - 1) & ~3;
        updating = in.booleanValue("updating");
        buffer(new PushBuffer(
                in.longValue("buffer.address"),
                in.booleanValue("buffer.system"),
                in.longValue("buffer.bytes"),
                in.booleanValue("buffer.valid")));
    }
}
