package dev.nacre.board.rm;

import dev.nacre.board.vgpu.FbRange;
import dev.nacre.board.vgpu.GuestGpuType;
import dev.nacre.board.vgpu.PluginRequest;
import dev.nacre.board.vgpu.PluginType;
import dev.nacre.board.vgpu.PluginView;
import dev.nacre.board.vgpu.VgpuPlugins;
import dev.nacre.hw.rm.ClassKind;
import dev.nacre.hw.rm.ParamLayout.VmmuSegmentSize;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;
import dev.nacre.hw.vgpu.Bootload;
import dev.nacre.hw.vgpu.TypeInfo;
import dev.nacre.hw.vgpu.VgpuAbi.BootloadLayout;
import dev.nacre.hw.vgpu.VgpuParams;
import dev.nacre.hw.vgpu.VgpuParams.Enumerate;
import dev.nacre.hw.vgpu.VgpuParams.FbUsage;
import dev.nacre.hw.vgpu.VgpuParams.FsEncoding;
import dev.nacre.hw.vgpu.VgpuParams.GspFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Controls about virtual GPUs, of a subdevice. On a board that can have none, or whose driver has not asked for them, they
 * are not supported.
 */
final class VgpuControls {
    private static final int MIB = 1 << 20;
    private static final int DEVICE_SHIFT = 16;
    private static final int ID_MASK = 0xffff;

    private final GpuProfile profile;
    private @Nullable VgpuPlugins plugins;

    VgpuControls(GpuProfile profile) {
        this.profile = profile;
    }

    void connect(VgpuPlugins vgpus) {
        plugins = vgpus;
    }

    /** Answers a control on a board whose driver has asked for virtual GPUs. */
    @FunctionalInterface
    private interface Handler {
        RmStatus handle(ControlCall call, VgpuPlugins vgpus);
    }

