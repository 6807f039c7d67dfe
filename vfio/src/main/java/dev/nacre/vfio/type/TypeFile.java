package dev.nacre.vfio.type;

import dev.nacre.vfio.placement.PlacementRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** Reads a file of types. */
final class TypeFile {
    private static final long MIB = 1L << 20;

    private static final Set<String> BOARD_KEYS =
            Set.of("chip", "device-id", "memory-gib", "placement", "guest-name-prefix", "bar1-mib", "series", "type");
    private static final Set<String> SERIES_KEYS = Set.of(
            "heads",
            "max-width",
            "max-height",
            "frame-rate-limit",
            "ecc",
            "encoder-percent",
            "licenses",
            "guest-device-id",
            "guest-subsystem-id",
            "reserved-mib");
    private static final Set<String> TYPE_KEYS = Set.of("id", "name", "fb-mib", "heap-mib", "instances");

    private final TypeFields.Errors errors;
    private final TomlTable root;
    private final List<Entry> entries = new ArrayList<>();

    private TypeFile(TypeFields.Errors errors, TomlTable root) {
        this.errors = errors;
        this.root = root;
    }

    /** A type and the line it begins at. */
    record Entry(CatalogType type, int line) {}

    /** What a file holds: the types that are right, and all that is wrong. */
    record Content(List<Entry> entries, List<CatalogError> errors) {}

    /** What a file says of the board of all its types. */
    private record Board(
            String chip, int deviceId, int memoryGib, PlacementRule placement, String prefix, long bar1Bytes) {}

    static Content read(String file, String text) {
        TypeFields.Errors errors = new TypeFields.Errors(file);
        TomlParseResult root = Toml.parse(text);
        for (TomlParseError error : root.errors()) {
            errors.add(error.position().line(), "", String.valueOf(error.getMessage()));
        }
        if (!errors.isEmpty()) {
            return new Content(List.of(), errors.list());
        }
        TypeFile reader = new TypeFile(errors, root);
        reader.read();
        return new Content(reader.entries, errors.list());
    }

    private void read() {
        Board board = board(new TypeFields(root, null, "", errors));
        Object series = root.get(List.of("series"));
        TomlTable defaults = series instanceof TomlTable table ? table : Toml.parse("");
        if (series != null && !(series instanceof TomlTable)) {
            errors.add(root, "series", "series", "has to be tables such as [series.Q]");
        }
        checkSeries(defaults);
        if (!(root.get(List.of("type")) instanceof TomlArray types) || types.isEmpty()) {
            errors.add(1, "type", "has to be there, as tables [[type]]");
            return;
        }
        for (int i = 0; i < types.size(); i++) {
            if (types.get(i) instanceof TomlTable type) {
                readType(board, type, defaults, TypeFields.line(type));
            } else {
                errors.add(root, "type", "type", "has to be tables [[type]]");
            }
        }
    }

    private Board board(TypeFields fields) {
        fields.allow(BOARD_KEYS);
        return new Board(
                fields.text("chip", "[A-Z]{2}[0-9]{3}"),
                (int) fields.number("device-id", 1, 0xffff),
                (int) fields.number("memory-gib", 1, 1024),
                PlacementRule.valueOf(fields.text("placement", "halving|even").toUpperCase(Locale.ROOT)),
                fields.text("guest-name-prefix", "[ -~]{0,23}"),
                fields.powerOfTwo("bar1-mib", 64, 65536) * MIB);
    }

    private void checkSeries(TomlTable defaults) {
        for (String letter : defaults.keySet()) {
            boolean known = letter.matches("[QCBA]");
            if (!known) {
                errors.add(defaults, letter, "series." + letter, "is unknown: allowed=Q, C, B, A");
            } else if (defaults.get(List.of(letter)) instanceof TomlTable table) {
                new TypeFields(table, null, "series." + letter + ".", errors).allow(SERIES_KEYS);
            } else {
                errors.add(defaults, letter, "series." + letter, "has to be a table");
            }
        }
    }

