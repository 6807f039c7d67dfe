package dev.nacre.vfio.testing;

import dev.nacre.vfio.placement.PlacementRule;
import dev.nacre.vfio.type.CatalogType;
import dev.nacre.vfio.type.PciIds;
import dev.nacre.vfio.type.Series;
import dev.nacre.vfio.type.TypeDisplay;
import dev.nacre.vfio.type.TypeMemory;
import dev.nacre.vfio.type.TypeShare;
import java.util.List;

/** Types of virtual GPUs for tests. */
public final class TestTypes {
    /** Bytes of a heap. */
    public static final long HEAP_BYTES = 32L << 20;

    /** 1 GiB, 32 at a time. */
    public static final CatalogType ONE = type(1, "T-1Q", 1, 32, true);

    /** 2 GiB, 16 at a time. */
    public static final CatalogType TWO = type(2, "T-2Q", 2, 16, true);

    /** 1 GiB, not for boards with ECC. */
    public static final CatalogType NO_ECC = type(3, "T-1B", 1, 32, false);

    /** All. */
    public static final List<CatalogType> ALL = List.of(ONE, TWO, NO_ECC);

    private TestTypes() {}

    /** A type with as much memory as its name says, less its heap. */
    public static CatalogType type(int id, String name, int gib, int instances, boolean ecc) {
        return new CatalogType(
                id,
                name,
                "NVIDIA " + name,
                "AD102",
                Series.Q,
                PlacementRule.HALVING,
                new PciIds(0x26b5, 0x26b5, 0x176d),
                new TypeMemory(gib, ((long) gib << 30) - (128L << 20), HEAP_BYTES, 0, 128L << 20),
                new TypeDisplay(1, 1920, 1200, 60),
                new TypeShare(instances, ecc, 100),
                "");
    }
}
