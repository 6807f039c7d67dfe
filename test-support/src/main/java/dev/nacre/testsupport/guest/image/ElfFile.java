package dev.nacre.testsupport.guest.image;

import dev.nacre.testsupport.guest.host.KitException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The little of a 64-bit little-endian ELF file that an image maker needs: sections by name, libraries by name. */
final class ElfFile {
    // Offsets and sizes: ELF-64 Object File Format, figures 2 (file header), 3 (section header), 9 (dynamic table).
    private static final int MAGIC = 0x464c457f;
    private static final int CLASS_64_LITTLE_ENDIAN = 0x0102;
    private static final int HEADER_BYTES = 64;
    private static final int SECTION_TABLE_OFFSET = 40;
    private static final int SECTION_COUNT = 60;
    private static final int SECTION_NAMES_INDEX = 62;
    private static final int SECTION_HEADER_BYTES = 64;
    private static final int DYNAMIC_ENTRY_BYTES = 16;
    private static final int SECTION_TYPE_NO_BITS = 8;
    private static final long DYNAMIC_END = 0;
    private static final long DYNAMIC_NEEDED = 1;

    private final String name;
    private final byte[] content;
    private final ByteBuffer bytes;
    private final List<Section> sections;

    private record Section(int nameOffset, int type, int offset, int length) {}

    private ElfFile(String name, byte[] content, List<Section> sections) {
        this.name = name;
        this.content = content;
        this.bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        this.sections = sections;
    }

    /**
     * Reads the section table.
     *
     * @param name the file's name for messages
     * @param content the whole file
     * @throws KitException if it is no such file or is cut short
     */
    static ElfFile of(String name, byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (content.length < HEADER_BYTES || bytes.getInt(0) != MAGIC || bytes.getShort(4) != CLASS_64_LITTLE_ENDIAN) {
            throw new KitException(name + " is no 64-bit little-endian ELF file");
        }
        try {
            int table = Math.toIntExact(bytes.getLong(SECTION_TABLE_OFFSET));
            int count = Short.toUnsignedInt(bytes.getShort(SECTION_COUNT));
            List<Section> sections = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int at = Math.addExact(table, i * SECTION_HEADER_BYTES);
                sections.add(new Section(
                        bytes.getInt(at),
                        bytes.getInt(at + 4),
                        Math.toIntExact(bytes.getLong(at + 24)),
                        Math.toIntExact(bytes.getLong(at + 32))));
            }
            return new ElfFile(name, content, sections);
        } catch (IndexOutOfBoundsException | ArithmeticException cut) {
            throw new KitException(name + " is cut short", cut);
        }
    }

    /** Whether the bytes begin as an ELF file does. */
    static boolean looksLikeOne(byte[] content) {
        return content.length >= HEADER_BYTES
                && ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getInt(0) == MAGIC;
    }

    /** The content of a section, or empty if there is none of that name. */
    Optional<byte[]> section(String wanted) {
        try {
            int namesIndex = Short.toUnsignedInt(bytes.getShort(SECTION_NAMES_INDEX));
            if (namesIndex >= sections.size()) {
                return Optional.empty();
            }
            Section names = sections.get(namesIndex);
            for (Section s : sections) {
                if (s.type() != SECTION_TYPE_NO_BITS
                        && text(names.offset() + s.nameOffset()).equals(wanted)) {
                    return Optional.of(slice(s));
                }
            }
            return Optional.empty();
        } catch (IndexOutOfBoundsException cut) {
            throw new KitException(name + " is cut short", cut);
        }
    }

    /** The shared libraries that the dynamic loader must find for this file ({@code DT_NEEDED}), in order. */
    List<String> neededLibraries() {
        Optional<byte[]> dynamic = section(".dynamic");
        Optional<byte[]> strings = section(".dynstr");
        if (dynamic.isEmpty() || strings.isEmpty()) {
            return List.of();
        }
        ByteBuffer entries = ByteBuffer.wrap(dynamic.get()).order(ByteOrder.LITTLE_ENDIAN);
        List<String> needed = new ArrayList<>();
        while (entries.remaining() >= DYNAMIC_ENTRY_BYTES) {
            long tag = entries.getLong();
            long value = entries.getLong();
            if (tag == DYNAMIC_END) {
                break;
            }
            if (tag == DYNAMIC_NEEDED) {
                needed.add(textAt(strings.get(), value));
            }
        }
        return needed;
    }

    private String textAt(byte[] strings, long offset) {
        if (offset < 0 || offset >= strings.length) {
            throw new KitException(name + " names a library outside its string table");
        }
        int start = (int) offset;
        int end = start;
        while (end < strings.length && strings[end] != 0) {
            end++;
        }
        return new String(strings, start, end - start, StandardCharsets.UTF_8);
    }

    private String text(int offset) {
        int end = offset;
        while (bytes.get(end) != 0) {
            end++;
        }
        return new String(content, offset, end - offset, StandardCharsets.UTF_8);
    }

    private byte[] slice(Section s) {
        if (s.offset() < 0 || s.length() < 0 || s.offset() > content.length - s.length()) {
            throw new IndexOutOfBoundsException(s.offset());
        }
        return Arrays.copyOfRange(content, s.offset(), s.offset() + s.length());
    }
}
