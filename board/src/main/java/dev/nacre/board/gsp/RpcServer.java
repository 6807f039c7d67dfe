package dev.nacre.board.gsp;

import dev.nacre.board.fb.Vram;
import dev.nacre.board.mmu.MmuControl;
import dev.nacre.board.rm.FirmwareMemory;
import dev.nacre.board.rm.ResourceManager;
import dev.nacre.board.rm.StaticInfo;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.vgpu.VgpuPlugins;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.gsp.RpcLayout;
import dev.nacre.hw.mmu.PageTableFormat;
import dev.nacre.hw.rm.RmStatus;
import dev.nacre.hw.rm.RpcFunction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Answers the messages of a driver. GSP's engine thread. */
final class RpcServer {
    /** What the GSP as a whole has to do after a message. */
    enum Outcome {
        /** Nothing. */
        GO_ON,
        /** The driver goes: stop. */
        UNLOADED,
        /** The driver suspends: stop, and keep everything. */
        SUSPENDED
    }

    // HW: NV_RPC_UPDATE_PDE_BAR_1 0, NV_RPC_UPDATE_PDE_BAR_2 1
    private static final long BAR2 = 1;

    // HW: open-gpu-kernel-modules, nvrm_registry.h
    private static final String SRIOV_MODE = "RMSetSriovMode";

    // HW: NVIDIA's documentation of virtual GPUs: how time is divided between them
    private static final String SCHEDULING = "RmPVMRL";

    private final ResourceManager rm;
    private final StaticInfo staticInfo;
    private final MmuControl mmu;
    private final Vram vram;
    private final long rootLevelShift;
    private final System.Logger log = System.getLogger(Gsp.class.getName());
    private final MessageCounts counts = new MessageCounts();
    private GspAbi abi = GspAbi.of(GspVersion.R570_144);
    private @Nullable FirmwareMemory firmwareMemory;
    private @Nullable VgpuPlugins plugins;

    RpcServer(ResourceManager rm, StaticInfo staticInfo, MmuControl mmu, Vram vram, PageTableFormat pageTables) {
        this.rm = rm;
        this.staticInfo = staticInfo;
        this.mmu = mmu;
        this.vram = vram;
        this.rootLevelShift = pageTables.directories().getFirst().lo();
    }

    /** The interface that the driver was built for; the newest until it has told. */
    GspAbi abi() {
        return abi;
    }

    /** Goes on with an interface that is known. */
    void abi(GspAbi known) {
        abi = known;
    }

    /** Messages that it has taken. */
    MessageCounts counts() {
        return counts;
    }

    /** Connects the plugins of virtual GPUs, on a board that can have any. */
    void connect(VgpuPlugins vgpus) {
        plugins = vgpus;
    }

    /** How VRAM is divided, from the last start on. */
    void firmwareMemory(@Nullable FirmwareMemory division) {
        firmwareMemory = division;
    }

    /** Answers a message. */
    Outcome handle(RpcMessage message, Outbox outbox) {
        RpcFunction function = RpcFunction.of(message.function());
        counts.count(function);
        if (function == null) {
            unknown(message, outbox);
            return Outcome.GO_ON;
        }
        switch (function) {
            case GSP_RM_CONTROL -> control(message, outbox);
            case GSP_RM_ALLOC -> alloc(message, outbox);
            case FREE -> free(message, outbox);
            case DUP_OBJECT -> duplicate(message, outbox);
            case ALLOC_MEMORY -> allocMemory(message, outbox);
            case GET_GSP_STATIC_INFO -> staticInfo(message, outbox);
            case UPDATE_BAR_PDE -> updateBarPde(message, outbox);
            case SET_PAGE_DIRECTORY -> setPageDirectory(message, outbox);
            case UNSET_PAGE_DIRECTORY -> unsetPageDirectory(message, outbox);
            case GSP_SET_SYSTEM_INFO -> systemInfo(message);
            case SET_REGISTRY -> registry(message);
            case UNLOADING_GUEST_DRIVER -> {
                // The bare header: one driver complains of more.
                outbox.reply(message, 0, new byte[0], 0);
                return message.body().get8(RpcLayout.Unloading.IN_PM_TRANSITION) != 0
                        ? Outcome.SUSPENDED
                        : Outcome.UNLOADED;
            }
            case INVALIDATE_TLB -> {
                mmu.invalidateAll();
                echo(message, outbox, RmStatus.NV_OK);
            }
            case SET_GUEST_SYSTEM_INFO, SET_GUEST_SYSTEM_INFO_EXT, IDLE_CHANNELS, DISABLE_CHANNELS ->
                echo(message, outbox, RmStatus.NV_OK);
            case ECC_NOTIFIER_WRITE_ACK -> {}
            case CONTINUATION_RECORD,
                    DUMP_PROTOBUF_COMPONENT,
                    GSP_INIT_DONE,
                    GSP_RUN_CPU_SEQUENCER,
                    POST_EVENT,
                    RC_TRIGGERED,
                    MMU_FAULT_QUEUED,
                    OS_ERROR_LOG,
                    GPUACCT_PERFMON_UTIL_SAMPLES,
                    VGPU_GSP_PLUGIN_TRIGGERED -> unknown(message, outbox);
        }
        return Outcome.GO_ON;
    }

