package dev.nacre.hw.gsp.r570_144;

import dev.nacre.hw.vgpu.VgpuAbi;
import dev.nacre.hw.vgpu.VgpuAbi.BootloadLayout;
import dev.nacre.hw.vgpu.VgpuAbi.ConfigLayout;
import dev.nacre.hw.vgpu.VgpuAbi.ResponseLayout;
import dev.nacre.hw.vgpu.VgpuAbi.SurfaceLayout;
import dev.nacre.hw.vgpu.VgpuAbi.TypeInfoLayout;

/** Virtual GPUs in release 570.144. */
// HW: controls computed from ctrl2080vgpumgrinternal.h and ctrla081.h of open-gpu-kernel-modules, tag 570.144; the rest
// from the vGPU drivers as proposed for Linux on 2025-09-03, which name that release.
final class R570Vgpu {
    static final VgpuAbi ABI = new VgpuAbi(
            new BootloadLayout(
                    /* bytes= */ 0x19d8,
                    /* engines= */ 84,
                    /* numGuestFbSegments= */ 0x170,
                    /* guestFbPhysAddrList= */ 0x178,
                    /* guestFbLengthList= */ 0xd78,
                    /* pluginHeapMemoryPhysAddr= */ 0x1978,
                    /* ctrlBuffOffset= */ 0x1988,
                    /* initTaskLogBuffOffset= */ 0x1990,
                    /* vgpuTaskLogBuffOffset= */ 0x19a0,
                    /* kernelLogBuffOffset= */ 0x19b0,
                    /* migRmHeapMemoryPhysAddr= */ 0x19c0),
            new TypeInfoLayout(/* bytes= */ 5224, /* placementSize= */ 0x1358),
            new ResponseLayout(
                    /* messageSeqNumReceived= */ 0x00,
                    /* messageSeqNumProcessed= */ 0x04,
                    /* resultCode= */ 0x08,
                    /* guestRpcVersion= */ 0x0c,
                    /* migrationBufGspAccessOffset= */ 0x10,
                    /* migrationStateSaveComplete= */ 0x14,
                    /* surfaces= */ 0x18,
                    /* errorBuffGspPutIdx= */ 0x138,
                    /* gridLicenseState= */ 0x13c,
                    /* guestOsType= */ 0x140,
                    /* frlConfig= */ 0x144),
            new SurfaceLayout(
                    /* bytes= */ 72,
                    /* flagBytes= */ 1,
                    /* headBlanked= */ 0x3d,
                    /* flipPending= */ 0x3e,
                    /* freePending= */ 0x3f,
                    /* blockLinear= */ 0x40),
            new ConfigLayout(
                    /* bytes= */ 112,
                    /* enableUvm= */ 0x4b,
                    /* linuxInterruptOptimization= */ 0x4c,
                    /* vmmMigrationSupported= */ 0x4d,
                    /* enableConsoleVnc= */ 0x4f,
                    /* useNonStallLinuxEvents= */ 0x50,
                    /* placementId= */ 0x54));

    private R570Vgpu() {}
}
