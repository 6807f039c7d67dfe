package dev.nacre.board.host;

import dev.nacre.board.engine.Semaphores;
import dev.nacre.board.hal.ClassSet;
import dev.nacre.hw.host.GraphicsMethod;
import dev.nacre.hw.host.RobustChannel;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The graphics engine's bookkeeping: its classes can be bound, its semaphores are released; every other method is counted
 * and dropped, since no shader runs here.
 */
final class GraphicsMethods {
    private static final int ADDRESS_LOW = 0;
    private static final int ADDRESS_HIGH = 1;
    private static final int PAYLOAD_LOW = 2;
    private static final int PAYLOAD_HIGH = 3;
    private static final int ONE_WORD = 1;
    private static final int TWO_WORDS = 2;

    private final ClassSet classes;
    private final Semaphores semaphores;
    private final Runlist runlist;
    private final boolean present;
    private final AtomicLong ignored = new AtomicLong();

    /**
     * Makes it.
     *
     * @param present whether the runlist has a graphics engine at all
     */
    GraphicsMethods(ClassSet classes, Semaphores semaphores, Runlist runlist, boolean present) {
        this.classes = classes;
        this.semaphores = semaphores;
        this.runlist = runlist;
        this.present = present;
    }

    /** Whether a class is one of the graphics engine's. */
    boolean hasClass(int objectClass) {
        return present
                && (objectClass == classes.threeD()
                        || objectClass == classes.compute()
                        || objectClass == GraphicsMethod.CLASS_FERMI_TWOD_A
                        || objectClass == classes.inlineToMemory());
    }

    /** Methods that did nothing. */
    long ignored() {
        return ignored.get();
    }

    void execute(Channel channel, int objectClass, int address, int data) {
        if (objectClass != classes.threeD() && objectClass != classes.compute()) {
            ignore();
            return;
        }
        int[] operands = channel.push.graphics;
        switch (address) {
            case GraphicsMethod.SET_REPORT_SEMAPHORE_ADDRESS_LOWER, GraphicsMethod.SET_REPORT_SEMAPHORE_B ->
                operands[ADDRESS_LOW] = data;
            case GraphicsMethod.SET_REPORT_SEMAPHORE_ADDRESS_UPPER, GraphicsMethod.SET_REPORT_SEMAPHORE_A ->
                operands[ADDRESS_HIGH] = data & 0xff;
            case GraphicsMethod.SET_REPORT_SEMAPHORE_PAYLOAD_LOWER, GraphicsMethod.SET_REPORT_SEMAPHORE_C ->
                operands[PAYLOAD_LOW] = data;
            case GraphicsMethod.SET_REPORT_SEMAPHORE_PAYLOAD_UPPER -> operands[PAYLOAD_HIGH] = data;
            case GraphicsMethod.REPORT_SEMAPHORE_EXECUTE -> executeNew(channel, objectClass == classes.threeD(), data);
            case GraphicsMethod.SET_REPORT_SEMAPHORE_D -> {
                int size = GraphicsMethod.D_STRUCTURE_SIZE_ONE_WORD.get(data) ? ONE_WORD : 0;
                report(channel, data, size, operands[PAYLOAD_LOW] & 0xffff_ffffL);
                awaken(channel, GraphicsMethod.D_AWAKEN_ENABLE.get(data));
            }
            default -> ignore();
        }
    }

    private void executeNew(Channel channel, boolean threeD, int data) {
        boolean wide = threeD
                ? GraphicsMethod.EXECUTE_3D_PAYLOAD_SIZE64.get(data)
                : GraphicsMethod.EXECUTE_COMPUTE_PAYLOAD_SIZE64.get(data);
        int size = threeD
                ? GraphicsMethod.EXECUTE_3D_STRUCTURE_SIZE.get(data)
                : GraphicsMethod.EXECUTE_COMPUTE_STRUCTURE_SIZE.get(data);
        boolean awakens = threeD
                ? GraphicsMethod.EXECUTE_3D_AWAKEN_ENABLE.get(data)
                : GraphicsMethod.EXECUTE_COMPUTE_AWAKEN_ENABLE.get(data);
        int[] operands = channel.push.graphics;
        long payload = operands[PAYLOAD_LOW] & 0xffff_ffffL;
        if (wide) {
            payload |= (long) operands[PAYLOAD_HIGH] << 32;
        }
        report(channel, data, size, payload);
        awaken(channel, awakens);
    }

    /** Writes a payload, or a report of the pipeline, in which nothing ever happens: zero. */
    private void report(Channel channel, int data, int size, long payload) {
        int operation = GraphicsMethod.OPERATION.get(data);
        if (operation != GraphicsMethod.OPERATION_RELEASE && operation != GraphicsMethod.OPERATION_REPORT_ONLY) {
            ignore();
            return;
        }
        long value = operation == GraphicsMethod.OPERATION_RELEASE ? payload : 0;
        int[] operands = channel.push.graphics;
        long address = (long) operands[ADDRESS_HIGH] << 32 | (operands[ADDRESS_LOW] & 0xffff_ffffL);
        int bytes = size == ONE_WORD ? 4 : size == TWO_WORDS ? 8 : 16;
        if ((address & (bytes - 1)) != 0) {
            throw new ChannelError(
                    RobustChannel.GR_EXCEPTION, "Semaphore is not aligned: address=0x" + Long.toHexString(address));
        }
        if (bytes == 16) {
            semaphores.releaseTimestamped(channel.space, address, value);
        } else {
            semaphores.release(channel.space, address, value, bytes == 8);
        }
        runlist.released();
    }

    private void awaken(Channel channel, boolean awakens) {
        if (awakens) {
            runlist.raiseNonStall(channel);
        }
    }

    private void ignore() {
        ignored.lazySet(ignored.get() + 1);
    }
}
