package dev.nacre.board.rm;

import dev.nacre.board.host.ChannelControl;
import dev.nacre.board.mmu.MmuControl;
import dev.nacre.board.rm.ObjectState.PageDirectory;
import dev.nacre.hw.gsp.GspAbi.MemsysLayout;
import dev.nacre.hw.rm.ClassKind;
import dev.nacre.hw.rm.ParamLayout.CopyReservedPdes;
import dev.nacre.hw.rm.ParamLayout.SetPageDirectory;
import dev.nacre.hw.rm.ParamLayout.UnsetPageDirectory;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RmStatus;
import org.jspecify.annotations.Nullable;

/** Controls about memory: address spaces, caches, what is saved for a suspend. */
final class MemoryControls {
    // HW: NV0080_CTRL_DMA_SET_PAGE_DIRECTORY_FLAGS_APERTURE, bits 1:0
    private static final int APERTURE_MASK = 3;
    private static final int APERTURE_VIDMEM = 0;

    // HW: GMMU_APERTURE_VIDEO
    private static final int LEVEL_APERTURE_VIDEO = 1;

    private final GpuProfile profile;
    private final MmuControl mmu;

    MemoryControls(GpuProfile profile, MmuControl mmu) {
        this.profile = profile;
        this.mmu = mmu;
    }

    void register(ControlRegistry registry) {
        registry.on(RmControl.NV0080_CTRL_CMD_DMA_SET_PAGE_DIRECTORY, call -> {
            call.echo();
            return setPageDirectory(call.client(), call.object(), call.in());
        });
        registry.on(RmControl.NV0080_CTRL_CMD_DMA_UNSET_PAGE_DIRECTORY, call -> {
            call.echo();
            return unsetPageDirectory(call.client(), call.object(), call.in());
        });
        registry.on(RmControl.NV90F1_CTRL_CMD_VASPACE_COPY_SERVER_RESERVED_PDES, this::copyReservedPdes);
        registry.reply(RmControl.NV2080_CTRL_CMD_INTERNAL_MEMSYS_GET_STATIC_CONFIG, this::memsys);
        // Saving memory for a suspend is not needed: it is not lost.
        registry.accept(
                RmControl.NV2080_CTRL_CMD_INTERNAL_FBSR_INIT,
                RmControl.NV2080_CTRL_CMD_INTERNAL_FBSR_SEND_REGION_INFO,
                RmControl.NV2080_CTRL_CMD_INTERNAL_GMMU_COPY_RESERVED_SPLIT_GVASPACE_PDES_TO_SERVER,
                RmControl.NV2080_CTRL_CMD_INTERNAL_MEMSYS_L2_INVALIDATE_EVICT,
                RmControl.NV2080_CTRL_CMD_INTERNAL_MEMSYS_PROGRAM_RAW_COMPRESSION_MODE);
        registry.none(
                RmControl.NV0080_CTRL_CMD_FB_GET_COMPBIT_STORE_INFO,
                RmControl.NV2080_CTRL_CMD_INTERNAL_GMMU_GET_STATIC_INFO);
    }

    /** NV0080_CTRL_CMD_DMA_SET_PAGE_DIRECTORY, also as a function of its own. */
    RmStatus setPageDirectory(ObjectTree.Client client, RmObject object, WireStruct in) {
        PageDirectory directory = find(client, object, in.get32(SetPageDirectory.VA_SPACE));
        if (directory == null) {
            return RmStatus.NV_ERR_INVALID_OBJECT_HANDLE;
        }
        boolean vram = (in.get32(SetPageDirectory.FLAGS) & APERTURE_MASK) == APERTURE_VIDMEM;
        directory.give(vram ? in.get64(SetPageDirectory.PHYS_ADDRESS) : ChannelControl.NO_PAGE_DIRECTORY);
        mmu.invalidateAll();
        return RmStatus.NV_OK;
    }

    /** NV0080_CTRL_CMD_DMA_UNSET_PAGE_DIRECTORY, also as a function of its own. */
    RmStatus unsetPageDirectory(ObjectTree.Client client, RmObject object, WireStruct in) {
        PageDirectory directory = find(client, object, in.get32(UnsetPageDirectory.VA_SPACE));
        if (directory == null) {
            return RmStatus.NV_ERR_INVALID_OBJECT_HANDLE;
        }
        directory.give(ChannelControl.NO_PAGE_DIRECTORY);
        mmu.invalidateAll();
        return RmStatus.NV_OK;
    }

    private static @Nullable PageDirectory find(ObjectTree.Client client, RmObject object, int vaSpace) {
        RmObject owner = vaSpace == 0 ? object.nearest(ClassKind.DEVICE) : client.find(vaSpace);
        return owner != null && owner.state() instanceof PageDirectory directory ? directory : null;
    }

    private RmStatus copyReservedPdes(ControlCall call) {
        call.echo();
        if (call.object().kind() != ClassKind.VA_SPACE || !(call.object().state() instanceof PageDirectory directory)) {
            return RmStatus.NV_ERR_INVALID_OBJECT;
        }
        if (call.in().get32(CopyReservedPdes.NUM_LEVELS) > 0
                && call.in().get32(CopyReservedPdes.LEVEL0_APERTURE) == LEVEL_APERTURE_VIDEO) {
            directory.share(call.in().get64(CopyReservedPdes.LEVEL0_PHYS_ADDRESS));
            mmu.invalidateAll();
        }
        return RmStatus.NV_OK;
    }

    private void memsys(ControlCall call) {
        MemsysLayout layout = call.abi().memsys();
        call.out().put32(layout.l2CacheSize(), profile.l2CacheBytes());
        call.out().put32(layout.ltcCount(), profile.l2Caches());
        call.out().put32(layout.ltsPerLtcCount(), profile.l2SlicesPerCache());
    }
}
