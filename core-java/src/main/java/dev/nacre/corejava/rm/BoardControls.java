package dev.nacre.corejava.rm;

import dev.nacre.core.BoardInfo.Silicon;
import dev.nacre.core.Engine;
import dev.nacre.core.EngineType;
import dev.nacre.corejava.gpu.ChannelModel;
import dev.nacre.corejava.gpu.GpuEngine;
import dev.nacre.corejava.gsp.StaticInfo;
import dev.nacre.corejava.io.HostileBytes;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.regs.Pmc;
import dev.nacre.hw.rm.EngineNumbers;
import dev.nacre.hw.rm.ParamLayout.DeviceInfoTable;
import dev.nacre.hw.rm.ParamLayout.EccStatus;
import dev.nacre.hw.rm.ParamLayout.GpcInfo;
import dev.nacre.hw.rm.ParamLayout.NumChannels;
import dev.nacre.hw.rm.ParamLayout.TpcInfo;
import dev.nacre.hw.rm.ParamLayout.VmmuSegmentSize;
import dev.nacre.hw.rm.RmControl;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the firmware says of the board, by controls of its own client. Any thread. */
public final class BoardControls {
    private static final int MAX_ENGINES = 128;
    private static final int MAX_CHANNELS = 1 << 16;
    private static final long LARGEST_SEGMENT = 1L << 40;

    private final Rm rm;
    private final GspAbi abi;
    private final StaticInfo info;

    /** The controls of a board. */
    public BoardControls(Rm rm, GspAbi abi, StaticInfo info) {
        this.rm = rm;
        this.abi = abi;
        this.info = info;
    }

    /**
     * Sends a control to the firmware's own subdevice.
     *
     * @param parameters changed to what comes back
     */
    public void control(int command, byte[] parameters) {
        rm.control(info.client(), info.subdevice(), command, parameters);
    }

    /** All engines, by their bit, with the classes of their objects by the chip's model of channels. */
    public List<GpuEngine> engines(InterruptVectors vectors, ChannelModel model) {
        Map<Integer, GpuEngine> engines = new HashMap<>();
        int base = 0;
        boolean more = true;
        while (more) {
            HostileBytes table = deviceInfoTable(base);
            long count = table.uintAt(DeviceInfoTable.NUM_ENTRIES);
            table.require(count <= DeviceInfoTable.MAX_ENTRIES, count + " engines at once");
            for (int i = 0; i < count; i++) {
                add(engines, table, DeviceInfoTable.ENTRIES + (long) i * DeviceInfoTable.ENTRY_BYTES, vectors);
            }
            base += (int) count;
            more = table.byteAt(DeviceInfoTable.MORE) != 0 && count > 0;
            table.require(base <= MAX_ENGINES, "more than " + MAX_ENGINES + " engines");
        }
        return engines.values().stream()
                .map(engine -> withClasses(engine, engines, model))
                .sorted(Comparator.comparingInt(engine -> engine.engine().bit()))
                .toList();
    }

    /** An engine with what its channels can have: on a graphics engine's runlist may be a copy engine. */
    private static GpuEngine withClasses(GpuEngine engine, Map<Integer, GpuEngine> all, ChannelModel model) {
        List<Integer> classes = new ArrayList<>();
        EngineType type = engine.engine().type();
        boolean copies = type == EngineType.COPY
                || all.values().stream()
                        .anyMatch(other ->
                                other.engine().type() == EngineType.COPY && other.runlist() == engine.runlist());
        if (engine.runlist() >= 0 && type == EngineType.GRAPHICS) {
            classes.addAll(model.graphicsClasses());
        }
        if (engine.runlist() >= 0 && copies && (type == EngineType.COPY || type == EngineType.GRAPHICS)) {
            classes.add(model.copyClass());
        }
        Engine bare = engine.engine();
        return new GpuEngine(
                new Engine(bare.type(), bare.instance(), bare.bit(), classes),
                engine.rmEngineType(),
                engine.runlist(),
                engine.nonStallVector());
    }

    private HostileBytes deviceInfoTable(int base) {
        byte[] table = new WireStruct(DeviceInfoTable.BYTES)
                .put32(DeviceInfoTable.BASE_INDEX, base)
                .bytes();
        control(RmControl.NV2080_CTRL_CMD_FIFO_GET_DEVICE_INFO_TABLE.number(), table);
        return new HostileBytes("device info table", table);
    }

    private void add(Map<Integer, GpuEngine> engines, HostileBytes table, long row, InterruptVectors vectors) {
        int number = EngineNumbers.ofRmEngineType(abi, table.intAt(row + DeviceInfoTable.RM_ENGINE_TYPE));
        if (number < 0) {
            // Nothing that channels are made for.
            return;
        }
        int runlist = table.intAt(row + DeviceInfoTable.RUNLIST);
        boolean hostDriven = table.intAt(row + DeviceInfoTable.IS_HOST_DRIVEN) != 0;
        table.require(!hostDriven || (runlist >= 0 && runlist < 1 << Short.SIZE), "runlist " + runlist);
        engines.put(
                number,
                new GpuEngine(
                        engine(number),
                        number,
                        hostDriven ? runlist : -1,
                        hostDriven ? vectors.nonStall(table.intAt(row + DeviceInfoTable.MC)) : InterruptVectors.NONE));
    }

