package dev.nacre.board.rm;

import dev.nacre.board.hal.ChipHal;
import dev.nacre.board.hal.EngineInfo;
import dev.nacre.board.hal.EngineInfo.Kind;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.rm.ClassKind;
import dev.nacre.hw.rm.ParamLayout.Bind;
import dev.nacre.hw.rm.ParamLayout.DeviceInfoTable;
import dev.nacre.hw.rm.ParamLayout.NumChannels;
import dev.nacre.hw.rm.ParamLayout.Schedule;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;
import java.util.List;

/** Controls about the host: engines, runlists, channels. */
final class FifoControls {
    // HW: open-gpu-kernel-modules, ENG_SW: a software engine, for channels that no hardware serves.
    private static final int SW_ENGINE_DESCRIPTOR = 0x95a6f500;

    // HW: NV_PTOP device types: graphics 0, logical copy engine 19.
    private static final int DEV_TYPE_LCE = 19;

    // HW: free choice of the firmware; only told to drivers, which do not use them under RM.
    private static final int MMU_FAULT_ID_ENGINE = 32;
    private static final int MMU_FAULT_ID_PBDMA = 64;
    private static final int CHRAM_BASE = 0x180000;
    private static final int CHRAM_BYTES = 0x2000;

    // HW: MC_ENGINE_IDX_FIFO
    private static final int INTERRUPT_INDEX_FIFO = 4;

    private final ChipHal hal;
    private final ChannelObjects channels;

    FifoControls(ChipHal hal, ChannelObjects channels) {
        this.hal = hal;
        this.channels = channels;
    }

    void register(ControlRegistry registry) {
        registry.reply(RmControl.NV2080_CTRL_CMD_FIFO_GET_DEVICE_INFO_TABLE, this::deviceInfoTable);
        registry.reply(RmControl.NV2080_CTRL_CMD_INTERNAL_FIFO_GET_NUM_CHANNELS, call -> {
            call.echo();
            call.out().put32(NumChannels.NUM_CHANNELS, channels.limit());
        });
        registry.reply(RmControl.NV2080_CTRL_CMD_INTERNAL_FIFO_TOGGLE_ACTIVE_CHANNEL_SCHEDULING, call -> {
            call.echo();
            channels.enableAll(call.in().get8(Schedule.ENABLE) == 0);
        });
        registry.on(RmControl.NVA06F_CTRL_CMD_BIND, this::bind);
        registry.on(RmControl.NVA06F_CTRL_CMD_GPFIFO_SCHEDULE, this::schedule);
        registry.on(RmControl.NVA06C_CTRL_CMD_GPFIFO_SCHEDULE, this::scheduleGroup);
        registry.on(RmControl.NVC36F_CTRL_CMD_GPFIFO_GET_WORK_SUBMIT_TOKEN, this::workSubmitToken);
        registry.accept(RmControl.NVC36F_CTRL_CMD_GPFIFO_SET_WORK_SUBMIT_TOKEN_NOTIF_INDEX);
    }

    private void deviceInfoTable(ControlCall call) {
        List<EngineInfo> engines = hal.engines();
        int rows = engines.size() + 1;
        int base = call.in().get32(DeviceInfoTable.BASE_INDEX);
        int count = base < 0 || base >= rows ? 0 : Math.min(rows - base, DeviceInfoTable.MAX_ENTRIES);
        WireStruct out = call.out();
        out.put32(DeviceInfoTable.BASE_INDEX, base);
        out.put32(DeviceInfoTable.NUM_ENTRIES, count);
        out.put8(DeviceInfoTable.MORE, base >= 0 && base + count < rows ? 1 : 0);
        for (int i = 0; i < count; i++) {
            WireStruct row =
                    out.part(DeviceInfoTable.ENTRIES + i * DeviceInfoTable.ENTRY_BYTES, DeviceInfoTable.ENTRY_BYTES);
            if (base + i < engines.size()) {
                engineRow(row, base + i, call.abi());
            } else {
                softwareRow(row, base + i, call.abi());
            }
        }
    }