    private static void echo(RpcMessage message, Outbox outbox, RmStatus status) {
        byte[] payload = Arrays.copyOf(message.payload(), message.countedBytes());
        outbox.reply(message, status.code(), payload, payload.length);
    }

    private void unknown(RpcMessage message, Outbox outbox) {
        rm.unknownCalls().count("function", RpcFunction.nameOf(message.function()));
        byte[] payload = Arrays.copyOf(message.payload(), message.countedBytes());
        outbox.reply(message, RpcFunction.RESULT_UNKNOWN_FUNCTION, payload, payload.length);
    }

    private void control(RpcMessage message, Outbox outbox) {
        WireStruct body = message.body();
        long paramsSize = Integer.toUnsignedLong(body.get32(RpcLayout.Control.PARAMS_SIZE));
        long available = Math.max(0, message.countedBytes() - RpcLayout.Control.PARAMS);
        byte[] reply = Arrays.copyOf(message.payload(), Math.max(message.countedBytes(), RpcLayout.Control.PARAMS));
        WireStruct out = WireStruct.over(reply);
        RmStatus status = RmStatus.NV_ERR_INVALID_PARAM_STRUCT;
        if (paramsSize <= available) {
            WireStruct in = body.part(RpcLayout.Control.PARAMS, (int) paramsSize);
            WireStruct result = WireStruct.ofSize((int) paramsSize);
            status = rm.control(
                    abi,
                    body.get32(RpcLayout.Control.CLIENT),
                    body.get32(RpcLayout.Control.OBJECT),
                    body.get32(RpcLayout.Control.COMMAND),
                    in,
                    result);
            out.part(RpcLayout.Control.PARAMS, (int) paramsSize).putAll(result);
        }
        out.put32(RpcLayout.Control.STATUS, status.code());
        outbox.reply(message, 0, reply, message.countedBytes());
    }

    private void alloc(RpcMessage message, Outbox outbox) {
        WireStruct body = message.body();
        long paramsSize = Integer.toUnsignedLong(body.get32(RpcLayout.Alloc.PARAMS_SIZE));
        // Some drivers do not count the parameters in the length; they are in the elements all the same.
        long available = Math.max(0, message.payload().length - RpcLayout.Alloc.PARAMS);
        RmStatus status = RmStatus.NV_ERR_INVALID_PARAM_STRUCT;
        int replyBytes = message.countedBytes();
        int handle = rm.handleFor(body.get32(RpcLayout.Alloc.CLIENT), body.get32(RpcLayout.Alloc.OBJECT));
        if (paramsSize <= available) {
            status = rm.alloc(
                    body.get32(RpcLayout.Alloc.CLIENT),
                    body.get32(RpcLayout.Alloc.PARENT),
                    handle,
                    body.get32(RpcLayout.Alloc.CLASS),
                    body.part(RpcLayout.Alloc.PARAMS, (int) paramsSize));
            replyBytes = Math.max(replyBytes, RpcLayout.Alloc.PARAMS + (int) paramsSize);
        }
        byte[] reply = Arrays.copyOf(message.payload(), replyBytes);
        WireStruct.over(reply).put32(RpcLayout.Alloc.OBJECT, handle);
        WireStruct.over(reply).put32(RpcLayout.Alloc.STATUS, status.code());
        // One driver looks at the status of the record only, another at that of the allocation.
        outbox.reply(message, status.code(), reply, message.countedBytes());
    }

    private void free(RpcMessage message, Outbox outbox) {
        WireStruct body = message.body();
        RmStatus status = rm.free(body.get32(RpcLayout.Free.CLIENT), body.get32(RpcLayout.Free.OBJECT));
        byte[] reply = Arrays.copyOf(message.payload(), message.countedBytes());
        WireStruct.over(reply).put32(RpcLayout.Free.STATUS, status.code());
        // What is not there is as good as freed: the record itself succeeds.
        outbox.reply(message, 0, reply, reply.length);
    }

    private void duplicate(RpcMessage message, Outbox outbox) {
        WireStruct body = message.body();
        RmStatus status = rm.duplicate(
                body.get32(RpcLayout.DupObject.CLIENT),
                body.get32(RpcLayout.DupObject.PARENT),
                body.get32(RpcLayout.DupObject.OBJECT),
                body.get32(RpcLayout.DupObject.SOURCE_CLIENT),
                body.get32(RpcLayout.DupObject.SOURCE_OBJECT));
        byte[] reply = Arrays.copyOf(message.payload(), message.countedBytes());
        WireStruct.over(reply).put32(RpcLayout.DupObject.STATUS, status.code());
        outbox.reply(message, status.code(), reply, reply.length);
    }

