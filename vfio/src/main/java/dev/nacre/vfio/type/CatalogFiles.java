package dev.nacre.vfio.type;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Files of types while they are read: what they hold, and all that is wrong with them. */
final class CatalogFiles {
    // HW: types per GPU in the table that firmware 535 and 570 take,
    // NV2080_CTRL_CMD_VGPU_MGR_INTERNAL_PGPU_ADD_VGPU_TYPE
    private static final int MOST_TYPES_OF_A_CHIP = 64;

    private final List<CatalogType> types = new ArrayList<>();
    private final List<CatalogError> errors = new ArrayList<>();
    private final Map<Object, String> places = new HashMap<>();
    private final Map<String, Integer> typesOfChip = new HashMap<>();

    void refuse(String file, String problem) {
        errors.add(new CatalogError(file, 0, "", problem));
    }

    /** Reads a file; what is wrong with it is told by {@link #finish}. */
    void add(String file, String text) {
        TypeFile.Content content = TypeFile.read(file, text);
        errors.addAll(content.errors());
        for (TypeFile.Entry entry : content.entries()) {
            claim(file, entry, "id", entry.type().id());
            claim(file, entry, "name", entry.type().name());
            count(file, entry);
            types.add(entry.type());
        }
    }

    /** All types. @throws CatalogException if anything was wrong */
    List<CatalogType> finish() {
        if (!errors.isEmpty()) {
            throw new CatalogException(errors);
        }
        return types;
    }

    private void claim(String file, TypeFile.Entry entry, String key, Object value) {
        String other = places.putIfAbsent(value, file + ":" + entry.line());
        if (other != null) {
            errors.add(new CatalogError(
                    file, entry.line(), "type." + key, "is taken: " + key + "=" + value + " by=" + other));
        }
    }

    private void count(String file, TypeFile.Entry entry) {
        String chip = entry.type().chip();
        if (typesOfChip.merge(chip, 1, Integer::sum) == MOST_TYPES_OF_A_CHIP + 1) {
            errors.add(new CatalogError(
                    file,
                    entry.line(),
                    "type",
                    "is one too many for a chip: chip=" + chip + " allowed=" + MOST_TYPES_OF_A_CHIP));
        }
    }
}
