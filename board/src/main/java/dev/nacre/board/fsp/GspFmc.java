package dev.nacre.board.fsp;

import dev.nacre.board.falcon.GspFalcon;
import dev.nacre.board.fb.MemoryInterface;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.fsp.FmcBootParams;
import dev.nacre.hw.gsp.BootLayout;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * GSP-FMC, the firmware that the FSP starts on the GSP: puts the GSP's own firmware into the write-protected region and
 * starts it, anew or after a suspend. A failure is told in the GSP's mailbox 0. Starts come from the socket's thread,
 * the end of the firmware from any.
 */
final class GspFmc {
    // HW: drivers take any value but zero for a failure and print it; these are ours.
    /** The parameters, or what they name, are not in memory. */
    static final int ERROR_MEMORY = 0x01;

    /** The description is none. */
    static final int ERROR_META = 0x02;

    /** The region does not fit the board's memory. */
    static final int ERROR_REGION = 0x03;

    /** There is firmware already, or none to go on. */
    static final int ERROR_STATE = 0x04;

    /** The parameters ask for something else than the GSP's firmware, or for memory that it cannot come from. */
    static final int ERROR_PARAMETERS = 0x05;

    private final GspFalcon gsp;
    private final MemoryInterface memory;
    private final GuestMemory guest;
    private final long fbBytes;
    private final System.Logger log = System.getLogger(GspFmc.class.getName());

    /** Whether the write-protected region holds the GSP's firmware. Guarded by this, as all below. */
    private boolean firmwareUp;

    /** The region of the firmware that runs or is suspended; both zero if there is none. */
    private long start;

    private long end;

    /** Failures that were logged, a bit each. */
    private int told;

    GspFmc(GspFalcon gsp, MemoryInterface memory, GuestMemory guest, long fbBytes) {
        this.gsp = gsp;
        this.memory = memory;
        this.guest = guest;
        this.fbBytes = fbBytes;
    }

    /**
     * Starts it.
     *
     * @param parameters bus address of {@link FmcBootParams}
     * @param frtsFromEnd where FRTS is to begin, in bytes before the end of memory
     * @param frtsBytes its size
     */
    synchronized void run(long parameters, long frtsFromEnd, long frtsBytes) {
        int error;
        try {
            error = execute(read(parameters, FmcBootParams.BYTES), frtsFromEnd, frtsBytes);
        } catch (DmaFault e) {
            error = ERROR_MEMORY;
        }
        if (error != 0) {
            // GUEST: a driver may try for ever, so each reason is said once.
            if ((told & 1 << error) == 0) {
                log.log(System.Logger.Level.WARNING, "GSP-FMC does not start the GSP: " + reason(error));
                told |= 1 << error;
            }
            gsp.mailbox0(error);
        }
    }

    /** The GSP's firmware does not run any more. */
    synchronized void firmwareHalted() {
        memory.wpr2Down();
        firmwareUp = false;
    }

    synchronized void reset() {
        firmwareUp = false;
        start = 0;
        end = 0;
    }

    synchronized void save(StateWriter out) {
        out.put("firmwareUp", firmwareUp);
        out.put("start", start);
        out.put("end", end);
    }

    synchronized void restore(StateReader in) {
        boolean nowUp = in.booleanValue("firmwareUp");
        long newStart = in.longValue("start");
        end = in.longValue("end");
        start = newStart;
        firmwareUp = nowUp;
    }

    private int execute(WireStruct parameters, long frtsFromEnd, long frtsBytes) {
        if (parameters.get8(FmcBootParams.IS_GSP_RM_BOOT) == 0
                || !isSystem(parameters.get32(FmcBootParams.BOOT_TARGET))
                || !isSystem(parameters.get32(FmcBootParams.RM_TARGET))) {
            return ERROR_PARAMETERS;
        }
        long description = parameters.get64(FmcBootParams.GSP_RM_DESC_OFFSET);
        WireStruct meta = read(description, BootLayout.WPR_META_BYTES);
        if (meta.get64(0) == BootLayout.SR_META_MAGIC) {
            return resume(description);
        }
        if (meta.get64(0) != BootLayout.WPR_META_MAGIC
                || meta.get64(BootLayout.WPR_REVISION) != BootLayout.WPR_META_REVISION) {
            return ERROR_META;
        }
        return boot(meta, parameters.get64(FmcBootParams.RM_BOOT_ARGS_OFFSET), frtsFromEnd, frtsBytes);
    }

    private int boot(WireStruct meta, long libosArguments, long frtsFromEnd, long frtsBytes) {
        if (firmwareUp) {
            return ERROR_STATE;
        }
        Optional<WprLayout> layout = WprLayout.of(meta, frtsFromEnd, frtsBytes, fbBytes);
        if (layout.isEmpty()) {
            return ERROR_REGION;
        }
        start = layout.get().start();
        end = layout.get().end();
        protect();
        gsp.boot(layout.get().division(), libosArguments);
        return 0;
    }

    private int resume(long meta) {
        if (firmwareUp || end == 0) {
            return ERROR_STATE;
        }
        protect();
        gsp.mailbox0(0);
        gsp.resume(meta);
        return 0;
    }

    private void protect() {
        memory.wpr2(start, end - MemoryInterface.WPR_GRANULE_BYTES);
        firmwareUp = true;
    }

    private WireStruct read(long address, int length) {
        byte[] bytes = new byte[length];
        guest.read(address, MemorySegment.ofArray(bytes), 0, length);
        return WireStruct.over(bytes);
    }

    private static boolean isSystem(int target) {
        return target == FmcBootParams.TARGET_COHERENT_SYSTEM || target == FmcBootParams.TARGET_NONCOHERENT_SYSTEM;
    }

    private static String reason(int error) {
        return switch (error) {
            case ERROR_MEMORY -> "its parameters are not in memory";
            case ERROR_META -> "the firmware's description is not recognised";
            case ERROR_REGION -> "the firmware does not fit the board's memory";
            case ERROR_STATE -> "firmware is running already, or there is none to go on";
            default -> "its parameters are impossible";
        };
    }
}
