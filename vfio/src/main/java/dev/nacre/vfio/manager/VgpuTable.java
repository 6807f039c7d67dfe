package dev.nacre.vfio.manager;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.FbMemory;
import dev.nacre.pci.bus.PciAddress;
import dev.nacre.vfio.placement.Channels;
import dev.nacre.vfio.placement.Place;
import dev.nacre.vfio.placement.Placer;
import dev.nacre.vfio.type.CatalogType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** Which virtual GPUs a board has, and what may be added. Any thread; nothing in here waits. */
final class VgpuTable {
    private final BoardSplit split;
    private final List<CatalogType> types;
    private final VgpuManagerOptions options;

    // Guarded by this, by virtual function.
    private final TreeMap<Integer, PciAddress> functions = new TreeMap<>();
    private final TreeMap<Integer, Vgpu> vgpus = new TreeMap<>();
    /** Where memory is that could not be cleared. */
    private final List<Place> blocked = new ArrayList<>();

    private boolean closed;

    VgpuTable(BoardSplit split, List<CatalogType> types, VgpuManagerOptions options) {
        this.split = split;
        this.types = List.copyOf(types);
        this.options = options;
    }

    List<CatalogType> types() {
        return types;
    }

    synchronized List<Vgpu> all() {
        return List.copyOf(vgpus.values());
    }

    synchronized Optional<Vgpu> at(int vfIndex) {
        return Optional.ofNullable(vgpus.get(vfIndex));
    }

    synchronized void addFunction(int index, PciAddress address) {
        functions.put(index, address);
    }

    /** @return the virtual GPU that it shows */
    synchronized Optional<Vgpu> removeFunction(int index) {
        functions.remove(index);
        return at(index);
    }

    /** Lets nothing be added any more. @return what is there */
    synchronized List<Vgpu> close() {
        closed = true;
        return all();
    }

    synchronized boolean remove(Vgpu vgpu) {
        return vgpus.remove(vgpu.vfIndex(), vgpu);
    }

    synchronized List<CreatableType> creatable() {
        List<CreatableType> creatable = new ArrayList<>();
        for (CatalogType type : types) {
            int left = closed ? 0 : left(type);
            if (left > 0) {
                creatable.add(new CreatableType(type, left));
            }
        }
        return creatable;
    }

    /** Adds one that a spec describes, if it may be. */
    synchronized Vgpu add(VgpuSpec spec, Function<Vgpu.Identity, Vgpu> make) {
        if (closed) {
            throw new CoreException(CoreError.GONE, "The vGPU manager is closed: name=" + spec.name());
        }
        CatalogType type = type(spec.typeId());
        if (!split.takes(type)) {
            throw new CoreException(
                    CoreError.NOT_SUPPORTED, "Type does not work on a board with ECC: type=" + type.name());
        }
        UUID uuid = spec.uuid().orElseGet(UUID::randomUUID);
        requireUnique(spec.name(), uuid);
        requireSameType(type);
        if (left(type) <= 0) {
            throw new CoreException(
                    CoreError.NO_SPACE,
                    "The board has no room for another one: type=" + type.name() + " existing=" + vgpus.size()
                            + " virtualFunctions=" + functions.size() + " maxInstances="
                            + type.share().maxInstances());
        }
        Vgpu vgpu = make.apply(new Vgpu.Identity(
                type, uuid, spec.name(), function(spec.vfIndex()), place(type, spec.placementId()), channels(type)));
        vgpus.put(vgpu.vfIndex(), vgpu);
        return vgpu;
    }

    /** What a virtual GPU is to be given. */
    synchronized VgpuParts.Plan plan(Vgpu vgpu, Consumer<FbMemory> keepAside) {
        PciAddress address = functions.get(vgpu.vfIndex());
        if (address == null) {
            throw new CoreException(CoreError.GONE, "Its virtual function has gone: " + vgpu);
        }
        if (blocked.contains(vgpu.place())) {
            throw new CoreException(CoreError.IO, "Its memory could not be cleared of what a guest left: " + vgpu);
        }
        return new VgpuParts.Plan(vgpu, routingId(address), keepAside);
    }

    /** Lets nobody have a virtual GPU's place any more. */
    synchronized void block(Vgpu vgpu) {
        blocked.add(vgpu.place());
    }

    private CatalogType type(int id) {
        return types.stream()
                .filter(type -> type.id() == id)
                .findFirst()
                .orElseThrow(() -> new CoreException(
                        CoreError.INVALID_ARGUMENT,
                        "There is no such type: type=" + id + " allowed="
                                + types.stream().map(CatalogType::id).toList()));
    }

    private void requireUnique(String name, UUID uuid) {
        if (name.isBlank()) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "A virtual GPU needs a name");
        }
        for (Vgpu other : vgpus.values()) {
            if (other.name().equals(name) || other.uuid().equals(uuid)) {
                throw new CoreException(
                        CoreError.EXISTS, "There is such a virtual GPU: name=" + name + " uuid=" + uuid);
            }
        }
    }

    private void requireSameType(CatalogType type) {
        Collection<Vgpu> others = vgpus.values();
        if (!options.heterogeneous()
                && others.stream().anyMatch(other -> other.type().id() != type.id())) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "The board has virtual GPUs of another type: type=" + type.name() + " allowed="
                            + vgpus.firstEntry().getValue().type().name());
        }
    }

    private int function(OptionalInt wanted) {
        if (wanted.isEmpty()) {
            // left() has found that there is one.
            return functions.keySet().stream()
                    .filter(index -> !vgpus.containsKey(index))
                    .findFirst()
                    .orElseThrow();
        }
        int index = wanted.getAsInt();
        if (!functions.containsKey(index)) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "There is no such virtual function: vf=" + index + " allowed=" + functions.keySet());
        }
        if (vgpus.containsKey(index)) {
            throw new CoreException(
                    CoreError.BUSY, "The virtual function shows another virtual GPU: " + vgpus.get(index));
        }
        return index;
    }

    private Place place(CatalogType type, OptionalInt wanted) {
        Placer placer = split.placer(type);
        if (wanted.isEmpty()) {
            // left() has found that there is one.
            return placer.choose(split.footprint(type), taken()).orElseThrow();
        }
        try {
            return placer.at(split.footprint(type), wanted.getAsInt(), taken());
        } catch (IllegalArgumentException e) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "Place is not possible: " + e.getMessage(), e);
        }
    }

    private int channels(CatalogType type) {
        return Channels.each(split.board().vgpuChannels(), type.share().maxInstances());
    }

    private List<Place> taken() {
        List<Place> taken = new ArrayList<>(blocked);
        vgpus.values().forEach(vgpu -> taken.add(vgpu.place()));
        return taken;
    }

    /** How many more of a type there can be. */
    private int left(CatalogType type) {
        Collection<Vgpu> all = vgpus.values();
        boolean mixes = all.stream().anyMatch(vgpu -> vgpu.type().id() != type.id());
        if (!split.takes(type) || (mixes && !options.heterogeneous()) || channels(type) == 0) {
            return 0;
        }
        // CAST: as many as virtual functions at the most
        int same =
                (int) all.stream().filter(vgpu -> vgpu.type().id() == type.id()).count();
        int bySlots = Math.min(functions.size(), options.maxVgpus()) - all.size();
        int byPlaces = split.placer(type).free(split.footprint(type), taken()).size();
        return Math.max(0, Math.min(Math.min(type.share().maxInstances() - same, bySlots), byPlaces));
    }

    private static int routingId(PciAddress address) {
        return address.domain() << 16 | address.bus() << 8 | address.device() << 3 | address.function();
    }
}
