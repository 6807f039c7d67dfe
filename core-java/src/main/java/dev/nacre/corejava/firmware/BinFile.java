package dev.nacre.corejava.firmware;

import dev.nacre.core.CoreError;
import dev.nacre.corejava.io.HostileBytes;

/**
 * The container of all firmware files but the GSP's image: a header of the file, one of its content, and data.
 *
 * @param file all of it
 * @param header where the content's header is
 * @param data the data
 */
record BinFile(HostileBytes file, long header, HostileBytes data) {
    // HW: nouveau include/nvfw/fw.h, struct nvfw_bin_hdr
    private static final int MAGIC = 0x10de;
    private static final int HEADER_OFFSET = 0x0c;
    private static final int DATA_OFFSET = 0x10;
    private static final int DATA_SIZE = 0x14;

    /** Parses a file. @throws CoreException with {@link CoreError#IO} if it is none */
    static BinFile parse(HostileBytes file) {
        file.require(file.intAt(0) == MAGIC, "magic 0x" + Integer.toHexString(file.intAt(0)));
        return new BinFile(
                file, file.uintAt(HEADER_OFFSET), file.part(file.uintAt(DATA_OFFSET), file.uintAt(DATA_SIZE)));
    }
}
