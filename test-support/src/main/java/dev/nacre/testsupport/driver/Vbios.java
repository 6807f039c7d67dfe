package dev.nacre.testsupport.driver;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a driver takes from the VBIOS.
 *
 * @param version as drivers print it: {@code 95.02.11.00.01}
 * @param sizeBytes all images together
 * @param fwsec the firmware for the GSP falcon
 */
record Vbios(String version, int sizeBytes, FwsecUcode fwsec) {
    // HW: PCI Firmware Specification 3.3, 5.1 (ROM header, PCIR); NVIDIA's NPDS, NPDE, BIT and falcon ucode table as in
    // nova-core vbios.rs and open-gpu-kernel-modules kernel_gsp_fwsec.c.
    private static final int ROM_SIGNATURE = 0xaa55;
    private static final int ROM_SIGNATURE_NV = 0x4e56;
    private static final int PCIR = 0x52494350;
    private static final int NPDS = 0x5344504e;
    private static final int NPDE = 0x4544504e;
    private static final int PCIR_POINTER = 0x18;
    private static final int PCIR_BYTES = 0x18;
    private static final int BLOCK = 512;
    private static final int TYPE_PC_AT = 0x00;
    private static final int TYPE_FWSEC = 0xe0;
    private static final int LAST = 0x80;

    /** Some drivers do not search for it. */
    private static final int BIT_OFFSET = 0x1b0;

    private static final int BIT_SIGNATURE = 0x4942b8ff; // ff b8 "BI", then "T\0"
    private static final int BIT_HEADER_BYTES = 12;
    private static final int BIT_TOKEN_BYTES = 6;
    private static final int TOKEN_VERSION = 'i';
    private static final int TOKEN_FALCON_DATA = 'p';
    private static final int UCODE_APP_FWSEC_PRODUCTION = 0x85;
    private static final int DESCRIPTOR_V3_BYTES = 0x2c;
    private static final int SIGNATURE_BYTES = 384;

    /** An image of the ROM. */
    private record Image(int start, int sizeBytes, int type, boolean last) {}

    /**
     * Parses a ROM as it reads through PROM; what follows the last image does not matter.
     *
     * @param rom at least all images
     * @param deviceId PCI device id that the images must be for
     * @throws DriverException if a driver could not take it
     */
    static Vbios parse(byte[] rom, int deviceId, Check check) {
        Words words = new Words(rom);
        List<Image> images = images(words, deviceId, check);
        Image first = images.getFirst();
        check.equal("type of the first VBIOS image", TYPE_PC_AT, first.type());
        check.equal("checksum of the first VBIOS image", 0, sum(words, first.start(), first.sizeBytes()));
        ByteArrayOutputStream flat = new ByteArrayOutputStream();
        flat.writeBytes(words.bytesAt(first.start(), first.sizeBytes()));
        images.stream()
                .filter(image -> image.type() == TYPE_FWSEC)
                .forEach(image -> flat.writeBytes(words.bytesAt(image.start(), image.sizeBytes())));
        Words flatWords = new Words(flat.toByteArray());
        int falconTable = flatWords.intAt(token(flatWords, TOKEN_FALCON_DATA, check));
        check.that(
                "falcon ucode table pointer",
                falconTable >= first.sizeBytes() && falconTable < flatWords.size(),
                "inside the images of type 0xe0",
                Check.hex(falconTable));
        Image last = images.getLast();
        return new Vbios(
                version(flatWords, token(flatWords, TOKEN_VERSION, check)),
                last.start() + last.sizeBytes(),
                fwsec(flatWords, falconTable, check, first.sizeBytes()));
    }

    private static List<Image> images(Words rom, int deviceId, Check check) {
        List<Image> images = new ArrayList<>();
        int at = 0;
        do {
            Image image = image(rom, at, deviceId, check);
            images.add(image);
            at += image.sizeBytes();
        } while (!images.getLast().last());
        return images;
    }

    private static Image image(Words rom, int start, int deviceId, Check check) {
        int signature = rom.shortAt(start);
        check.that(
                "signature of the VBIOS image at " + Check.hex(start),
                signature == ROM_SIGNATURE || (start > 0 && signature == ROM_SIGNATURE_NV),
                "0xaa55, or 0x4e56 if not the first",
                Check.hex(signature));
        int pcir = start + rom.shortAt(start + PCIR_POINTER);
        int magic = rom.intAt(pcir);
        check.that("PCIR signature", magic == PCIR || magic == NPDS, "PCIR or NPDS", Check.hex(magic));
        check.equal("PCIR vendor", 0x10de, rom.shortAt(pcir + 4));
        check.equal("PCIR device", deviceId, rom.shortAt(pcir + 6));
        check.equal("PCIR length", PCIR_BYTES, rom.shortAt(pcir + 0x0a));
        int blocks = rom.shortAt(pcir + 0x10);
        int npde = start + ((pcir - start + PCIR_BYTES + 15) & ~15);
        check.equal("NPDE signature", NPDE, rom.intAt(npde));
        check.equal("NPDE version", 0x0101, rom.shortAt(npde + 4));
        check.equal("NPDE length of the image, against PCIR's", blocks, rom.shortAt(npde + 8));
        check.equal("NPDE last flag, against PCIR's", rom.byteAt(pcir + 0x15) & LAST, rom.byteAt(npde + 10) & LAST);
        check.that("image length", blocks > 0, "one block or more", "0");
        return new Image(start, blocks * BLOCK, rom.byteAt(pcir + 0x14), (rom.byteAt(npde + 10) & LAST) != 0);
    }