    private void readType(Board board, TomlTable table, TomlTable defaults, int line) {
        int before = errors.list().size();
        TypeName name = TypeName.of(new TypeFields(table, null, "type.", errors).text("name", TypeName.PATTERN));
        TomlTable series = defaults.get(List.of(name.series(defaults))) instanceof TomlTable of ? of : null;
        TypeFields fields = new TypeFields(table, series, "type.", errors);
        fields.allow(TYPE_KEYS, SERIES_KEYS);
        int id = (int) fields.number("id", 1, Integer.MAX_VALUE);
        String guestName = board.prefix + name.text();
        if (guestName.length() > 31) {
            errors.add(
                    table, "name", "type.name", "is too long with its prefix: name=\"" + guestName + "\" allowed=31");
        }
        TypeMemory memory = memory(board, fields, name);
        TypeDisplay display = display(fields);
        TypeShare share = new TypeShare((int) fields.number("instances", 1, 48), fields.flag("ecc"), (int)
                fields.number("encoder-percent", 0, 100));
        checkFit(board, table, memory, share);
        PciIds ids = new PciIds(board.deviceId, (int) fields.number("guest-device-id", 1, 0xffff), (int)
                fields.number("guest-subsystem-id", 0, 0xffff));
        String licenses = fields.text("licenses", "[!-~ ]{0,127}");
        if (errors.list().size() == before) {
            entries.add(new Entry(
                    new CatalogType(
                            id,
                            name.text(),
                            guestName,
                            board.chip,
                            name.series(),
                            board.placement,
                            ids,
                            memory,
                            display,
                            share,
                            licenses),
                    line));
        }
    }

    private TypeMemory memory(Board board, TypeFields fields, TypeName name) {
        long most = 1024L * (name.text().isEmpty() ? board.memoryGib : name.profileGib());
        if (name.profileGib() > board.memoryGib) {
            fields.refuse("name", "has more memory than its board: allowed=" + board.memoryGib + " GiB");
        }
        long fbMib = fields.number("fb-mib", 512, most);
        if (fbMib % 64 != 0) {
            fields.refuse("fb-mib", "has to be a multiple of 64: value=" + fbMib);
        }
        // HW: the regions by which host and plugin speak end at 0x274000 of the heap; heaps begin at huge pages
        long heapMib = fields.number("heap-mib", 4, 4096);
        if (heapMib % 2 != 0) {
            fields.refuse("heap-mib", "has to be a multiple of 2: value=" + heapMib);
        }
        return new TypeMemory(
                name.profileGib(),
                fbMib * MIB,
                heapMib * MIB,
                fields.number("reserved-mib", 0, most) * MIB,
                board.bar1Bytes);
    }

    private static TypeDisplay display(TypeFields fields) {
        int heads = (int) fields.number("heads", 0, 4);
        int least = heads == 0 ? 0 : 640;
        return new TypeDisplay(
                heads,
                (int) fields.number("max-width", least, 16384),
                (int) fields.number("max-height", heads == 0 ? 0 : 480, 16384),
                (int) fields.number("frame-rate-limit", 0, 1000));
    }

    /** All instances of a type have to be in the board's memory together. */
    private void checkFit(Board board, TomlTable table, TypeMemory memory, TypeShare share) {
        long each = memory.fbBytes() + memory.heapBytes() + memory.reservedBytes();
        if (each * share.maxInstances() > board.memoryGib * 1024L * MIB) {
            errors.add(
                    table,
                    "instances",
                    "type.instances",
                    "do not fit: each=" + each / MIB + "M instances=" + share.maxInstances() + " board="
                            + board.memoryGib + "G");
        }
    }

    /** The parts of a type's name. One that has been refused is empty, and stands in the way of no other key. */
    private record TypeName(String text, int profileGib, Series series) {
        static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9._-]{0,23}-[1-9][0-9]{0,2}[QCBA]";

        static TypeName of(String text) {
            if (text.isEmpty()) {
                return new TypeName(text, 1, Series.Q);
            }
            int dash = text.lastIndexOf('-');
            String digits = text.substring(dash + 1, text.length() - 1);
            return new TypeName(text, Integer.parseInt(digits), Series.valueOf(text.substring(text.length() - 1)));
        }

        String series(TomlTable defaults) {
            return text.isEmpty() ? defaults.keySet().stream().findFirst().orElse("Q") : series.name();
        }
    }
}
