package dev.nacre.corejava;

import dev.nacre.core.AddressSpace;
import dev.nacre.core.BindRequest;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbRequest;
import dev.nacre.corejava.channel.ChannelSpace;
import dev.nacre.corejava.mmu.PageRun;
import dev.nacre.corejava.mmu.PageTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Virtual addresses, and what is bound there. */
final class AddressSpaceHandle extends Handle implements AddressSpace {
    /** What lies from an address on; without memory it is sparse. */
    private record Binding(long bytes, @Nullable MemoryHandle memory) {
        void bound(int change) {
            if (memory != null) {
                memory.bound(change);
            }
        }
    }

    private final ChannelSpace space;

    /** By address; guarded by the gate. */
    private final TreeMap<Long, Binding> bindings = new TreeMap<>();

    /** How many groups of channels there are; guarded by the gate. */
    private int groups;

    AddressSpaceHandle(JavaAttachment attachment) {
        super(attachment);
        GpuParts parts = core().parts();
        space = new ChannelSpace(parts.live(), parts.memory());
    }

    @Override
    public int addressBits() {
        return ChannelSpace.ADDRESS_BITS;
    }

    @Override
    public void bind(BindRequest request) {
        core().gate().run(() -> {
            requireLive();
            if (!(request.memory() instanceof MemoryHandle memory) || memory.attachment() != attachment()) {
                throw new CoreException(CoreError.INVALID_ARGUMENT, "Memory is another client's");
            }
            memory.requireLive();
            requireInside(request.address(), request.bytes());
            if (!core().parts().live().gpu().pageTables().isKindUsable(request.pageKind())) {
                throw new CoreException(
                        CoreError.INVALID_ARGUMENT, "There is no such page kind: kind=" + request.pageKind());
            }
            requireFree(request.address(), request.bytes());
            space.tables()
                    .map(
                            request.address(),
                            memory.run(request.offset(), request.bytes(), request.writable(), request.pageKind()));
            bindings.put(request.address(), new Binding(request.bytes(), memory));
            memory.bound(1);
        });
    }

    @Override
    public void bindSparse(long address, long bytes) {
        if (address % FbRequest.PAGE_BYTES != 0 || bytes % FbRequest.PAGE_BYTES != 0) {
            throw impossible(address, bytes);
        }
        requireInside(address, bytes);
        core().gate().run(() -> {
            requireLive();
            requireFree(address, bytes);
            space.tables().map(address, PageRun.sparse(address, bytes));
            bindings.put(address, new Binding(bytes, null));
        });
    }

    private void requireFree(long address, long bytes) {
        Map.Entry<Long, Binding> below = bindings.lowerEntry(address + bytes);
        if (below != null && below.getKey() + below.getValue().bytes > address) {
            throw new CoreException(
                    CoreError.EXISTS,
                    "Something is bound there: address=0x" + Long.toHexString(address) + " bytes=" + bytes + " at=0x"
                            + Long.toHexString(below.getKey()));
        }
    }

    @Override
    public void unbind(long address, long bytes) {
        if (address % FbRequest.PAGE_BYTES != 0 || bytes % FbRequest.PAGE_BYTES != 0) {
            throw impossible(address, bytes);
        }
        requireInside(address, bytes);
        core().gate().run(() -> {
            requireLive();
            PageTables tables = space.tables();
            tables.unmap(address, bytes);
            cut(address, address + bytes);
        });
    }

    /** Forgets what lies in a range, and keeps what lies across its ends. */
    private void cut(long start, long end) {
        List<Map.Entry<Long, Binding>> hit = new ArrayList<>();
        Map.Entry<Long, Binding> below = bindings.lowerEntry(end);
        while (below != null && below.getKey() + below.getValue().bytes > start) {
            hit.add(below);
            below = bindings.lowerEntry(below.getKey());
        }
        for (Map.Entry<Long, Binding> entry : hit) {
            long from = entry.getKey();
            Binding binding = entry.getValue();
            long to = from + binding.bytes;
            bindings.remove(from);
            binding.bound(-1);
            keep(from, Math.min(to, start), binding.memory);
            keep(Math.max(from, end), to, binding.memory);
        }
    }

    private void keep(long from, long to, @Nullable MemoryHandle memory) {
        if (from < to) {
            Binding kept = new Binding(to - from, memory);
            bindings.put(from, kept);
            kept.bound(1);
        }
    }

    private static void requireInside(long address, long bytes) {
        if (address < 0
                || bytes < FbRequest.PAGE_BYTES
                || address > ChannelSpace.CORE_START
                || bytes > ChannelSpace.CORE_START - address) {
            throw impossible(address, bytes);
        }
    }

    private static CoreException impossible(long address, long bytes) {
        return new CoreException(
                CoreError.INVALID_ARGUMENT,
                "Range is not inside the address space: address=0x" + Long.toHexString(address) + " bytes=" + bytes
                        + " end=0x" + Long.toHexString(ChannelSpace.CORE_START));
    }

    ChannelSpace space() {
        return space;
    }

    /** It has more groups of channels, or less. With the gate's lock. */
    void grouped(int change) {
        groups += change;
    }

    @Override
    String describe() {
        return "address space";
    }

    @Override
    void requireUnused() {
        if (groups > 0) {
            throw new CoreException(CoreError.BUSY, "Address space has channels: groups=" + groups);
        }
    }

    @Override
    void release() {
        bindings.values().forEach(binding -> binding.bound(-1));
        bindings.clear();
        space.close();
    }
}