    private void engineRow(WireStruct row, int index, GspAbi abi) {
        EngineInfo engine = hal.engines().get(index);
        boolean graphics = engine.kind() == Kind.GRAPHICS;
        row.put32(DeviceInfoTable.ENG_DESC, engine.engineDescriptor());
        row.put32(DeviceInfoTable.FIFO_TAG, index);
        row.put32(DeviceInfoTable.RM_ENGINE_TYPE, engine.rmEngineType());
        row.put32(DeviceInfoTable.RUNLIST, engine.runlist());
        row.put32(DeviceInfoTable.MMU_FAULT_ID, MMU_FAULT_ID_ENGINE + index);
        row.put32(DeviceInfoTable.RESET, index);
        row.put32(DeviceInfoTable.INTR, index);
        row.put32(DeviceInfoTable.MC, interruptIndex(engine, abi));
        row.put32(DeviceInfoTable.DEV_TYPE_ENUM, graphics ? 0 : DEV_TYPE_LCE);
        row.put32(DeviceInfoTable.INSTANCE_ID, engine.instance());
        row.put32(DeviceInfoTable.IS_HOST_DRIVEN, 1);
        row.put32(DeviceInfoTable.RUNLIST_ENGINE_ID, engineOnRunlist(index));
        runlist(row, engine);
        row.putText(DeviceInfoTable.ENGINE_NAME, engine.name(), 16);
    }

    // Drivers key runlists by id and address, so the software engine has those of the first engine: no runlist of its
    // own may appear.
    private void softwareRow(WireStruct row, int index, GspAbi abi) {
        EngineInfo first = hal.engines().getFirst();
        row.put32(DeviceInfoTable.ENG_DESC, SW_ENGINE_DESCRIPTOR);
        row.put32(DeviceInfoTable.FIFO_TAG, index);
        row.put32(DeviceInfoTable.RM_ENGINE_TYPE, abi.rmEngineTypeSw());
        row.put32(DeviceInfoTable.RUNLIST, first.runlist());
        row.put32(DeviceInfoTable.MC, INTERRUPT_INDEX_FIFO);
        runlist(row, first);
        row.putText(DeviceInfoTable.ENGINE_NAME, "SW", 16);
    }

    private static void runlist(WireStruct row, EngineInfo engine) {
        row.put32(DeviceInfoTable.RUNLIST_PRI_BASE, engine.runlistPriBase());
        row.put32(DeviceInfoTable.CHRAM_PRI_BASE, CHRAM_BASE + CHRAM_BYTES * engine.runlist());
        row.put32(DeviceInfoTable.NUM_PBDMAS, 1);
        row.put32(DeviceInfoTable.PBDMA_IDS, engine.runlist());
        row.put32(DeviceInfoTable.PBDMA_FAULT_IDS, MMU_FAULT_ID_PBDMA + engine.runlist());
    }

    private int engineOnRunlist(int index) {
        int runlist = hal.engines().get(index).runlist();
        return (int) hal.engines().stream()
                .limit(index)
                .filter(e -> e.runlist() == runlist)
                .count();
    }

    /** MC_ENGINE_IDX of an engine. */
    static int interruptIndex(EngineInfo engine, GspAbi abi) {
        return switch (engine.kind()) {
            case GRAPHICS -> abi.interruptIndexes().gr0() + engine.instance();
            case COPY -> engine.interruptIndex();
        };
    }

    private RmStatus bind(ControlCall call) {
        call.echo();
        return call.object().state() instanceof ObjectState.Channel channel
                ? channels.bind(channel, call.in().get32(Bind.ENGINE_TYPE))
                : RmStatus.NV_ERR_INVALID_OBJECT;
    }

    private RmStatus schedule(ControlCall call) {
        call.echo();
        if (!(call.object().state() instanceof ObjectState.Channel channel)) {
            return RmStatus.NV_ERR_INVALID_OBJECT;
        }
        channels.schedule(channel, call.in().get8(Schedule.ENABLE) != 0);
        return RmStatus.NV_OK;
    }

    private RmStatus scheduleGroup(ControlCall call) {
        call.echo();
        if (call.object().kind() != ClassKind.CHANNEL_GROUP) {
            return RmStatus.NV_ERR_INVALID_OBJECT;
        }
        for (RmObject child : call.object().children()) {
            if (child.state() instanceof ObjectState.Channel channel) {
                channels.schedule(channel, call.in().get8(Schedule.ENABLE) != 0);
            }
        }
        return RmStatus.NV_OK;
    }

    private RmStatus workSubmitToken(ControlCall call) {
        if (!(call.object().state() instanceof ObjectState.Channel channel)) {
            return RmStatus.NV_ERR_INVALID_OBJECT;
        }
        call.out().put32(0, channels.workSubmitToken(channel));
        return RmStatus.NV_OK;
    }
}