    private static int token(Words rom, int id, Check check) {
        check.equal("BIT signature at 0x1b0", BIT_SIGNATURE, rom.intAt(BIT_OFFSET));
        check.equal("BIT signature, second half", 'T', rom.shortAt(BIT_OFFSET + 4));
        check.equal("BIT version", 0x0100, rom.shortAt(BIT_OFFSET + 6));
        check.equal("BIT header size", BIT_HEADER_BYTES, rom.byteAt(BIT_OFFSET + 8));
        check.equal("BIT token size", BIT_TOKEN_BYTES, rom.byteAt(BIT_OFFSET + 9));
        check.equal("BIT header checksum", 0, sum(rom, BIT_OFFSET, BIT_HEADER_BYTES));
        int count = rom.byteAt(BIT_OFFSET + 10);
        for (int i = 0; i < count; i++) {
            int at = BIT_OFFSET + BIT_HEADER_BYTES + i * BIT_TOKEN_BYTES;
            if (rom.byteAt(at) == id) {
                check.equal("version of BIT token " + (char) id, 2, rom.byteAt(at + 1));
                return rom.shortAt(at + 4);
            }
        }
        throw check.failure("BIT token " + (char) id, "present", "absent among " + count);
    }

    private static String version(Words rom, int at) {
        return String.format(
                Locale.ROOT,
                "%02x.%02x.%02x.%02x.%02x",
                rom.byteAt(at + 3),
                rom.byteAt(at + 2),
                rom.byteAt(at + 1),
                rom.byteAt(at),
                rom.byteAt(at + 4));
    }

    private static FwsecUcode fwsec(Words rom, int table, Check check, int firstImageBytes) {
        check.equal("falcon ucode table version", 1, rom.byteAt(table));
        int header = rom.byteAt(table + 1);
        int entry = rom.byteAt(table + 2);
        int count = rom.byteAt(table + 3);
        for (int i = 0; i < count; i++) {
            int at = table + header + i * entry;
            if (rom.byteAt(at) == UCODE_APP_FWSEC_PRODUCTION) {
                int descriptor = rom.intAt(at + 2);
                check.that(
                        "FWSEC descriptor pointer",
                        descriptor >= firstImageBytes,
                        "inside the images of type 0xe0",
                        Check.hex(descriptor));
                return ucode(rom, descriptor, check);
            }
        }
        throw check.failure("falcon ucode table", "an entry for FWSEC (0x85)", count + " others");
    }

    private static FwsecUcode ucode(Words rom, int at, Check check) {
        int word = rom.intAt(at);
        check.equal("FWSEC descriptor flags and version", 0x0301, word & 0xffff);
        int imemBytes = rom.intAt(at + 0x14);
        int dmemBytes = rom.intAt(at + 0x20);
        check.equal("FWSEC stored size", imemBytes + dmemBytes, rom.intAt(at + 4));
        check.equal("FWSEC IMEM size modulo a block", 0, imemBytes & 0xff);
        check.equal("FWSEC DMEM size modulo a block", 0, dmemBytes & 0xff);
        int signatureCount = rom.byteAt(at + 0x27);
        int headerBytes = word >>> 16;
        check.equal(
                "FWSEC descriptor size", DESCRIPTOR_V3_BYTES + (long) signatureCount * SIGNATURE_BYTES, headerBytes);
        int versions = rom.shortAt(at + 0x28);
        check.equal("FWSEC signature versions", signatureCount, Integer.bitCount(versions));
        List<Words> signatures = new ArrayList<>();
        for (int i = 0; i < signatureCount; i++) {
            signatures.add(new Words(rom.bytesAt(at + DESCRIPTOR_V3_BYTES + i * SIGNATURE_BYTES, SIGNATURE_BYTES)));
        }
        return new FwsecUcode(
                new Words(rom.bytesAt(at + headerBytes, imemBytes)),
                new Words(rom.bytesAt(at + headerBytes + imemBytes, dmemBytes)),
                rom.intAt(at + 0x10),
                rom.intAt(at + 0x18),
                rom.intAt(at + 0x1c),
                rom.intAt(at + 8),
                rom.intAt(at + 0x0c),
                rom.shortAt(at + 0x24),
                rom.byteAt(at + 0x26),
                versions,
                signatures);
    }

    private static int sum(Words rom, int at, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += rom.byteAt(at + i);
        }
        return sum & 0xff;
    }
}
