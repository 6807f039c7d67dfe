package dev.nacre.vfio.type;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/** Writes files of metadata such as {@link MetadataFile} reads. */
final class MetadataWriter {
    private static final int INFO_BYTES = 5224;
    private static final int CONTROL_BYTES = 8 + 64 * INFO_BYTES;

    private final List<byte[]> blobs = new ArrayList<>();
    private String version = "570.144";
    private long major = 18;

    MetadataWriter version(long newMajor, String newVersion) {
        major = newMajor;
        version = newVersion;
        return this;
    }

    /** Adds a blob with types for boards with a device id. */
    MetadataWriter types(int boardDevice, List<CatalogType> types) {
        int structs = 96 * types.size();
        byte[] bytes = new byte[16 + 56 + structs + CONTROL_BYTES];
        ByteBuffer blob = buffer(bytes);
        blob.putLong(0).putLong(bytes.length);
        blob.putLong(boardDevice).putLong(8).putLong(INFO_BYTES);
        blob.putLong(structs).putLong(types.size()).putLong(0x20804003).putLong(CONTROL_BYTES);
        for (int i = 0; i < types.size(); i++) {
            struct(blob, 72 + 96 * i, types.get(i));
            info(blob, 72 + structs + 8 + INFO_BYTES * i, types.get(i));
        }
        blob.putInt(72 + structs + 4, types.size());
        blobs.add(bytes);
        return this;
    }

    /** The file. */
    byte[] write() {
        byte[] bytes =
                new byte[232 + blobs.stream().mapToInt(blob -> blob.length).sum()];
        ByteBuffer file = buffer(bytes);
        file.put(0, "NVVGPUMT".getBytes(StandardCharsets.US_ASCII));
        file.putLong(0x10, major).putLong(0x18, 1).putLong(0xe0, blobs.size());
        file.put(0xa0, version.getBytes(StandardCharsets.US_ASCII));
        file.position(232);
        blobs.forEach(file::put);
        return seal(bytes);
    }

    /** Makes a file's check sum right. */
    static byte[] seal(byte[] file) {
        CRC32 crc = new CRC32();
        crc.update(file, 16, file.length - 16);
        buffer(file).putInt(8, ~(int) crc.getValue());
        return file;
    }

    private static void struct(ByteBuffer blob, int at, CatalogType type) {
        blob.putInt(at, type.id());
        blob.put(at + 0x04, type.guestName().getBytes(StandardCharsets.US_ASCII));
        blob.putLong(at + 0x28, (long) type.ids().device() << 16 | type.ids().subsystem());
        blob.putLong(at + 0x30, type.ids().boardDevice());
        blob.putLong(at + 0x38, type.memory().fbBytes());
        blob.putLong(at + 0x40, type.memory().heapBytes());
        blob.putLong(at + 0x48, type.memory().bar1Bytes() >> 20);
        blob.putInt(at + 0x50, type.share().maxInstances());
        blob.putInt(at + 0x54, type.share().ecc() ? 1 : 0);
        blob.putLong(at + 0x58, type.memory().reservedBytes());
    }

    private static void info(ByteBuffer blob, int at, CatalogType type) {
        blob.putInt(at, type.id());
        blob.put(at + 0xc4, type.licenses().getBytes(StandardCharsets.US_ASCII));
        blob.putInt(at + 0x148, type.display().heads());
        blob.putInt(at + 0x14c, type.display().maxWidth());
        blob.putInt(at + 0x150, type.display().maxHeight());
        blob.putInt(at + 0x158, type.display().frameRateLimit());
        blob.putInt(at + 0x1a8, type.share().encoderPercent());
        blob.putInt(at + 0x1b8, type.display().frameRateLimit() > 0 ? 1 : 0);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
