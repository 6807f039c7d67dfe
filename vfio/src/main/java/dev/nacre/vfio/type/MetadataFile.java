package dev.nacre.vfio.type;

import dev.nacre.vfio.placement.PlacementRule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Reads the file by which NVIDIA's vGPU software tells a driver the types that a firmware knows: {@code NVVGPUMT}. Whatever
 * the bytes are, the answer is types or a {@link MetadataException}.
 */
// HW: NVIDIA's proposed vGPU manager (2025), metadata file: offsets and checks
public final class MetadataFile {
    private static final long IDENTIFIER = 0x544d5550_4756564eL; // "NVVGPUMT"
    private static final int HEADER_BYTES = 232;
    private static final int CRC_FROM = 16;
    private static final int VERSION_AT = 0xa0;
    private static final int VERSION_BYTES = 64;
    private static final int BLOB_HEADER_BYTES = 16;
    private static final int TYPES_HEADER_BYTES = 56;
    private static final long BLOB_TYPES = 0;
    private static final int MOST_BLOBS = 1024;

    // HW: the only triple that NVIDIA's proposed vGPU manager takes
    private static final long MAJOR = 18;
    private static final long MINOR = 1;
    private static final String VERSION = "570.144";

    // HW: NVA081_MAX_VGPU_TYPES_PER_PGPU
    private static final int MOST_TYPES = 64;

    private final Bytes file;
    private final Target target;
    private final List<CatalogType> types = new ArrayList<>();
    private boolean matched;

    private MetadataFile(Bytes file, Target target) {
        this.file = file;
        this.target = target;
    }

    /**
     * What types are wanted for.
     *
     * @param firmware the version of the firmware that runs, such as {@code 570.144}
     * @param chip the board's chip
     * @param deviceId the board's PCI device id
     * @param placement how it numbers places
     */
    public record Target(String firmware, String chip, int deviceId, PlacementRule placement) {}

    /**
     * The types that a file has for a board.
     *
     * @param bytes the whole file; it is not changed while this runs
     * @param target the board
     * @throws MetadataException if the file is damaged, of another version than the firmware, or not for the board
     */
    public static List<CatalogType> read(byte[] bytes, Target target) throws MetadataException {
        MetadataFile reader = new MetadataFile(new Bytes(bytes), target);
        reader.checkHeader(bytes);
        reader.readBlobs();
        return List.copyOf(reader.types);
    }

    private void checkHeader(byte[] bytes) throws MetadataException {
        if (bytes.length <= HEADER_BYTES) {
            throw new MetadataException(
                    "File is too short: bytes=" + bytes.length + " allowed=more than " + HEADER_BYTES);
        }
        if (file.u64(0) != IDENTIFIER) {
            throw new MetadataException(
                    "File is no NVVGPUMT file: offset=0x0 value=0x" + Long.toHexString(file.u64(0)));
        }
        CRC32 crc = new CRC32();
        crc.update(bytes, CRC_FROM, bytes.length - CRC_FROM);
        // HW: as Linux' crc32_le with a seed of all ones: not inverted at the end
        int computed = ~(int) crc.getValue();
        if (file.u32(8) != computed) {
            throw new MetadataException("Check sum is wrong: offset=0x8 value=0x" + Integer.toHexString(file.u32(8))
                    + " computed=0x" + Integer.toHexString(computed));
        }
        String version = file.text(VERSION_AT, VERSION_BYTES);
        if (file.u64(0x10) != MAJOR || file.u64(0x18) != MINOR || !version.equals(VERSION)) {
            throw new MetadataException("Version is not known: vgpu=" + Long.toUnsignedString(file.u64(0x10)) + "."
                    + Long.toUnsignedString(file.u64(0x18)) + " firmware=" + version + " allowed=" + MAJOR + "." + MINOR
                    + " with " + VERSION);
        }
        if (!version.equals(target.firmware)) {
            throw new MetadataException(
                    "File is for another firmware: firmware=" + version + " running=" + target.firmware);
        }
    }

    private void readBlobs() throws MetadataException {
        long count = file.number("number of blobs", 0xe0, 1, MOST_BLOBS);
        long at = HEADER_BYTES;
        for (long i = 0; i < count; i++) {
            file.require("blob header", at, BLOB_HEADER_BYTES);
            long type = file.u64((int) at);
            if (type != BLOB_TYPES) {
                throw new MetadataException(
                        "Blob is of an unknown kind: offset=" + hex(at) + " value=" + Long.toUnsignedString(type));
            }
            long bytes =
                    file.number("size of blob", at + 8, BLOB_HEADER_BYTES + TYPES_HEADER_BYTES, file.length() - at);
            readTypes(at + BLOB_HEADER_BYTES, bytes - BLOB_HEADER_BYTES);
            at += bytes;
        }
        if (!matched) {
            throw new MetadataException("File has no types for the board: device=" + hex(target.deviceId));
        }
    }

    /** Reads the body of a blob, which lies in the file. */
    private void readTypes(long at, long bytes) throws MetadataException {
        long boardDevice = file.u64((int) at);
        long structs = file.number("size of types", at + 24, 0, bytes);
        long control = file.number("size of control", at + 48, 0, bytes);
        if (TYPES_HEADER_BYTES + structs + control != bytes) {
            throw new MetadataException("Parts of blob do not add up: offset=" + hex(at) + " types=" + structs
                    + " control=" + control + " blob=" + bytes);
        }
        if (boardDevice != target.deviceId) {
            return;
        }
        matched = true;
        long count = file.number("number of types", at + 32, 1, MOST_TYPES);
        long stride = structs / count;
        if (structs % count != 0 || stride < MetadataType.BYTES) {
            throw new MetadataException("Types are of an impossible size: offset=" + hex(at + 24) + " bytes=" + structs
                    + " types=" + count + " allowed=" + MetadataType.BYTES + " each at the least");
        }
        long controlAt = at + TYPES_HEADER_BYTES + structs;
        long infoAt = file.number("offset of infos", at + 8, 0, control);
        long infoBytes = file.number("size of info", at + 16, 0, control);
        if (infoBytes < MetadataType.INFO_BYTES || infoAt + count * infoBytes > control) {
            throw new MetadataException("Infos do not lie in the control: offset=" + hex(at + 8) + " at=" + infoAt
                    + " each=" + infoBytes + " types=" + count + " control=" + control);
        }
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            int struct = (int) (at + TYPES_HEADER_BYTES + i * stride);
            int info = (int) (controlAt + infoAt + i * infoBytes);
            CatalogType type = MetadataType.read(file, struct, info, target);
            if (!ids.add(type.id())) {
                throw new MetadataException("Type comes twice: offset=" + hex(struct) + " id=" + type.id());
            }
            types.add(type);
        }
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