    private void allocMemory(RpcMessage message, Outbox outbox) {
        WireStruct body = message.body();
        RmStatus status = rm.allocMemory(
                body.get32(RpcLayout.AllocMemory.CLIENT),
                body.get32(RpcLayout.AllocMemory.DEVICE),
                body.get32(RpcLayout.AllocMemory.OBJECT),
                body.get32(RpcLayout.AllocMemory.CLASS));
        // HW: nouveau nvkm/subdev/gsp/rm/r535/fbsr.c: one record is the answer, however many listed the pages.
        int length = Math.min(message.countedBytes(), QueueLayout.MAX_RPC_BYTES - QueueLayout.RPC_HEADER_BYTES);
        byte[] payload = Arrays.copyOf(message.payload(), length);
        outbox.reply(message, status.code(), payload, payload.length);
    }

    private void staticInfo(RpcMessage message, Outbox outbox) {
        FirmwareMemory division = firmwareMemory;
        if (division == null) {
            echo(message, outbox, RmStatus.NV_ERR_INVALID_STATE);
            return;
        }
        byte[] info = staticInfo.encode(abi, division);
        if (plugins != null) {
            WireStruct.over(info).put32(abi.staticInfo().sriovMaxGfid(), plugins.maxGfid());
        }
        byte[] reply = Arrays.copyOf(info, Math.max(info.length, message.countedBytes()));
        outbox.reply(message, 0, reply, reply.length);
    }

    private void updateBarPde(RpcMessage message, Outbox outbox) {
        WireStruct body = message.body();
        long bar = Integer.toUnsignedLong(body.get32(RpcLayout.UpdateBarPde.BAR_TYPE));
        FirmwareMemory division = firmwareMemory;
        boolean good = bar <= BAR2
                && body.get64(RpcLayout.UpdateBarPde.ENTRY_LEVEL_SHIFT) == rootLevelShift
                && message.countedBytes() >= RpcLayout.UpdateBarPde.BYTES
                && division != null;
        if (good && division != null) {
            long directory = bar == BAR2 ? division.bar2PageDirectory() : division.bar1PageDirectory();
            vram.writeLong(directory, body.get64(RpcLayout.UpdateBarPde.ENTRY_VALUE));
            if (bar == BAR2) {
                mmu.bar2PageDirectory(directory);
            }
            mmu.invalidateAll();
        }
        echo(message, outbox, good ? RmStatus.NV_OK : RmStatus.NV_ERR_INVALID_ARGUMENT);
    }

    private void setPageDirectory(RpcMessage message, Outbox outbox) {
        WireStruct body = message.body();
        RmStatus status = rm.setPageDirectory(
                body.get32(RpcLayout.SetPageDirectory.CLIENT),
                body.get32(RpcLayout.SetPageDirectory.DEVICE),
                body.part(RpcLayout.SetPageDirectory.PARAMS, body.length()));
        echo(message, outbox, status);
    }

    private void unsetPageDirectory(RpcMessage message, Outbox outbox) {
        WireStruct body = message.body();
        RmStatus status = rm.unsetPageDirectory(
                body.get32(RpcLayout.UnsetPageDirectory.CLIENT),
                body.get32(RpcLayout.UnsetPageDirectory.DEVICE),
                body.part(RpcLayout.UnsetPageDirectory.PARAMS, body.length()));
        echo(message, outbox, status);
    }

    // No reply. The size of the structure is the only thing by which a driver betrays for which firmware it was built.
    private void systemInfo(RpcMessage message) {
        GspVersion version = GspVersion.ofSystemInfoBytes(message.countedBytes());
        if (version == null) {
            log.log(
                    System.Logger.Level.WARNING,
                    "Driver was built for a firmware that is not modelled, going on as for the newest;"
                            + " systemInfoBytes=" + message.countedBytes() + " known="
                            + Arrays.stream(GspVersion.values())
                                    .map(v -> v.id() + ":" + v.systemInfoBytes())
                                    .toList());
        } else {
            log.log(System.Logger.Level.DEBUG, "Driver was built for firmware " + version.id());
        }
        abi = GspAbi.of(version == null ? GspVersion.R570_144 : version);
        WireStruct body = message.body();
        rm.barAddresses(body.get64(0), body.get64(8), body.get64(16));
        if (plugins != null) {
            GspAbi.SystemInfoLayout layout = abi.systemInfo();
            plugins.virtualFunctions(
                    body.get32(layout.vfInfo() + GspAbi.VfInfo.TOTAL_VFS),
                    body.get32(layout.vfInfo() + GspAbi.VfInfo.FIRST_VF_OFFSET),
                    body.get32(layout.nvDomainBusDeviceFunc()));
        }
        log.log(
                System.Logger.Level.DEBUG,
                () -> "System: bar0=0x" + Long.toHexString(body.get64(0)) + " bar1=0x" + Long.toHexString(body.get64(8))
                        + " bar2=0x" + Long.toHexString(body.get64(16)));
    }

    // No reply.
    private void registry(RpcMessage message) {
        log.log(System.Logger.Level.DEBUG, () -> RegistryTable.describe(message));
        if (plugins != null) {
            plugins.sriovMode(RegistryTable.number(message, SRIOV_MODE).orElse(0) == 1);
            plugins.scheduling(RegistryTable.number(message, SCHEDULING).orElse(0));
        }
    }
}
