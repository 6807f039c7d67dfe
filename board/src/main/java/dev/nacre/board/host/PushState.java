package dev.nacre.board.host;

import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.host.SemExecute.Operation;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * How far the host has got in a channel's work, and what the channel's host methods have set: what hardware keeps in
 * RAMFC. The thread of the runlist.
 */
final class PushState {
    static final int SUBCHANNELS = 8;

    /** Operands of the graphics classes' semaphores. */
    static final int GRAPHICS_OPERANDS = 4;

    private static final Set<Operation> ACQUIRES = Set.of(
            Operation.ACQUIRE, Operation.ACQ_STRICT_GEQ, Operation.ACQ_CIRC_GEQ, Operation.ACQ_AND, Operation.ACQ_NOR);

    /** Next entry of the GPFIFO. */
    int get;
    /** The entry that is worked on is not yet reported in USERD. */
    boolean reportDue;
    /** Next word of the segment. */
    long wordAddress;
    /** Words left in the segment. */
    int wordsLeft;
    /** The segment is no subroutine. */
    boolean topLevel;

    /** How the address goes on after a word of data: SEC_OP of the header. */
    int headerOperation;
    /** Method address in bytes that the next word of data goes to. */
    int methodAddress;
    /** Subchannel that the next word of data goes to. */
    int subchannel;
    /** Words of data left. */
    int dataLeft;

    /** Methods are executed: the subdevice mask has us. */
    boolean subdeviceActive;
    /** Subdevice mask that was stored. */
    int storedMask;

    /** Class of each subchannel; 0 for none. */
    final int[] classes = new int[SUBCHANNELS];

    long semaphoreAddress;
    long semaphorePayload;
    long oldSemaphoreAddress;
    int oldSemaphorePayload;

    /** An acquire waits. */
    boolean acquiring;

    Operation acquireOperation = Operation.ACQUIRE;
    long acquireAddress;
    long acquirePayload;
    boolean acquireWide;

    final int[] graphics = new int[GRAPHICS_OPERANDS];

    /** Sets everything as for a new channel, but the classes. */
    PushState() {
        subdeviceActive = true;
        topLevel = true;
    }

    void save(StateWriter out) {
        out.put("gp-get", get);
        out.put("report-due", reportDue);
        out.put("word-address", wordAddress);
        out.put("words-left", wordsLeft);
        out.put("top-level", topLevel);
        out.put("header-operation", headerOperation);
        out.put("method-address", methodAddress);
        out.put("subchannel", subchannel);
        out.put("data-left", dataLeft);
        out.put("subdevice-active", subdeviceActive);
        out.put("stored-mask", storedMask);
        out.put("classes", classes);
        out.put("semaphore-address", semaphoreAddress);
        out.put("semaphore-payload", semaphorePayload);
        out.put("old-semaphore-address", oldSemaphoreAddress);
        out.put("old-semaphore-payload", oldSemaphorePayload);
        out.put("acquiring", acquiring);
        out.put("acquire-operation", acquireOperation.name().getBytes(StandardCharsets.UTF_8));
        out.put("acquire-address", acquireAddress);
        out.put("acquire-payload", acquirePayload);
        out.put("acquire-wide", acquireWide);
        out.put("graphics-operands", graphics);
    }

    void restore(StateReader in) {
        get = in.intValue("gp-get");
        reportDue = in.booleanValue("report-due");
        wordAddress = in.longValue("word-address");
        wordsLeft = inRange(in, "words-left", 0, Integer.MAX_VALUE);
        topLevel = in.booleanValue("top-level");
        headerOperation = in.intValue("header-operation");
        methodAddress = inRange(in, "method-address", 0, 0x3ffc) & ~3;
        subchannel = inRange(in, "subchannel", 0, SUBCHANNELS - 1);
        dataLeft = inRange(in, "data-left", 0, 0x1fff);
        subdeviceActive = in.booleanValue("subdevice-active");
        storedMask = in.intValue("stored-mask");
        in.ints("classes", classes);
        semaphoreAddress = in.longValue("semaphore-address");
        semaphorePayload = in.longValue("semaphore-payload");
        oldSemaphoreAddress = in.longValue("old-semaphore-address");
        oldSemaphorePayload = in.intValue("old-semaphore-payload");
        acquiring = in.booleanValue("acquiring");
        acquireOperation = acquireOperation(new String(in.bytes("acquire-operation"), StandardCharsets.UTF_8));
        acquireAddress = in.longValue("acquire-address");
        acquirePayload = in.longValue("acquire-payload");
        acquireWide = in.booleanValue("acquire-wide");
        in.ints("graphics-operands", graphics);
    }

    private static Operation acquireOperation(String name) {
        for (Operation operation : ACQUIRES) {
            if (operation.name().equals(name)) {
                return operation;
            }
        }
        throw new StateException("Impossible state of a channel: acquire-operation=" + name);
    }

    private static int inRange(StateReader in, String name, int least, int most) {
        long value = in.longValue(name);
        if (value < least || value > most) {
            throw new StateException("Impossible state of a channel: " + name + "=" + value);
        }
        return (int) value;
    }
}
