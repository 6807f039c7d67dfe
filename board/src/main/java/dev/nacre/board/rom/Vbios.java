package dev.nacre.board.rom;

import dev.nacre.hw.chip.Chip;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Builds the synthetic VBIOS: 7.5 KiB, since drivers read it dword by dword. Two PCI images:
 *
 * <pre>
 * base image, code type 0x00                       extension image, code type 0xe0
 * 0x0000  55 aa, size                              0x00  "VN", size
 * 0x0040  "PCIR": ids, size, not the last          0x20  "NPDS": the same, the last
 * 0x0060  "NPDE": the same again                   0x40  "NPDE"
 * 0x01b0  BIT: tokens 'i' version, 'p' falcons     0x80  falcon ucode table: FWSEC
 * 0x0200  version                                  0x100 descriptor, signature, FWSEC's memories
 * 0x0210  pointer to the ucode table
 * 0x0fff  makes the sum of the image zero
 * </pre>
 *
 * <p>Pointers across images count the extension image as following the base image at once.
 */
// HW: PCI Firmware Specification 3.0, 5.1 (PCIR); open-gpu-kernel-modules
// src/nvidia/inc/kernel/platform/pci_exp_table.h
// (NPDS, NPDE), src/nvidia/src/kernel/gpu/gsp/kernel_gsp_fwsec.c (BIT, ucode table, descriptor); nouveau
// nvkm/subdev/bios; nova-core vbios.rs
public final class Vbios {
    private static final int BASE_BYTES = 0x1000;
    private static final int EXTENSION_BYTES = 0xe00;
    private static final int BLOCK_BYTES = 512;

    private static final int PCI_DATA = 0x40;
    private static final int NV_PCI_DATA = 0x60;
    // Some drivers do not search for the BIT but expect it exactly here.
    private static final int BIT = 0x1b0;
    private static final int VERSION = 0x200;
    private static final int FALCON_DATA = 0x210;

    private static final int EXTENSION_PCI_DATA = 0x20;
    private static final int EXTENSION_NV_PCI_DATA = 0x40;
    private static final int UCODE_TABLE = 0x80;
    private static final int UCODE_DESCRIPTOR = 0x100;

    private static final int SIGNATURE_PCIR = 0x52494350;
    private static final int SIGNATURE_NPDS = 0x5344504e;
    private static final int SIGNATURE_NPDE = 0x4544504e;
    private static final int PCI_DATA_BYTES = 0x18;
    private static final byte CODE_TYPE_BASE = 0;
    private static final byte CODE_TYPE_EXTENSION = (byte) 0xe0;
    private static final byte LAST_IMAGE = (byte) 0x80;

    private static final int DESCRIPTOR_BYTES = 0x2c;
    private static final byte APP_ID_FWSEC_PROD = (byte) 0x85;
    private static final byte TARGET_ID = 7;

    private Vbios() {}

    /** Builds that of a chip's board. */
    public static byte[] build(Chip chip) {
        return build(chip.deviceId());
    }

