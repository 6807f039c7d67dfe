package dev.nacre.corejava.vbios;

import dev.nacre.corejava.io.HostileBytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** The images that a ROM is made of. */
final class RomImages {
    // HW: PCI Firmware Specification 3.3, 5.1 (ROM header, PCIR); NVIDIA's NPDS and NPDE as in nova-core vbios.rs
    private static final int ROM_SIGNATURE = 0xaa55;
    private static final int ROM_SIGNATURE_NV = 0x4e56;
    private static final int PCIR = 0x52494350;
    private static final int NPDS = 0x5344504e;
    private static final int NPDE = 0x4544504e;
    private static final int PCIR_POINTER = 0x18;
    private static final int PCIR_LENGTH = 0x0a;
    private static final int PCIR_BLOCKS = 0x10;
    private static final int PCIR_CODE_TYPE = 0x14;
    private static final int PCIR_LAST = 0x15;
    private static final int PCIR_BYTES = 0x18;
    private static final int NPDE_LENGTH = 0x06;
    private static final int NPDE_BLOCKS = 0x08;
    private static final int NPDE_LAST = 0x0a;
    private static final int NPDE_ALIGN = 16;
    private static final int BLOCK_BYTES = 512;
    private static final int LAST = 0x80;
    private static final int HEADER_BYTES = 1024;
    private static final int MAX_IMAGES = 16;

    /** Code type of an image for PCs. */
    static final int TYPE_PC_AT = 0x00;

    /** Code type of an image with firmware for falcons. */
    static final int TYPE_FWSEC = 0xe0;

    private RomImages() {}

    /** An image. */
    record Image(long start, long sizeBytes, int codeType, boolean last) {}

    /** Follows the chain of images as far as a ROM has been read. */
    static final class Walk {
        private final List<Image> images = new ArrayList<>();
        private long at;
        private boolean done;

        /** How many bytes from the start must be there to go on. */
        long needed() {
            return at + HEADER_BYTES;
        }

        /** Whether the last image was seen, and all of it is there. */
        boolean isDone() {
            return done;
        }

        /**
         * Goes on.
         *
         * @param rom at least as much as is needed
         */
        void look(HostileBytes rom) {
            if (!images.isEmpty() && images.getLast().last()) {
                done = true;
                return;
            }
            Image image = RomImages.image(rom, at);
            images.add(image);
            at += image.sizeBytes();
            rom.require(images.size() <= MAX_IMAGES, "more than " + MAX_IMAGES + " images");
        }
    }

    /** All images of a ROM, which begins with one for PCs. */
    static List<Image> all(HostileBytes rom) {
        List<Image> images = new ArrayList<>();
        long at = 0;
        do {
            Image image = image(rom, at);
            rom.require(rom.contains(at, image.sizeBytes()), "image of " + image.sizeBytes() + " bytes at " + at);
            images.add(image);
            at += image.sizeBytes();
            rom.require(images.size() <= MAX_IMAGES, "more than " + MAX_IMAGES + " images");
        } while (!images.getLast().last());
        rom.require(
                images.getFirst().codeType() == TYPE_PC_AT,
                "code type " + images.getFirst().codeType());
        return images;
    }

    /** The first image, and those with firmware behind it: what pointers in the first count from. */
    static HostileBytes flat(HostileBytes rom, List<Image> images) {
        ByteArrayOutputStream flat = new ByteArrayOutputStream();
        Image first = images.getFirst();
        flat.writeBytes(rom.copy(first.start(), first.sizeBytes()));
        for (Image image : images) {
            if (image.codeType() == TYPE_FWSEC) {
                flat.writeBytes(rom.copy(image.start(), image.sizeBytes()));
            }
        }
        return new HostileBytes("VBIOS", flat.toByteArray());
    }

    private static Image image(HostileBytes rom, long start) {
        int signature = rom.shortAt(start);
        rom.require(
                signature == ROM_SIGNATURE || signature == ROM_SIGNATURE_NV,
                "signature 0x" + Integer.toHexString(signature) + " of the image at " + start);
        long pcir = start + rom.shortAt(start + PCIR_POINTER);
        int magic = rom.intAt(pcir);
        rom.require(magic == PCIR || magic == NPDS, "PCIR of the image at " + start);
        long blocks = rom.shortAt(pcir + PCIR_BLOCKS);
        boolean last = (rom.byteAt(pcir + PCIR_LAST) & LAST) != 0;
        int length = Math.max(PCIR_BYTES, rom.shortAt(pcir + PCIR_LENGTH));
        long npde = start + (pcir - start + length + NPDE_ALIGN - 1) / NPDE_ALIGN * NPDE_ALIGN;
        // HW: where it is, it holds for NVIDIA's drivers; PCIR is for the system's firmware.
        if (rom.contains(npde, NPDE_LAST + 1) && rom.intAt(npde) == NPDE) {
            blocks = rom.shortAt(npde + NPDE_BLOCKS);
            boolean hasLast = rom.shortAt(npde + NPDE_LENGTH) > NPDE_LAST;
            last = hasLast ? (rom.byteAt(npde + NPDE_LAST) & LAST) != 0 : last;
        }
        rom.require(blocks > 0, "an image at " + start + " without bytes");
        return new Image(start, blocks * BLOCK_BYTES, rom.byteAt(pcir + PCIR_CODE_TYPE), last);
    }
}
