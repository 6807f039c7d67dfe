package dev.nacre.daemon.host;

import dev.nacre.hw.chip.Chip;
import dev.nacre.vfio.type.CatalogType;
import dev.nacre.vfio.type.TypeCatalog;
import java.util.List;
import java.util.Optional;

/** Which types of virtual GPUs a software board can have. */
public final class BoardTypes {
    private BoardTypes() {}

    /** Those for the very board that the software one is, or else for every board with its chip. */
    public static List<CatalogType> of(TypeCatalog catalog, Chip chip) {
        List<CatalogType> all = catalog.forChip(chip.name());
        List<CatalogType> exact = all.stream()
                .filter(type -> type.ids().boardDevice() == chip.deviceId())
                .toList();
        return exact.isEmpty() ? all : exact;
    }

    /** The one that people name, by its name in any case or by its id. */
    public static Optional<CatalogType> find(List<CatalogType> types, String nameOrId) {
        return types.stream()
                .filter(type -> type.name().equalsIgnoreCase(nameOrId)
                        || Integer.toString(type.id()).equals(nameOrId))
                .findFirst();
    }
}