    /** Builds that of a GPU with a PCI device id. */
    public static byte[] build(int deviceId) {
        ByteBuffer rom = ByteBuffer.allocate(BASE_BYTES + EXTENSION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        base(rom.slice(0, BASE_BYTES).order(ByteOrder.LITTLE_ENDIAN), deviceId);
        extension(rom.slice(BASE_BYTES, EXTENSION_BYTES).order(ByteOrder.LITTLE_ENDIAN), deviceId);
        return rom.array();
    }

    private static void base(ByteBuffer image, int deviceId) {
        image.putShort(0x00, (short) 0xaa55);
        image.put(0x02, (byte) (BASE_BYTES / BLOCK_BYTES));
        image.putShort(0x18, (short) PCI_DATA);
        pciData(image, PCI_DATA, SIGNATURE_PCIR, deviceId, CODE_TYPE_BASE, (byte) 0);
        nvPciData(image, NV_PCI_DATA, (byte) 0);
        informationTable(image);
        // Read as "95.02.11.00.01".
        image.put(VERSION, new byte[] {0x00, 0x11, 0x02, (byte) 0x95, 0x01});
        image.putInt(FALCON_DATA, BASE_BYTES + UCODE_TABLE);
        image.put(BASE_BYTES - 1, complement(image, 0, BASE_BYTES));
    }

    private static void informationTable(ByteBuffer image) {
        image.position(BIT);
        image.putShort((short) 0xb8ff).put("BIT\0".getBytes(StandardCharsets.US_ASCII));
        image.putShort((short) 0x0100)
                .put((byte) 12)
                .put((byte) 6)
                .put((byte) 2)
                .put((byte) 0);
        token(image, 'i', 2, 5, VERSION);
        token(image, 'p', 2, 4, FALCON_DATA);
        // NVIDIA's driver passes over a BIT whose header does not sum to zero.
        image.put(BIT + 11, complement(image, BIT, 12));
    }

    private static void token(ByteBuffer image, char id, int version, int bytes, int pointer) {
        image.put((byte) id).put((byte) version).putShort((short) bytes).putShort((short) pointer);
    }

    private static void extension(ByteBuffer image, int deviceId) {
        image.putShort(0x00, (short) 0x4e56);
        image.put(0x02, (byte) (EXTENSION_BYTES / BLOCK_BYTES));
        image.putShort(0x18, (short) EXTENSION_PCI_DATA);
        pciData(image, EXTENSION_PCI_DATA, SIGNATURE_NPDS, deviceId, CODE_TYPE_EXTENSION, LAST_IMAGE);
        nvPciData(image, EXTENSION_NV_PCI_DATA, LAST_IMAGE);
        // Header {version 1, header size, entry size, entries, descriptor version, descriptor size}: NVIDIA's driver
        // refuses a header of less than six bytes.
        image.position(UCODE_TABLE);
        image.put((byte) 1)
                .put((byte) 6)
                .put((byte) 6)
                .put((byte) 1)
                .put((byte) 3)
                .put((byte) DESCRIPTOR_BYTES);
        image.put(APP_ID_FWSEC_PROD).put(TARGET_ID).putInt(BASE_BYTES + UCODE_DESCRIPTOR);
        descriptor(image);
        image.position(image.position() + FwsecImage.SIGNATURE_BYTES + FwsecImage.IMEM_BYTES);
        image.put(FwsecImage.dataMemory());
    }

    /** FALCON_UCODE_DESC_V3. */
    private static void descriptor(ByteBuffer image) {
        image.position(UCODE_DESCRIPTOR);
        image.putInt((DESCRIPTOR_BYTES + FwsecImage.SIGNATURE_BYTES) << 16 | 3 << 8 | 1);
        image.putInt(FwsecImage.IMEM_BYTES + FwsecImage.DMEM_BYTES);
        image.putInt(FwsecImage.PKC_DATA_OFFSET);
        image.putInt(FwsecImage.INTERFACE_OFFSET);
        // IMEM at physical 0, of its size, at virtual 0; DMEM at physical 0, of its size.
        image.putInt(0).putInt(FwsecImage.IMEM_BYTES).putInt(0);
        image.putInt(0).putInt(FwsecImage.DMEM_BYTES);
        image.putShort((short) FwsecImage.ENGINE_ID_MASK);
        // One signature, for fuse version 0.
        image.put((byte) FwsecImage.UCODE_ID).put((byte) 1).putShort((short) 1).putShort((short) 0);
    }

    private static void pciData(ByteBuffer image, int at, int signature, int deviceId, byte codeType, byte last) {
        image.position(at);
        image.putInt(signature).putShort((short) Chip.PCI_VENDOR_ID).putShort((short) deviceId);
        image.putShort((short) 0).putShort((short) PCI_DATA_BYTES).put((byte) 3);
        image.put((byte) 0x00).put((byte) 0x00).put((byte) 0x03);
        image.putShort((short) (image.capacity() / BLOCK_BYTES)).putShort((short) 1);
        image.put(codeType).put(last).putShort((short) 0);
    }

    private static void nvPciData(ByteBuffer image, int at, byte last) {
        image.position(at);
        image.putInt(SIGNATURE_NPDE).putShort((short) 0x0101).putShort((short) 0x0b);
        image.putShort((short) (image.capacity() / BLOCK_BYTES)).put(last);
    }

    private static byte complement(ByteBuffer image, int from, int count) {
        byte sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += image.get(i);
        }
        return (byte) -sum;
    }
}