    private static Engine engine(int number) {
        record Range(int first, int count, EngineType type, int firstInstance) {}
        List<Range> ranges = List.of(
                new Range(EngineNumbers.GR0, 8, EngineType.GRAPHICS, 0),
                new Range(EngineNumbers.COPY0, 10, EngineType.COPY, 0),
                new Range(EngineNumbers.NVDEC0, 8, EngineType.VIDEO_DECODE, 0),
                new Range(EngineNumbers.NVENC0, 3, EngineType.VIDEO_ENCODE, 0),
                new Range(EngineNumbers.SW, 1, EngineType.SOFTWARE, 0),
                new Range(EngineNumbers.SEC2, 1, EngineType.SEC2, 0),
                new Range(EngineNumbers.NVJPEG0, 8, EngineType.JPEG, 0),
                new Range(EngineNumbers.OFA0, 1, EngineType.OPTICAL_FLOW, 0),
                new Range(EngineNumbers.COPY10, 10, EngineType.COPY, 10));
        for (Range range : ranges) {
            int instance = number - range.first();
            if (instance >= 0 && instance < range.count()) {
                return new Engine(range.type(), range.firstInstance() + instance, number);
            }
        }
        return new Engine(EngineType.OTHER, number, number);
    }

    /** How many channels there can be on the first runlist of some engines, which is as many as on any. */
    public int channels(List<GpuEngine> engines) {
        int runlist = engines.stream()
                .mapToInt(GpuEngine::runlist)
                .filter(id -> id >= 0)
                .findFirst()
                .orElse(0);
        byte[] parameters = new WireStruct(NumChannels.BYTES)
                .put32(NumChannels.RUNLIST, runlist)
                .bytes();
        control(RmControl.NV2080_CTRL_CMD_INTERNAL_FIFO_GET_NUM_CHANNELS.number(), parameters);
        HostileBytes reply = new HostileBytes("number of channels", parameters);
        int count = reply.intAt(NumChannels.NUM_CHANNELS);
        reply.require(count > 0 && count <= MAX_CHANNELS, count + " channels");
        return count;
    }

    /** The chip in numbers, by NV_PMC_BOOT_0. */
    public Silicon silicon(int boot0) {
        StaticInfo.Units units = info.units().orElseGet(this::units);
        return new Silicon(Pmc.BOOT_0_CHIPSET.get(boot0), Pmc.BOOT_0_REVISION.get(boot0), units.gpcs(), units.tpcs());
    }

    private StaticInfo.Units units() {
        byte[] gpcs = new byte[GpcInfo.BYTES];
        control(RmControl.NV2080_CTRL_CMD_GPU_GET_FERMI_GPC_INFO.number(), gpcs);
        int gpcMask = new HostileBytes("GPCs", gpcs).intAt(GpcInfo.GPC_MASK);
        int count = 0;
        for (int gpc = 0; gpc < Integer.SIZE; gpc++) {
            if ((gpcMask >>> gpc & 1) != 0) {
                byte[] tpcs =
                        new WireStruct(TpcInfo.BYTES).put32(TpcInfo.GPC_ID, gpc).bytes();
                control(RmControl.NV2080_CTRL_CMD_GPU_GET_FERMI_TPC_INFO.number(), tpcs);
                count += Integer.bitCount(new HostileBytes("TPCs", tpcs).intAt(TpcInfo.TPC_MASK));
            }
        }
        return new StaticInfo.Units(Integer.bitCount(gpcMask), count);
    }

    /** Granularity of memory for virtual functions, in bytes; 0 without. */
    public long vmmuSegmentBytes() {
        byte[] parameters = new byte[VmmuSegmentSize.BYTES];
        int command = RmControl.NV2080_CTRL_CMD_GPU_GET_VMMU_SEGMENT_SIZE.number();
        // HW: boards without the unit refuse the control.
        if (rm.tryControl(info.client(), info.subdevice(), command, parameters) != 0) {
            return 0;
        }
        HostileBytes reply = new HostileBytes("VMMU segment size", parameters);
        long bytes = reply.longAt(VmmuSegmentSize.VMMU_SEGMENT_SIZE);
        reply.require(bytes >= 0 && bytes <= LARGEST_SEGMENT && Long.bitCount(bytes) <= 1, bytes + " bytes");
        return bytes;
    }

    /** Whether some unit corrects errors. */
    public boolean isEccEnabled() {
        byte[] parameters = new byte[abi.eccUnits() * EccStatus.UNIT_BYTES + EccStatus.TAIL_BYTES];
        int command = RmControl.NV2080_CTRL_CMD_GPU_QUERY_ECC_STATUS.number();
        // HW: boards without such memory refuse the control.
        if (rm.tryControl(info.client(), info.subdevice(), command, parameters) != 0) {
            return false;
        }
        for (int unit = 0; unit < abi.eccUnits(); unit++) {
            if (parameters[unit * EccStatus.UNIT_BYTES + EccStatus.ENABLED] != 0) {
                return true;
            }
        }
        return false;
    }
}
