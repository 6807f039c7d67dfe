package dev.nacre.board.falcon;

import dev.nacre.board.fb.MemoryInterface;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.board.state.Stateful;
import dev.nacre.hw.gsp.BootLayout;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;

/**
 * The booter, which runs on SEC2's falcon: puts the GSP's firmware into the write-protected region and starts it, stops
 * it and takes the region down, and does both around a suspend. There is one image to load and one to unload, which do
 * not differ for the model; the argument in the mailboxes does: the address of a description, or {@link #UNLOAD}.
 */
public final class BooterProgram implements FalconProgram, Stateful {
    /** Argument to stop for good. */
    // HW: nouveau nvkm/subdev/gsp/tu102.c, nova-core gsp/boot.rs
    static final long UNLOAD = 0xff_0000_00ffL;

    // HW: drivers take any value but zero for a failure and print it; these are ours.
    /** The description is not in memory. */
    static final int ERROR_MEMORY = 0x01;

    /** The description is none. */
    static final int ERROR_META = 0x02;

    /** The region is not one of the board's memory. */
    static final int ERROR_REGION = 0x03;

    /** There is firmware already, or none to go on. */
    static final int ERROR_STATE = 0x04;

    private final GspFalcon gsp;
    private final MemoryInterface memory;
    private final GuestMemory guest;
    private final long fbBytes;

    /** Whether the write-protected region holds the GSP's firmware. */
    private boolean firmwareUp;

    /** The region of the firmware that runs or is suspended; both zero if there is none. */
    private long start;

    private long end;

    /**
     * Makes it.
     *
     * @param gsp what it starts
     * @param memory whose region it sets
     * @param guest where descriptions are
     * @param fbBytes size of the board's memory
     */
    public BooterProgram(GspFalcon gsp, MemoryInterface memory, GuestMemory guest, long fbBytes) {
        this.gsp = gsp;
        this.memory = memory;
        this.guest = guest;
        this.fbBytes = fbBytes;
    }

    @Override
    public void run(Falcon falcon) {
        falcon.mailbox0(execute(falcon.mailboxes()));
    }

    @Override
    public String stateName() {
        return "booter";
    }

    @Override
    public void save(StateWriter out) {
        out.put("firmwareUp", firmwareUp);
        out.put("start", start);
        out.put("end", end);
    }

    @Override
    public void restore(StateReader in) {
        boolean nowUp = in.booleanValue("firmwareUp");
        long newStart = in.longValue("start");
        end = in.longValue("end");
        start = newStart;
        firmwareUp = nowUp;
    }

    @Override
    public void reset() {
        firmwareUp = false;
        start = 0;
        end = 0;
    }

    private int execute(long argument) {
        if (argument == UNLOAD) {
            unload();
            start = 0;
            end = 0;
            return 0;
        }
        try {
            long magic = guest.readLong(argument);
            if (magic == BootLayout.WPR_META_MAGIC) {
                return load(argument);
            }
            return magic == BootLayout.SR_META_MAGIC ? suspendOrResume(argument) : ERROR_META;
        } catch (DmaFault e) {
            return ERROR_MEMORY;
        }
    }

    private int load(long meta) {
        long revision = guest.readLong(meta + BootLayout.WPR_REVISION);
        long newStart = guest.readLong(meta + BootLayout.GSP_FW_WPR_START);
        long newEnd = guest.readLong(meta + BootLayout.GSP_FW_WPR_END);
        if (firmwareUp) {
            return ERROR_STATE;
        }
        if (revision != BootLayout.WPR_META_REVISION) {
            return ERROR_META;
        }
        if (newStart < 0 || newEnd > fbBytes || newEnd - newStart < MemoryInterface.WPR_GRANULE_BYTES) {
            return ERROR_REGION;
        }
        start = newStart;
        end = newEnd;
        protect();
        gsp.boot(meta);
        return 0;
    }

    private int suspendOrResume(long meta) {
        if (firmwareUp) {
            unload();
            return 0;
        }
        if (end == 0) {
            return ERROR_STATE;
        }
        protect();
        gsp.resume(meta);
        return 0;
    }

    private void protect() {
        memory.wpr2(start, end - MemoryInterface.WPR_GRANULE_BYTES);
        firmwareUp = true;
    }

    /** Also where nothing is up: drivers unload after a start that failed half-way. */
    private void unload() {
        gsp.halt();
        memory.wpr2Down();
        firmwareUp = false;
    }
}
