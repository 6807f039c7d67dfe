package dev.nacre.corec;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.GspLog;
import dev.nacre.core.VgpuGuestInfo;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.VgpuSurface;
import dev.nacre.core.VgpuUsage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A virtual GPU's plugin, of a core in C. */
final class NativeVgpuPlugin extends NativeObject implements VgpuPlugin {
    private static final int MOST_SURFACES = 64;

    private final int vfIndex;

    NativeVgpuPlugin(CoreTable table, long handle, int vfIndex) {
        super(table, handle, Op.VGPU_STOP);
        this.vfIndex = vfIndex;
    }

    @Override
    public int vfIndex() {
        return vfIndex;
    }

    @Override
    public void reset() {
        table().call(Op.VGPU_RESET, pointer());
    }

    @Override
    public void busMaster(boolean enabled, boolean allowed) {
        table().call(Op.VGPU_BUS_MASTER, pointer(), enabled ? 1 : 0, allowed ? 1 : 0);
    }

    @Override
    public VgpuGuestInfo guestInfo() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(Abi.VGPU_GUEST_INFO);
            table().call(Op.VGPU_GUEST_INFO, pointer(), info);
            return VgpuStructs.guestInfo(info);
        }
    }

    @Override
    public List<VgpuSurface> surfaces() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment all = arena.allocate(Abi.VGPU_SURFACE, MOST_SURFACES);
            int count = table().call(Op.VGPU_SURFACES, pointer(), all, MOST_SURFACES);
            if (count > MOST_SURFACES) {
                throw new CoreException(
                        CoreError.IO,
                        "Number of surfaces is impossible: count=" + count + " allowed=0 to " + MOST_SURFACES);
            }
            List<VgpuSurface> list = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                list.add(VgpuStructs.surface(all.asSlice(i * Abi.VGPU_SURFACE.byteSize(), Abi.VGPU_SURFACE)));
            }
            return List.copyOf(list);
        }
    }

    @Override
    public VgpuUsage usage() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment usage = arena.allocate(Abi.VGPU_USAGE);
            table().call(Op.VGPU_USAGE, pointer(), usage);
            return VgpuStructs.usage(usage);
        }
    }

    @Override
    public List<GspLog> logs() {
        return NativeLogs.read(this, Op.VGPU_LOG_COUNT, Op.VGPU_LOG);
    }
}