    void register(ControlRegistry registry) {
        registry.reply(RmControl.NV2080_CTRL_CMD_GPU_GET_VMMU_SEGMENT_SIZE, this::segmentSize);
        registry.reply(RmControl.NV2080_CTRL_CMD_GSP_GET_FEATURES, VgpuControls::features);
        on(registry, RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_BOOTLOAD_GSP_VGPU_PLUGIN_TASK, VgpuControls::bootload);
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SHUTDOWN_GSP_VGPU_PLUGIN_TASK,
                VgpuParams.Gfid.BYTES,
                (call, vgpus) -> vgpus.shutDown(call.in().get32(VgpuParams.Gfid.GFID)));
        on(registry, RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_PGPU_ADD_VGPU_TYPE, VgpuControls::addTypes);
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_ENUMERATE_VGPU_PER_PGPU,
                Enumerate.BYTES,
                VgpuControls::enumerate);
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_CLEAR_GUEST_VM_INFO,
                VgpuParams.Gfid.BYTES,
                (call, vgpus) -> vgpus.clearGuest(call.in().get32(VgpuParams.Gfid.GFID)));
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_GET_VGPU_FB_USAGE,
                FbUsage.BYTES,
                VgpuControls::fbUsage);
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SET_VGPU_ENCODER_CAPACITY,
                VgpuParams.EncoderCapacity.BYTES,
                (call, vgpus) -> vgpus.encoderCapacity(
                        call.in().get32(VgpuParams.EncoderCapacity.GFID),
                        call.in().get32(VgpuParams.EncoderCapacity.ENCODER_CAPACITY)));
        registerRest(registry);
    }

    private void registerRest(ControlRegistry registry) {
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_VGPU_PLUGIN_CLEANUP,
                VgpuParams.Gfid.BYTES,
                (call, vgpus) -> vgpus.cleanUp(call.in().get32(VgpuParams.Gfid.GFID)));
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_GET_PGPU_FS_ENCODING,
                FsEncoding.BYTES,
                this::fsEncoding);
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_GET_PGPU_MIGRATION_SUPPORT,
                VgpuParams.Flag.BYTES,
                (call, vgpus) -> flag(call, false));
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SET_VGPU_MGR_CONFIG,
                VgpuParams.Flag.BYTES,
                VgpuControls::heterogeneous);
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_FREE_STATES,
                VgpuParams.FreeStates.BYTES,
                (call, vgpus) -> vgpus.freeStates(call.in().get32(VgpuParams.FreeStates.GFID)));
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_GET_FRAME_RATE_LIMITER_STATUS,
                VgpuParams.Flag.BYTES,
                (call, vgpus) -> flag(call, !vgpus.frameRateLimited()));
        on(
                registry,
                RmControl.NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_SET_VGPU_HETEROGENEOUS_MODE,
                VgpuParams.Flag.BYTES,
                VgpuControls::heterogeneous);
    }

    private void on(ControlRegistry registry, RmControl control, int bytes, Handler handler) {
        on(
                registry,
                control,
                (call, vgpus) -> call.in().length() < bytes
                        ? RmStatus.NV_ERR_INVALID_PARAM_STRUCT
                        : handler.handle(call, vgpus));
    }

    private void on(ControlRegistry registry, RmControl control, Handler handler) {
        registry.on(control, call -> {
            VgpuPlugins vgpus = plugins;
            if (call.object().kind() != ClassKind.SUBDEVICE) {
                return RmStatus.NV_ERR_INVALID_OBJECT;
            }
            if (vgpus == null || vgpus.maxGfid() == 0) {
                return RmStatus.NV_ERR_NOT_SUPPORTED;
            }
            call.echo();
            return handler.handle(call, vgpus);
        });
    }

    private void segmentSize(ControlCall call) {
        VgpuPlugins vgpus = plugins;
        call.out().put64(VmmuSegmentSize.VMMU_SEGMENT_SIZE, vgpus == null ? 0 : vgpus.segmentBytes());
    }

    private static void features(ControlCall call) {
        WireStruct out = call.out();
        out.put8(GspFeatures.B_VALID, 1);
        out.put8(GspFeatures.B_DEFAULT_GSP_RM_GPU, 1);
        out.putText(GspFeatures.FIRMWARE_VERSION, call.abi().version().id(), GspFeatures.FIRMWARE_VERSION_BYTES);
    }

    private static RmStatus flag(ControlCall call, boolean set) {
        call.out().put8(VgpuParams.Flag.FLAG, set ? 1 : 0);
        return RmStatus.NV_OK;
    }

    private static RmStatus heterogeneous(ControlCall call, VgpuPlugins vgpus) {
        return vgpus.heterogeneous(call.in().get8(VgpuParams.Flag.FLAG) != 0);
    }

    private static RmStatus addTypes(ControlCall call, VgpuPlugins vgpus) {
        WireStruct in = call.in();
        int bytes = call.abi().vgpu().typeInfo().bytes();
        int count = in.get32(TypeInfo.ADD_VGPU_INFO_COUNT);
        if (count < 0
                || count > TypeInfo.MAX_TYPES
                || in.length() < TypeInfo.ADD_VGPU_INFO + count * bytes
                || in.length() < TypeInfo.ADD_VGPU_INFO) {
            return RmStatus.NV_ERR_INVALID_PARAM_STRUCT;
        }
        List<PluginType> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            types.add(type(in.part(TypeInfo.ADD_VGPU_INFO + i * bytes, bytes)));
        }
        return vgpus.define(in.get8(TypeInfo.ADD_DISCARD_VGPU_TYPES) != 0, types);
    }

    private static PluginType type(WireStruct info) {
        long device = info.get64(TypeInfo.VDEV_ID);
        long bar1 = info.get64(TypeInfo.BAR1_LENGTH);
        GuestGpuType guest = new GuestGpuType(
                text(info, TypeInfo.VGPU_NAME, TypeInfo.STRING_BYTES),
                (int) (device >>> DEVICE_SHIFT) & ID_MASK,
                (int) device & ID_MASK,
                info.get32(TypeInfo.NUM_HEADS),
                info.get32(TypeInfo.MAX_RESOLUTION_X),
                info.get32(TypeInfo.MAX_RESOLUTION_Y),
                info.get32(TypeInfo.FRL_ENABLE) == 0 ? 0 : info.get32(TypeInfo.FRL_CONFIG),
                // GUEST: any 64 bits; what is too large stays so.
                bar1 < 0 || bar1 > MIB ? -1 : bar1 * MIB,
                info.get32(TypeInfo.MAX_INSTANCE));
        return new PluginType(
                info.get32(TypeInfo.VGPU_TYPE),
                info.get64(TypeInfo.FB_LENGTH),
                info.get32(TypeInfo.ENCODER_CAPACITY),
                guest);
    }

    /** Printable characters up to the first that is none. */
    private static String text(WireStruct from, int offset, int bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bytes - 1; i++) {
            int character = from.get8(offset + i);
            if (character < ' ' || character > '~') {
                break;
            }
            text.append((char) character);
        }
        return text.toString();
    }

    private static RmStatus bootload(ControlCall call, VgpuPlugins vgpus) {
        WireStruct in = call.in();
        BootloadLayout layout = call.abi().vgpu().bootload();
        int segments = in.get32(layout.numGuestFbSegments());
        if (in.length() < layout.bytes()) {
            return RmStatus.NV_ERR_INVALID_PARAM_STRUCT;
        }
        if (segments < 1 || segments > Bootload.MAX_SEGMENTS || !wholeGpu(in)) {
            return RmStatus.NV_ERR_INVALID_ARGUMENT;
        }
        List<FbRange> memory = new ArrayList<>();
        for (int i = 0; i < segments; i++) {
            memory.add(new FbRange(
                    in.get64(layout.guestFbPhysAddrList() + i * Long.BYTES),
                    in.get64(layout.guestFbLengthList() + i * Long.BYTES)));
        }
        List<Integer> channels = new ArrayList<>();
        for (int engine = 0; engine < layout.engines(); engine++) {
            channels.add(in.get32(Bootload.CHID_OFFSET + engine * Integer.BYTES));
        }
        List<FbRange> logs = new ArrayList<>();
        logs.add(range(in, layout.initTaskLogBuffOffset()));
        logs.add(range(in, layout.vgpuTaskLogBuffOffset()));
        if (layout.kernelLogBuffOffset() >= 0) {
            logs.add(range(in, layout.kernelLogBuffOffset()));
        }
        PluginRequest request = new PluginRequest(
                in.get32(Bootload.GFID),
                in.get32(Bootload.DBDF),
                in.get32(Bootload.VGPU_TYPE),
                in.get32(Bootload.VM_PID),
                in.get32(Bootload.NUM_CHANNELS),
                in.get32(Bootload.NUM_PLUGIN_CHANNELS),
                channels,
                memory,
                range(in, layout.pluginHeapMemoryPhysAddr()),
                in.get64(layout.ctrlBuffOffset()),
                logs);
        return vgpus.bootload(request, call.abi().vgpu());
    }

    private static boolean wholeGpu(WireStruct in) {
        int swizz = in.get32(Bootload.SWIZZ_ID);
        return swizz == 0 || swizz == Bootload.WHOLE_GPU;
    }

    private static FbRange range(WireStruct in, int offset) {
        return new FbRange(in.get64(offset), in.get64(offset + Long.BYTES));
    }

    private static RmStatus enumerate(ControlCall call, VgpuPlugins vgpus) {
        List<PluginView> running = vgpus.running();
        int count = Math.min(running.size(), VgpuParams.MAX_VGPUS);
        call.out().clear();
        call.out().put32(Enumerate.NUM_VGPU, count);
        for (int i = 0; i < count; i++) {
            describe(
                    call.out().part(Enumerate.VGPU_GUEST + i * Enumerate.ENTRY_BYTES, Enumerate.ENTRY_BYTES),
                    running.get(i));
        }
        return RmStatus.NV_OK;
    }

    private static void describe(WireStruct out, PluginView vgpu) {
        out.put32(Enumerate.VM_PID, vgpu.vmPid());
        out.put32(Enumerate.MIGRATION_PROHIBITED, 1);
        out.put32(Enumerate.FRAME_RATE_LIMIT, vgpu.frameRateLimit());
        if (vgpu.guestKnown()) {
            out.putText(Enumerate.GUEST_DRIVER_VERSION, vgpu.guest().driverVersion(), Enumerate.STRING_BYTES);
            out.put32(Enumerate.GUEST_VM_INFO_STATE, 1);
        }
        out.put32(Enumerate.GFID, vgpu.gfid());
        out.put64(Enumerate.VGPU_PCI_ID, Integer.toUnsignedLong(vgpu.dbdf()));
        out.put32(Enumerate.VGPU_DEVICE_INSTANCE_ID, vgpu.instanceId());
        out.put64(Enumerate.FB_USED, vgpu.guest().fbBytesInUse());
        out.put32(Enumerate.ENCODER_CAPACITY, vgpu.encoderCapacity());
        out.put32(Enumerate.ECC_STATE, Enumerate.ECC_NOT_SUPPORTED);
        out.put8(Enumerate.B_DRIVER_LOADED, vgpu.guest().driverLoaded() ? 1 : 0);
    }

    private static RmStatus fbUsage(ControlCall call, VgpuPlugins vgpus) {
        List<PluginView> running = vgpus.running();
        int count = Math.min(running.size(), VgpuParams.MAX_VGPUS);
        call.out().clear();
        call.out().put32(FbUsage.VGPU_COUNT, count);
        for (int i = 0; i < count; i++) {
            int entry = FbUsage.VGPU_FB_USAGE + i * FbUsage.ENTRY_BYTES;
            call.out().put32(entry + FbUsage.GFID, running.get(i).gfid());
            call.out().put64(entry + FbUsage.FB_USED, running.get(i).guest().fbBytesInUse());
        }
        return RmStatus.NV_OK;
    }

    // HW: the encoding is not published; ours. Boards with the same text can run each other's virtual GPUs.
    private RmStatus fsEncoding(ControlCall call, VgpuPlugins vgpus) {
        String text = String.format(
                Locale.ROOT,
                "%s:%x:%d:%d:%x",
                profile.shortName(),
                profile.gpcMask(),
                profile.tpcs(),
                profile.l2Caches(),
                vgpus.segmentBytes());
        call.out().clear();
        call.out().putText(FsEncoding.PGPU_STRING, text, FsEncoding.STRING_BYTES);
        call.out().put32(FsEncoding.PGPU_STRING_SIZE, text.length() + 1);
        return RmStatus.NV_OK;
    }
}
