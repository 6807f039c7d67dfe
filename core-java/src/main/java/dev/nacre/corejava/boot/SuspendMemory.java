package dev.nacre.corejava.boot;

import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.gpu.RmSession;
import dev.nacre.corejava.gsp.Rpc;
import dev.nacre.corejava.gsp.StaticInfo;
import dev.nacre.corejava.io.WireStruct;
import dev.nacre.corejava.rm.BoardControls;
import dev.nacre.corejava.rm.Rm;
import dev.nacre.corejava.rm.Sessions;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspAbi.FbsrLayout;
import dev.nacre.hw.gsp.RpcLayout.AllocMemory;
import dev.nacre.hw.rm.RmClass;
import dev.nacre.hw.rm.RmControl;
import dev.nacre.hw.rm.RpcFunction;

/** The host's memory in which the firmware saves what is its own of the GPU's memory, outside the protected region. */
final class SuspendMemory {
    // HW: free choice, nouveau's (nvkm/subdev/gsp/rm/r535/fbsr.c)
    private static final int HANDLE = 0xcaf0_0003;
    private static final int PAGE = 4096;

    // HW: NV_MMU_PTE_KIND_GENERIC_MEMORY
    private static final int KIND_GENERIC = 6;

    private final Rpc rpc;
    private final Rm rm;
    private final BoardControls controls;
    private final Sessions sessions;
    private final GspAbi abi;
    private final StaticInfo info;

    SuspendMemory(Rpc rpc, Rm rm, BoardControls controls, Sessions sessions, GspAbi abi, StaticInfo info) {
        this.rpc = rpc;
        this.rm = rm;
        this.controls = controls;
        this.sessions = sessions;
        this.abi = abi;
        this.info = info;
    }

    /**
     * Tells the firmware where to save.
     *
     * @param memory takes everything
     * @param nonWprHeap where the firmware's heap outside the protected region is
     * @param nonWprHeapBytes its size
     * @param srMeta address of GspFwSRMeta
     */
    void announce(DmaMemory.Buffer memory, long nonWprHeap, long nonWprHeapBytes, long srMeta) {
        FbsrLayout layout = abi.fbsr();
        if (layout.regionControl() == 0) {
            announce(info.client(), info.device(), memory, srMeta);
            return;
        }
        try (RmSession session = sessions.create()) {
            WireStruct init = new WireStruct(layout.initBytes());
            init.put32(layout.initType(), FbsrLayout.TYPE_DMA);
            init.put32(layout.initRegions(), 1);
            init.put64(layout.initFbAllocsSysOffset(), nonWprHeapBytes);
            init(init, session.client(), session.device(), memory);
            region(session, nonWprHeap, nonWprHeapBytes);
        }
    }

    private void announce(int client, int device, DmaMemory.Buffer memory, long srMeta) {
        WireStruct init = new WireStruct(abi.fbsr().initBytes());
        init.put64(abi.fbsr().initSrMeta(), srMeta);
        init(init, client, device, memory);
    }

    private void init(WireStruct init, int client, int device, DmaMemory.Buffer memory) {
        allocate(client, device, HANDLE, RmClass.NV01_MEMORY_LIST_SYSTEM, memory.iova(), memory.bytes());
        init.put32(abi.fbsr().initClient(), client);
        init.put32(abi.fbsr().initSysMem(), HANDLE);
        controls.control(RmControl.NV2080_CTRL_CMD_INTERNAL_FBSR_INIT.number(), init.bytes());
        rm.free(client, HANDLE);
    }

    private void region(RmSession session, long address, long bytes) {
        int handle = HANDLE + 1;
        allocate(session.client(), session.device(), handle, RmClass.NV01_MEMORY_LIST_FBMEM, address, bytes);
        WireStruct region = new WireStruct(FbsrLayout.REGION_BYTES);
        region.put32(FbsrLayout.REGION_TYPE, FbsrLayout.TYPE_DMA);
        region.put32(FbsrLayout.REGION_CLIENT, session.client());
        region.put32(FbsrLayout.REGION_VID_MEM, handle);
        region.put64(FbsrLayout.REGION_SIZE, bytes);
        controls.control(abi.fbsr().regionControl(), region.bytes());
        rm.free(session.client(), handle);
    }

    /** Describes memory to RM by its pages. */
    private void allocate(int client, int device, int handle, RmClass memoryClass, long address, long bytes) {
        int pages = (int) (bytes / PAGE);
        boolean system = memoryClass == RmClass.NV01_MEMORY_LIST_SYSTEM;
        WireStruct call = new WireStruct(AllocMemory.PAGES + pages * Long.BYTES);
        call.put32(AllocMemory.CLIENT, client);
        call.put32(AllocMemory.DEVICE, device);
        call.put32(AllocMemory.OBJECT, handle);
        call.put32(AllocMemory.CLASS, memoryClass.number());
        call.put32(AllocMemory.FLAGS, system ? AllocMemory.FLAGS_SYSTEM : AllocMemory.FLAGS_VIDEO);
        call.put32(AllocMemory.FORMAT, system ? 0 : KIND_GENERIC);
        call.put64(AllocMemory.LENGTH, bytes);
        call.put32(AllocMemory.PAGE_COUNT, pages);
        call.put32(AllocMemory.PTE_DESC, pages << Short.SIZE);
        for (int i = 0; i < pages; i++) {
            call.put64(AllocMemory.PAGES + i * Long.BYTES, address / PAGE + i);
        }
        rpc.call(RpcFunction.ALLOC_MEMORY, call.bytes());
    }
}
