package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.ChannelIds;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.VgpuPlugin;
import dev.nacre.core.VgpuRequest;
import dev.nacre.core.VgpuSurface;
import dev.nacre.core.VgpuType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** The operations of virtual GPUs for C. C calls every method, by its name in the table. */
final class VgpuExports {
    private static final int MOST_TYPES = 4096;

    private final Exports exports;

    VgpuExports(Exports exports) {
        this.exports = exports;
    }

    int vgpuDefineTypes(long attachment, MemorySegment types, int count, int heterogeneous) {
        int number = Exports.clip(count);
        if (number > MOST_TYPES) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Number of types is impossible: count=" + number + " allowed=0 to " + MOST_TYPES);
        }
        List<VgpuType> list = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            MemorySegment all = Exports.at(types, number * Abi.VGPU_TYPE.byteSize());
            list.add(VgpuStructs.type(all.asSlice(i * Abi.VGPU_TYPE.byteSize(), Abi.VGPU_TYPE)));
        }
        exports.attachment(attachment).defineVgpuTypes(list, heterogeneous != 0);
        return 0;
    }

    int vgpuStart(long attachment, MemorySegment request, MemorySegment out) {
        int size = Exports.at(request, Integer.BYTES).get(JAVA_INT, Abi.SIZE);
        if (Exports.clip(size) < Abi.VGPU_REQUEST.byteSize()) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Size of the request is impossible: size=" + Integer.toUnsignedString(size) + " allowed=from "
                            + Abi.VGPU_REQUEST.byteSize());
        }
        MemorySegment in = Exports.at(request, Abi.VGPU_REQUEST.byteSize());
        Exports.at(out, Long.BYTES);
        VgpuPlugin plugin = exports.attachment(attachment)
                .startVgpu(new VgpuRequest(
                        VgpuStructs.intAt(in, Abi.VGPU_REQUEST, "vf_index"),
                        VgpuStructs.intAt(in, Abi.VGPU_REQUEST, "pci_address"),
                        VgpuStructs.intAt(in, Abi.VGPU_REQUEST, "type_id"),
                        VgpuStructs.uuid(in),
                        VgpuStructs.intAt(in, Abi.VGPU_REQUEST, "process_id"),
                        FirmwareExports.client(exports, in.get(JAVA_LONG, VgpuStructs.CLIENT)),
                        exports.handles().find(in.get(JAVA_LONG, VgpuStructs.CHIDS), ChannelIds.class),
                        MemoryExports.memory(exports, in.get(JAVA_LONG, VgpuStructs.FRAME_BUFFER)),
                        MemoryExports.memory(exports, in.get(JAVA_LONG, VgpuStructs.HEAP))));
        return exports.give(exports.handles().add(attachment, plugin), out);
    }

    int vgpuReset(long vgpu) {
        plugin(vgpu).reset();
        return 0;
    }

    int vgpuBusMaster(long vgpu, int enabled, int allowed) {
        plugin(vgpu).busMaster(enabled != 0, allowed != 0);
        return 0;
    }

    int vgpuGuestInfo(long vgpu, MemorySegment info) {
        MemorySegment out = Exports.at(info, Abi.VGPU_GUEST_INFO.byteSize());
        VgpuStructs.set(plugin(vgpu).guestInfo(), out);
        return 0;
    }

    int vgpuSurfaces(long vgpu, MemorySegment to, int capacity) {
        List<VgpuSurface> surfaces = plugin(vgpu).surfaces();
        int count = Math.min(Exports.clip(capacity), surfaces.size());
        for (int i = 0; i < count; i++) {
            MemorySegment all = Exports.at(to, count * Abi.VGPU_SURFACE.byteSize());
            VgpuStructs.set(surfaces.get(i), all.asSlice(i * Abi.VGPU_SURFACE.byteSize(), Abi.VGPU_SURFACE));
        }
        return surfaces.size();
    }

    int vgpuUsage(long vgpu, MemorySegment usage) {
        MemorySegment out = Exports.at(usage, Abi.VGPU_USAGE.byteSize());
        VgpuStructs.set(plugin(vgpu).usage(), out);
        return 0;
    }

    int vgpuLogCount(long vgpu) {
        return plugin(vgpu).logs().size();
    }

    int vgpuLog(long vgpu, int index, MemorySegment name, MemorySegment to, long capacity, MemorySegment bytes) {
        return FirmwareExports.log(plugin(vgpu).logs(), index, name, to, capacity, bytes);
    }

    int vgpuStop(long vgpu) throws Exception {
        return exports.free(vgpu, plugin(vgpu));
    }

    private VgpuPlugin plugin(long handle) {
        return exports.handles().find(handle, VgpuPlugin.class);
    }
}
