package dev.nacre.board.falcon;

import dev.nacre.board.bus.RegisterBank;
import dev.nacre.board.fb.MemoryInterface;
import dev.nacre.board.rom.FwsecImage;
import dev.nacre.hw.reg.Reg;
import dev.nacre.hw.regs.Pbus;

/**
 * FWSEC, the firmware in the VBIOS that runs on the GSP's falcon. Its command is in the data memory that the driver has
 * patched and loaded: FRTS puts up the write-protected region, SB does its part when a driver unloads. Errors go to
 * scratch registers; mailbox 0 becomes zero, or the error.
 */
public final class FwsecProgram implements FalconProgram {
    // HW: drivers take any value but zero for a failure and print it; these are ours.
    /** No command was found in data memory, or an unknown one. */
    static final int ERROR_COMMAND = 0x01;

    /** The region is not one of the board's memory. */
    static final int ERROR_REGION = 0x02;

    /** There is a region already: the board was not reset since. */
    static final int ERROR_WPR2_UP = 0x03;

    private static final int MOST_INTERFACES = 16;

    private final RegisterBank pbus;
    private final MemoryInterface memory;
    private final long fbBytes;

    /**
     * Makes it.
     *
     * @param pbus where errors are reported
     * @param memory whose region is put up
     * @param fbBytes size of the board's memory
     */
    public FwsecProgram(RegisterBank pbus, MemoryInterface memory, long fbBytes) {
        this.pbus = pbus;
        this.memory = memory;
        this.fbBytes = fbBytes;
    }

    @Override
    public void run(Falcon falcon) {
        FalconMemory data = falcon.dataMemory();
        int mapper = mapper(data);
        int command = mapper < 0 ? 0 : data.readInt(mapper + FwsecImage.DMEMMAPPER_INIT_CMD);
        switch (command) {
            case FwsecImage.CMD_FRTS -> {
                int error = frts(data, data.readInt(mapper + FwsecImage.DMEMMAPPER_CMD_IN_BUFFER_OFFSET));
                report(Pbus.SW_SCRATCH_0E_FRTS_ERROR, error);
                falcon.mailbox0(error);
            }
            case FwsecImage.CMD_SB -> {
                report(Pbus.SW_SCRATCH_15_SB_ERROR, 0);
                falcon.mailbox0(0);
            }
            default -> {
                report(Pbus.SW_SCRATCH_0E_FRTS_ERROR, ERROR_COMMAND);
                report(Pbus.SW_SCRATCH_15_SB_ERROR, ERROR_COMMAND);
                falcon.mailbox0(ERROR_COMMAND);
            }
        }
    }

    /** Where the DMEMMAPPER is, or -1. */
    private static int mapper(FalconMemory data) {
        int table = FwsecImage.INTERFACE_OFFSET;
        int headerBytes = data.readByte(table + 1);
        int entryBytes = data.readByte(table + 2);
        int entries = Math.min(data.readByte(table + 3), MOST_INTERFACES);
        for (int i = 0; i < entries; i++) {
            int entry = table + headerBytes + i * entryBytes;
            if (data.readInt(entry) == FwsecImage.INTERFACE_DMEMMAPPER) {
                int mapper = data.readInt(entry + 4);
                return data.contains(mapper, FwsecImage.DMEMMAPPER_INIT_CMD + 4)
                                && data.readInt(mapper) == FwsecImage.DMEMMAPPER_SIGNATURE
                        ? mapper
                        : -1;
            }
        }
        return -1;
    }

    private int frts(FalconMemory data, int commandBuffer) {
        int region = commandBuffer + FwsecImage.FRTS_REGION_OFFSET;
        long start = Integer.toUnsignedLong(data.readInt(region + FwsecImage.FRTS_REGION_ADDRESS)) << 12;
        long size = Integer.toUnsignedLong(data.readInt(region + FwsecImage.FRTS_REGION_SIZE)) << 12;
        int type = data.readInt(region + FwsecImage.FRTS_REGION_TYPE);
        if (memory.isWpr2Up()) {
            return ERROR_WPR2_UP;
        }
        if (type != FwsecImage.FRTS_REGION_TYPE_FB
                || size < MemoryInterface.WPR_GRANULE_BYTES
                || start > fbBytes - size) {
            return ERROR_REGION;
        }
        memory.wpr2(start, start + size - MemoryInterface.WPR_GRANULE_BYTES);
        return 0;
    }

    private void report(Reg.Bits field, int error) {
        pbus.set(field.reg(), field.set(pbus.value(field.reg()), error));
    }
}
