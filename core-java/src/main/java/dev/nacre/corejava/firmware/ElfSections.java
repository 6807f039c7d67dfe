package dev.nacre.corejava.firmware;

import dev.nacre.core.CoreError;
import dev.nacre.corejava.io.HostileBytes;

/** The sections of an ELF file of 32 or 64 bits. */
public final class ElfSections {
    // HW: System V ABI, object file format
    private static final int MAGIC = 0x464c457f;
    private static final int CLASS = 0x04;
    private static final int MAX_NAME_BYTES = 64;

    /** Where the two classes of files have their fields. */
    private enum Layout {
        BITS_32(0x0101, 0x34, 0x20, 0x2e, 0x28, 0x10, 0x14),
        BITS_64(0x0102, 0x40, 0x28, 0x3a, 0x40, 0x18, 0x20);

        private final int fileClass;
        private final int headerBytes;
        private final int sectionTable;
        private final int entryBytes;
        private final int leastEntryBytes;
        private final int offset;
        private final int size;

        // The number of sections and that of the names follow the size of an entry.
        Layout(
                int fileClass,
                int headerBytes,
                int sectionTable,
                int entryBytes,
                int leastEntryBytes,
                int offset,
                int size) {
            this.fileClass = fileClass;
            this.headerBytes = headerBytes;
            this.sectionTable = sectionTable;
            this.entryBytes = entryBytes;
            this.leastEntryBytes = leastEntryBytes;
            this.offset = offset;
            this.size = size;
        }

        static Layout of(HostileBytes file) {
            file.require(file.size() > CLASS + 1 && file.intAt(0) == MAGIC, "no ELF file");
            Layout layout = file.shortAt(CLASS) == BITS_32.fileClass ? BITS_32 : BITS_64;
            file.require(
                    file.shortAt(CLASS) == layout.fileClass && file.size() >= layout.headerBytes,
                    "no little-endian ELF file");
            return layout;
        }

        /** An address or size. */
        long word(HostileBytes file, long at) {
            return this == BITS_32 ? file.uintAt(at) : file.longAt(at);
        }
    }

    private final HostileBytes file;
    private final Layout layout;
    private final long table;
    private final int entryBytes;
    private final int count;
    private final long names;

    /** The sections of a file. @throws CoreException with {@link CoreError#IO} if it is none */
    public ElfSections(HostileBytes file) {
        this.file = file;
        this.layout = Layout.of(file);
        this.table = layout.word(file, layout.sectionTable);
        this.entryBytes = file.shortAt(layout.entryBytes);
        this.count = file.shortAt(layout.entryBytes + Short.BYTES);
        file.require(
                entryBytes >= layout.leastEntryBytes && file.contains(table, (long) entryBytes * count),
                count + " sections at " + table);
        int namesIndex = file.shortAt(layout.entryBytes + 2 * Short.BYTES);
        file.require(namesIndex < count, "names in section " + namesIndex);
        this.names = layout.word(file, entry(namesIndex) + layout.offset);
        file.require(names >= 0 && names < file.size(), "names at " + names);
    }

    /** The content of a section. @throws CoreException with {@link CoreError#IO} if there is none of that name */
    public HostileBytes section(String name) {
        for (int i = 0; i < count; i++) {
            long at = names + file.uintAt(entry(i));
            long room = Math.min(MAX_NAME_BYTES, file.size() - at);
            if (room > 0 && file.textAt(at, (int) room).equals(name)) {
                return file.part(
                        layout.word(file, entry(i) + layout.offset), layout.word(file, entry(i) + layout.size));
            }
        }
        throw file.broken("no section " + name);
    }

    private long entry(int index) {
        return table + (long) index * entryBytes;
    }
}
