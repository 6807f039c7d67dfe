package dev.nacre.hw.gsp.r535_113_01;

import dev.nacre.hw.vgpu.VgpuAbi;
import dev.nacre.hw.vgpu.VgpuAbi.BootloadLayout;
import dev.nacre.hw.vgpu.VgpuAbi.ConfigLayout;
import dev.nacre.hw.vgpu.VgpuAbi.ResponseLayout;
import dev.nacre.hw.vgpu.VgpuAbi.SurfaceLayout;
import dev.nacre.hw.vgpu.VgpuAbi.TypeInfoLayout;

/** Virtual GPUs in release 535.113.01. */
// HW: controls computed from ctrl2080vgpumgrinternal.h and ctrla081.h of open-gpu-kernel-modules, tag 535.113.01; the
// rest from the vGPU drivers as proposed for Linux on 2024-09-22, which name that release.
final class R535Vgpu {
    static final VgpuAbi ABI = new VgpuAbi(
            new BootloadLayout(
                    /* bytes= */ 0x1960,
                    /* engines= */ 62,
                    /* numGuestFbSegments= */ 0x118,
                    /* guestFbPhysAddrList= */ 0x120,
                    /* guestFbLengthList= */ 0xd20,
                    /* pluginHeapMemoryPhysAddr= */ 0x1920,
                    /* ctrlBuffOffset= */ 0x1930,
                    /* initTaskLogBuffOffset= */ 0x1938,
                    /* vgpuTaskLogBuffOffset= */ 0x1948,
                    /* kernelLogBuffOffset= */ -1,
                    /* migRmHeapMemoryPhysAddr= */ -1),
            new TypeInfoLayout(/* bytes= */ 4952, /* placementSize= */ -1),
            new ResponseLayout(
                    /* messageSeqNumReceived= */ -1,
                    /* messageSeqNumProcessed= */ 0x00,
                    /* resultCode= */ 0x04,
                    /* guestRpcVersion= */ 0x08,
                    /* migrationBufGspAccessOffset= */ 0x0c,
                    /* migrationStateSaveComplete= */ 0x10,
                    /* surfaces= */ 0x18,
                    /* errorBuffGspPutIdx= */ 0x158,
                    /* gridLicenseState= */ 0x15c,
                    /* guestOsType= */ -1,
                    /* frlConfig= */ -1),
            new SurfaceLayout(
                    /* bytes= */ 80,
                    /* flagBytes= */ 4,
                    /* headBlanked= */ 0x40,
                    /* flipPending= */ 0x44,
                    /* freePending= */ 0x48,
                    /* blockLinear= */ 0x4c),
            new ConfigLayout(
                    /* bytes= */ 88,
                    /* enableUvm= */ 0x4a,
                    /* linuxInterruptOptimization= */ 0x4b,
                    /* vmmMigrationSupported= */ 0x4c,
                    /* enableConsoleVnc= */ 0x4e,
                    /* useNonStallLinuxEvents= */ 0x4f,
                    /* placementId= */ -1));

    private R535Vgpu() {}
}
