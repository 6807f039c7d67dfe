package dev.nacre.testsupport.guest.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Writes a cpio archive in the "newc" format that the Linux kernel unpacks as its initramfs: everything belongs to
 * root, times are zero, so equal content gives equal bytes. Folders above an entry appear by themselves.
 *
 * <p>An entry is a header of 110 characters (magic {@code 070701} and thirteen 8-digit hexadecimal fields), the name with
 * a closing NUL padded to a multiple of four bytes, and the data padded likewise.
 */
final class CpioWriter implements AutoCloseable {
    /** Mode of a program or script. */
    static final int EXECUTABLE = 0755;
    /** Mode of a plain file. */
    static final int PLAIN = 0644;

    private static final String MAGIC = "070701";
    private static final String TRAILER = "TRAILER!!!";
    private static final int HEADER_LENGTH = 110;
    private static final int DIRECTORY = 0040755;
    private static final int SYMBOLIC_LINK = 0120777;
    private static final int REGULAR_FILE = 0100000;
    private static final int CHARACTER_DEVICE = 0020000;

    private final OutputStream out;
    private final Set<String> paths = new HashSet<>();
    private int nextInode = 1;

    CpioWriter(OutputStream out) {
        this.out = out;
    }

    /** Adds a file; the path has no leading slash. */
    void file(String path, byte[] content, int permissions) throws IOException {
        entry(path, REGULAR_FILE | permissions, content, 0, 0);
    }

    /** Adds a symbolic link. */
    void link(String path, String target) throws IOException {
        entry(path, SYMBOLIC_LINK, target.getBytes(StandardCharsets.UTF_8), 0, 0);
    }

    /** Adds a character device that root may read and write. */
    void characterDevice(String path, int major, int minor) throws IOException {
        entry(path, CHARACTER_DEVICE | 0600, new byte[0], major, minor);
    }

    /** Adds a folder, and those above it; one that is there already stays. */
    void folder(String path) throws IOException {
        if (!paths.contains(path)) {
            entry(path, DIRECTORY, new byte[0], 0, 0);
        }
    }

    /** Whether an entry with this path has been added. */
    boolean contains(String path) {
        return paths.contains(path);
    }

    private void entry(String path, int mode, byte[] content, int major, int minor) throws IOException {
        if (path.isEmpty() || path.startsWith("/") || !paths.add(path)) {
            throw new IllegalArgumentException("Not a new path of an archive: '" + path + "'");
        }
        int slash = path.lastIndexOf('/');
        if (slash > 0) {
            folder(path.substring(0, slash));
        }
        write(path, mode, content, major, minor);
    }

    private void write(String path, int mode, byte[] content, int major, int minor) throws IOException {
        byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
        int[] fields = {
            nextInode++, // inode
            mode,
            0, // user
            0, // group
            1, // links
            0, // time
            content.length,
            0, // major number of the device the file was on
            0, // minor number of it
            major,
            minor,
            name.length,
            0 // checksum, unused in this format
        };
        StringBuilder header = new StringBuilder(MAGIC);
        for (int field : fields) {
            header.append(String.format(Locale.ROOT, "%08X", field));
        }
        out.write(header.toString().getBytes(StandardCharsets.US_ASCII));
        out.write(name);
        pad(HEADER_LENGTH + name.length);
        out.write(content);
        pad(content.length);
    }

    private void pad(int length) throws IOException {
        out.write(new byte[-length & 3]);
    }

    /** Writes the trailer and closes the stream. */
    @Override
    public void close() throws IOException {
        write(TRAILER, 0, new byte[0], 0, 0);
        out.close();
    }
}
