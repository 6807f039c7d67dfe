package dev.nacre.testsupport.driver;

import dev.nacre.hw.rm.ParamLayout.DeviceInfoTable;
import dev.nacre.hw.rm.RmControl;
import java.util.ArrayList;
import java.util.List;

/** The engines that the host schedules, as the firmware tells of them. */
final class EngineTable {
    /** NV2080_ENGINE_TYPE of the first graphics engine. */
    // HW: open-gpu-kernel-modules class/cl2080.h
    static final int GRAPHICS = 1;

    /** NV2080_ENGINE_TYPE of the first copy engine. */
    static final int COPY0 = 9;

    private static final int COPY_LAST = 18;

    /** MC_ENGINE_IDX of the first copy engine. */
    // HW: open-gpu-kernel-modules engine_idx.h
    static final int MC_COPY0 = 15;

    /**
     * An engine.
     *
     * @param name as RM names it
     * @param type NV2080_ENGINE_TYPE
     * @param runlist its runlist
     */
    record Engine(String name, int type, int runlist) {
        boolean isCopy() {
            return type >= COPY0 && type <= COPY_LAST;
        }
    }

    private final List<Engine> engines = new ArrayList<>();
    private final Check check;

    private EngineTable(Check check) {
        this.check = check;
    }

    static EngineTable read(RmClient internal, int subdevice, Check check) {
        EngineTable table = new EngineTable(check);
        Words ask = new Words(DeviceInfoTable.ENTRIES + DeviceInfoTable.MAX_ENTRIES * DeviceInfoTable.ENTRY_BYTES);
        Words reply = internal.control(subdevice, RmControl.NV2080_CTRL_CMD_FIFO_GET_DEVICE_INFO_TABLE, ask);
        int count = reply.intAt(DeviceInfoTable.NUM_ENTRIES);
        check.that("engines", count > 0 && count <= DeviceInfoTable.MAX_ENTRIES, "1 to 32", "" + count);
        check.equal("more engines", 0, reply.byteAt(DeviceInfoTable.MORE));
        for (int i = 0; i < count; i++) {
            int at = DeviceInfoTable.ENTRIES + i * DeviceInfoTable.ENTRY_BYTES;
            if (reply.intAt(at + DeviceInfoTable.IS_HOST_DRIVEN) != 0) {
                String name = reply.textAt(at + DeviceInfoTable.ENGINE_NAME, 16);
                check.differ("runlist registers of " + name, 0, reply.intAt(at + DeviceInfoTable.RUNLIST_PRI_BASE));
                int pbdmas = reply.intAt(at + DeviceInfoTable.NUM_PBDMAS);
                check.that("PBDMAs of " + name, pbdmas == 1 || pbdmas == 2, "1 or 2", "" + pbdmas);
                table.engines.add(new Engine(
                        name,
                        reply.intAt(at + DeviceInfoTable.RM_ENGINE_TYPE),
                        reply.intAt(at + DeviceInfoTable.RUNLIST)));
            }
        }
        return table;
    }

    /** The graphics engine, on whose runlist there must be a copy engine. */
    Engine graphics() {
        Engine graphics = engines.stream()
                .filter(engine -> engine.type() == GRAPHICS)
                .findFirst()
                .orElseThrow(() -> check.failure("engines", "a graphics engine", engines.toString()));
        check.that(
                "engines on the graphics engine's runlist",
                engines.stream().anyMatch(engine -> engine.isCopy() && engine.runlist() == graphics.runlist()),
                "a copy engine among them",
                engines.toString());
        return graphics;
    }

    /** A copy engine with a runlist of its own. */
    Engine copy() {
        int graphicsRunlist = graphics().runlist();
        return engines.stream()
                .filter(engine -> engine.isCopy() && engine.runlist() != graphicsRunlist)
                .findFirst()
                .orElseThrow(() -> check.failure("engines", "a copy engine with its own runlist", engines.toString()));
    }

    @Override
    public String toString() {
        return engines.toString();
    }
}
