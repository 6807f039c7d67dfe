package dev.nacre.board.rm;

import dev.nacre.hw.rm.ParamLayout.FloorsweepingMasks;
import dev.nacre.hw.rm.ParamLayout.GpcInfo;
import dev.nacre.hw.rm.ParamLayout.TpcInfo;
import dev.nacre.hw.rm.RmControl;

/** Controls about the graphics engine: bookkeeping only, nothing runs on it. */
final class GraphicsControls {
    // HW: open-gpu-kernel-modules, ctrl2080internal.h: NV2080_CTRL_INTERNAL_GR_MAX_ENGINES
    private static final int MAX_ENGINES = 8;

    // HW: free choice of the firmware. Drivers zero these buffers through BAR2, byte by byte, so small is fast; none
    // may
    // be zero.
    private static final int CONTEXT_BUFFER_BYTES = 0x1000;
    private static final int CONTEXT_BUFFER_ALIGNMENT = 0x1000;

    // HW: widthAlign, heightAlign, pixelSquaresByAliquots, aliquotTotal, regionByteMultiplier, regionHeaderSize,
    // subregionHeaderSize, subregionCount, subregionWidthAlign, subregionHeightAlign. Mesa divides by each.
    private static final int[] ZCULL = {32, 32, 1024, 4096, 32, 1024, 1024, 16, 32, 32};

    private static final int MAX_WARPS_PER_SM = 48;
    private static final int THREADS_PER_WARP = 32;
    private static final int SMS_PER_TPC = 2;
    private static final int MAX_SUBCONTEXTS = 64;

    private final GpuProfile profile;

    GraphicsControls(GpuProfile profile) {
        this.profile = profile;
    }

    void register(ControlRegistry registry) {
        registry.reply(RmControl.NV2080_CTRL_CMD_GPU_GET_FERMI_GPC_INFO, this::gpcInfo);
        registry.reply(RmControl.NV2080_CTRL_CMD_GPU_GET_FERMI_TPC_INFO, this::tpcInfo);
        registry.reply(RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_INFO, this::info);
        registry.reply(RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_FLOORSWEEPING_MASKS, this::masks);
        registry.reply(
                RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_CONTEXT_BUFFERS_INFO,
                GraphicsControls::contextBuffers);
        registry.reply(RmControl.NV2080_CTRL_CMD_GR_GET_ZCULL_INFO, GraphicsControls::zcull);
        registry.reply(RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_ZCULL_INFO, GraphicsControls::zcull);
        registry.accept(
                RmControl.NV2080_CTRL_CMD_GPU_PROMOTE_CTX, RmControl.NV2080_CTRL_CMD_INTERNAL_KGR_INIT_BUG4208224_WAR);
        registry.none(
                RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_CAPS,
                RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_GLOBAL_SM_ORDER,
                RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_ROP_INFO,
                RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_PPC_MASKS,
                RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_SM_ISSUE_RATE_MODIFIER,
                RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_FECS_RECORD_SIZE,
                RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_FECS_TRACE_DEFINES,
                RmControl.NV2080_CTRL_CMD_INTERNAL_STATIC_KGR_GET_PDB_PROPERTIES,
                RmControl.NV2080_CTRL_CMD_INTERNAL_GR_GET_FECS_TRACE_HW_ENABLE);
    }

    private void gpcInfo(ControlCall call) {
        call.out().put32(GpcInfo.GPC_MASK, profile.gpcMask());
    }

    private void tpcInfo(ControlCall call) {
        int gpc = call.in().get32(TpcInfo.GPC_ID);
        call.out().put32(TpcInfo.GPC_ID, gpc);
        call.out().put32(TpcInfo.TPC_MASK, profile.tpcMask(gpc));
    }

    private void info(ControlCall call) {
        int entries = call.abi().grInfoEntries();
        for (int engine = 0; engine < MAX_ENGINES; engine++) {
            for (int index = 0; index < entries; index++) {
                int entry = 8 * (engine * entries + index);
                call.out().put32(entry, index);
                call.out().put32(entry + 4, engine == 0 ? info(index) : 0);
            }
        }
    }

    // HW: open-gpu-kernel-modules, ctrl0080gr.h: NV0080_CTRL_GR_INFO_INDEX_*
    private int info(int index) {
        return switch (index) {
            case 0x07 -> profile.gpcs(); // SHADER_PIPE_COUNT
            case 0x09 -> profile.tpcs(); // SHADER_PIPE_SUB_COUNT
            case 0x0c -> profile.smVersion(); // SM_VERSION
            case 0x0d -> MAX_WARPS_PER_SM; // MAX_WARPS_PER_SM
            case 0x0e -> THREADS_PER_WARP; // MAX_THREADS_PER_WARP
            case 0x13 -> profile.coresPerSm(); // MAX_SP_PER_SM
            case 0x14 -> profile.gpcs(); // LITTER_NUM_GPCS
            case 0x17, 0x2a -> profile.tpcsPerGpc(); // LITTER_NUM_TPC_PER_GPC, FAMILY_MAX_TPC_PER_GPC
            case 0x1d -> profile.sms() * profile.coresPerSm(); // GPU_CORE_COUNT
            case 0x20 -> SMS_PER_TPC; // LITTER_NUM_SM_PER_TPC
            case 0x22 -> profile.sms(); // RT_CORE_COUNT
            case 0x23 -> 4 * profile.sms(); // TENSOR_CORE_COUNT
            case 0x24, 0x27 -> 1; // LITTER_NUM_GRS, LITTER_NUM_GPCMMU_PER_GPC
            case 0x25 -> profile.l2Caches(); // LITTER_NUM_LTCS
            case 0x26 -> profile.l2Caches() * profile.l2SlicesPerCache(); // LITTER_NUM_LTC_SLICES
            case 0x2c, 0x2d, 0x2e -> MAX_SUBCONTEXTS; // MAX_SUBCONTEXT_COUNT and its two kinds
            case 0x32 -> profile.l2SlicesPerCache(); // LITTER_NUM_SLICES_PER_LTC
            default -> 0;
        };
    }

    private void masks(ControlCall call) {
        WireStruct out = call.out();
        out.put32(FloorsweepingMasks.GPC_MASK, profile.gpcMask());
        out.put32(FloorsweepingMasks.PHYS_GPC_MASK, profile.gpcMask());
        for (int gpc = 0; gpc < FloorsweepingMasks.GPCS; gpc++) {
            out.put32(FloorsweepingMasks.TPC_MASK + 4 * gpc, profile.tpcMask(gpc));
            out.put32(FloorsweepingMasks.TPC_COUNT + 4 * gpc, profile.tpcCount(gpc));
            out.put32(FloorsweepingMasks.MMU_PER_GPC + 4 * gpc, profile.tpcCount(gpc) > 0 ? 1 : 0);
        }
    }

    private static void contextBuffers(ControlCall call) {
        int buffers = MAX_ENGINES * call.abi().contextBuffers();
        for (int i = 0; i < buffers; i++) {
            call.out().put32(8 * i, CONTEXT_BUFFER_BYTES);
            call.out().put32(8 * i + 4, CONTEXT_BUFFER_ALIGNMENT);
        }
    }

    private static void zcull(ControlCall call) {
        for (int i = 0; i < ZCULL.length; i++) {
            call.out().put32(4 * i, ZCULL[i]);
        }
    }
}
