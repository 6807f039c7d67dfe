package dev.nacre.vfio.type;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one type of a firmware's metadata: what the file says for the driver, and what it says for the firmware. */
// HW: the driver's struct: NVIDIA's proposed vGPU manager (2025); the firmware's: NVA081_CTRL_VGPU_INFO of 570.144
final class MetadataType {
    /** Bytes of the driver's struct. */
    static final int BYTES = 96;

    /** Bytes of the firmware's, as far as they are read: to frlEnable. */
    static final int INFO_BYTES = 0x1bc;

    private static final long MIB = 1L << 20;
    private static final int NAME_BYTES = 32;
    private static final int LICENSE_BYTES = 128;
    private static final long MOST_BYTES = 1L << 40;
    private static final Pattern NAME = Pattern.compile("(?:NVIDIA )?(.*-([1-9][0-9]{0,2})([QCBA]))");

    private MetadataType() {}

    /** Reads it. Both structs lie in the file. */
    static CatalogType read(Bytes file, int struct, int info, MetadataFile.Target target) throws MetadataException {
        int id = file.small("id", struct, 1, Integer.MAX_VALUE);
        if (file.u32(info) != id) {
            throw Bytes.refusal("id of info", info, Integer.toUnsignedString(file.u32(info)), String.valueOf(id));
        }
        String guestName = file.text(struct + 0x04, NAME_BYTES);
        Matcher name = NAME.matcher(guestName);
        if (!name.matches() || guestName.length() >= NAME_BYTES || guestName.indexOf('?') >= 0) {
            throw Bytes.refusal("name", struct + 0x04, guestName, "up to 31 characters that end like -2Q");
        }
        long device = file.u64(struct + 0x28);
        PciIds ids = new PciIds(target.deviceId(), (int) (device >>> 16) & 0xffff, (int) device & 0xffff);
        return new CatalogType(
                id,
                name.group(1),
                guestName,
                target.chip(),
                Series.valueOf(name.group(3)),
                target.placement(),
                ids,
                memory(file, struct, Integer.parseInt(name.group(2))),
                display(file, info),
                new TypeShare(
                        file.small("instances", struct + 0x50, 1, 48),
                        file.u32(struct + 0x54) != 0,
                        file.small("encoder share", info + 0x1a8, 0, 100)),
                licenses(file, info));
    }

    private static TypeMemory memory(Bytes file, int struct, int profileGib) throws MetadataException {
        long bar1 = file.number("BAR 1", struct + 0x48, 64, 65536);
        if (Long.bitCount(bar1) != 1) {
            throw Bytes.refusal("BAR 1", struct + 0x48, String.valueOf(bar1), "powers of two from 64");
        }
        return new TypeMemory(
                profileGib,
                file.number("memory", struct + 0x38, 512 * MIB, MOST_BYTES),
                file.number("heap", struct + 0x40, 4 * MIB, MOST_BYTES),
                file.number("reserved memory", struct + 0x58, 0, MOST_BYTES),
                bar1 * MIB);
    }

    private static TypeDisplay display(Bytes file, int info) throws MetadataException {
        boolean limited = file.u32(info + 0x1b8) != 0;
        return new TypeDisplay(
                file.small("heads", info + 0x148, 0, 4),
                file.small("width", info + 0x14c, 0, 16384),
                file.small("height", info + 0x150, 0, 16384),
                limited ? file.small("frame rate", info + 0x158, 0, 1000) : 0);
    }

    private static String licenses(Bytes file, int info) throws MetadataException {
        String text = file.text(info + 0xc4, LICENSE_BYTES);
        if (text.length() >= LICENSE_BYTES) {
            throw Bytes.refusal("licenses", info + 0xc4, text, "up to 127 characters");
        }
        return text;
    }
}
