/* SPDX-License-Identifier: Apache-2.0 */
#include "vbios.h"

#include "error.h"
#include "regs.h"

#include <stdlib.h>

/* HW: PCI Firmware Specification 3.0, 5.1; NPDS, NPDE: open-gpu-kernel-modules
 * src/nvidia/inc/kernel/platform/pci_exp_table.h */
#define ROM_SIGNATURE 0xaa55u
#define ROM_SIGNATURE_NV 0x4e56u
#define ROM_PCI_DATA 0x18
#define ROM_HEADER_BYTES 0x1a
#define PCIR 0x52494350u
#define NPDS 0x5344504eu
#define NPDE 0x4544504eu
#define PCIR_BYTES 0x18u
#define PCIR_LENGTH 0x0a
#define PCIR_IMAGE_BLOCKS 0x10
#define PCIR_CODE_TYPE 0x14
#define PCIR_LAST 0x15
#define NPDE_BYTES 0x0bu
#define NPDE_IMAGE_BLOCKS 0x08
#define NPDE_LAST 0x0a
#define LAST_BIT 0x80u
#define BLOCK_BYTES 512u
#define CODE_TYPE_PC 0x00u
#define CODE_TYPE_EXTENSION 0xe0u
#define IMAGES_MAX 16

/* HW: a header of the board's flash before the images: open-gpu-kernel-modules kernel_gsp_vbios_tu102.c */
#define IFR_SIGNATURE 0x4947564eu
#define IFR_FIXED1 4u
#define IFR_FIXED2 8u
#define IFR_RFRD 0x44524652u
#define IFR_ROM_DIRECTORY 4096u
#define IFR_ROM_DIRECTORY_IMAGE 8u

/* HW: BIT, ucode table, descriptor: open-gpu-kernel-modules kernel_gsp_fwsec.c */
#define BIT_HEADER_BYTES 12u
#define BIT_HEADER_SIZE 8
#define BIT_TOKEN_SIZE 9
#define BIT_TOKEN_COUNT 10
#define BIT_TOKEN_BYTES 6u
#define BIT_TOKEN_FALCON 0x70u
#define BIT_TOKEN_FALCON_VERSION 2u
#define UCODE_TABLE_BYTES 4u
#define UCODE_ENTRY_BYTES 6u
#define UCODE_APP_FWSEC 0x85u
#define DESC_BYTES 0x2cu
#define DESC_AVAILABLE 1u
#define DESC_VERSION 3u
#define DESC_STORED_SIZE 0x04
#define DESC_PKC_OFFSET 0x08
#define DESC_INTERFACE 0x0c
#define DESC_IMEM_PHYS 0x10
#define DESC_IMEM_SIZE 0x14
#define DESC_IMEM_VIRT 0x18
#define DESC_DMEM_PHYS 0x1c
#define DESC_DMEM_SIZE 0x20
#define DESC_ENGINE_MASK 0x24
#define DESC_UCODE_ID 0x26
#define DESC_SIGNATURES 0x27
#define DESC_SIGNATURE_VERSIONS 0x28
#define SIGNATURE_BYTES 384u
#define FALCON_BLOCK_BYTES 256u
#define MEMORY_MAX_BYTES (1u << 17)

/* HW: interface table and DMEMMAPPER in FWSEC's data memory: as above */
#define INTERFACE_HEADER_BYTES 4u
#define INTERFACE_ENTRY_BYTES 8u
#define INTERFACE_DMEMMAPPER 4u
#define DMEMMAPPER_BYTES 0x40u
#define DMEMMAPPER_SIGNATURE 0x50414d44u
#define DMEMMAPPER_CMD_IN 0x08
#define DMEMMAPPER_CMD_IN_SIZE 0x0c
#define DMEMMAPPER_INIT_CMD 0x2c
#define CMD_FRTS 0x15u
#define CMD_SB 0x19u
#define READ_VBIOS_BYTES 24u
#define READ_VBIOS_FLAGS 2u
#define FRTS_BYTES 20u
#define FRTS_MEDIA_FB 2u

static int malformed(const char *what) {
    return fail(NACRE_ERR_IO, "VBIOS is malformed: %s", what);
}

/* One image of the ROM. */
struct rom_image {
    uint32_t bytes;
    uint8_t code_type;
    bool is_last;
};

/* Reads an image's header; so many bytes are there from its beginning on. */
static int image_header(const uint8_t *image, uint32_t bytes, struct rom_image *found) {
    if (bytes < ROM_HEADER_BYTES || (get16(image) != ROM_SIGNATURE && get16(image) != ROM_SIGNATURE_NV)) {
        return malformed("image signature");
    }
    uint32_t pcir = get16(image + ROM_PCI_DATA);
    if (!is_inside(pcir, PCIR_BYTES, bytes) || (get32(image + pcir) != PCIR && get32(image + pcir) != NPDS)) {
        return malformed("PCI data structure");
    }
    uint32_t blocks = get16(image + pcir + PCIR_IMAGE_BLOCKS);
    found->code_type = image[pcir + PCIR_CODE_TYPE];
    found->is_last = (image[pcir + PCIR_LAST] & LAST_BIT) != 0;
    uint32_t npde = (uint32_t)align_up(pcir + get16(image + pcir + PCIR_LENGTH), 16);
    if (is_inside(npde, NPDE_BYTES, bytes) && get32(image + npde) == NPDE) {
        blocks = get16(image + npde + NPDE_IMAGE_BLOCKS);
        found->is_last = (image[npde + NPDE_LAST] & LAST_BIT) != 0;
    }
    found->bytes = blocks * BLOCK_BYTES;
    return blocks == 0 ? malformed("image size") : 0;
}

/* Where the falcon table's address in flat space is told: the target of the BIT's token for falcons. */
static int falcon_table(const uint8_t *base, uint32_t bytes, uint32_t *table) {
    static const uint8_t mark[] = {0xff, 0xb8, 'B', 'I', 'T', 0};
    const uint8_t *bit = memmem(base, bytes, mark, sizeof mark);
    if (bit == NULL || !is_inside((uint64_t)(bit - base), BIT_HEADER_BYTES, bytes)) {
        return malformed("no BIT");
    }
    uint64_t at = (uint64_t)(bit - base) + bit[BIT_HEADER_SIZE];
    for (uint32_t i = 0; i < bit[BIT_TOKEN_COUNT]; i++, at += bit[BIT_TOKEN_SIZE]) {
        if (!is_inside(at, BIT_TOKEN_BYTES, bytes)) {
            return malformed("BIT token");
        }
        uint32_t data = get16(base + at + 4);
        if (base[at] == BIT_TOKEN_FALCON && base[at + 1] == BIT_TOKEN_FALCON_VERSION && is_inside(data, 4, bytes)) {
            *table = get32(base + data);
            return 0;
        }
    }
    return malformed("no falcon data");
}

/* Where FWSEC's descriptor is in flat space: the base image and the extensions, one after the other. */
static int find_descriptor(const struct blob *flat, uint32_t table, uint32_t *descriptor) {
    if (!is_inside(table, UCODE_TABLE_BYTES, flat->bytes)) {
        return malformed("falcon table");
    }
    const uint8_t *header = flat->data + table;
    uint64_t entry = (uint64_t)table + header[1];
    for (uint32_t i = 0; i < header[3]; i++, entry += header[2]) {
        if (!is_inside(entry, UCODE_ENTRY_BYTES, flat->bytes)) {
            return malformed("entry of falcon table");
        }
        if (flat->data[entry] == UCODE_APP_FWSEC) {
            *descriptor = get32(flat->data + entry + 2);
            return 0;
        }
    }
    return malformed("no FWSEC");
}

static int take_descriptor(const struct blob *flat, uint32_t at, struct fwsec *fwsec) {
    if (!is_inside(at, DESC_BYTES, flat->bytes)) {
        return malformed("FWSEC descriptor");
    }
    const uint8_t *desc = flat->data + at;
    uint32_t header = get32(desc);
    uint32_t bytes = header >> 16;
    uint32_t imem = get32(desc + DESC_IMEM_SIZE);
    uint32_t dmem = get32(desc + DESC_DMEM_SIZE);
    uint32_t count = desc[DESC_SIGNATURES];
    if ((header & DESC_AVAILABLE) == 0 || (header >> 8 & 0xff) != DESC_VERSION) {
        return malformed("version of FWSEC descriptor");
    }
    if (count == 0 || bytes < DESC_BYTES + count * SIGNATURE_BYTES || imem > MEMORY_MAX_BYTES ||
        dmem > MEMORY_MAX_BYTES || imem % FALCON_BLOCK_BYTES != 0 ||
        !is_inside((uint64_t)at + bytes, (uint64_t)imem + dmem, flat->bytes)) {
        return malformed("sizes of FWSEC");
    }
    uint32_t data = (uint32_t)align_up(dmem, FALCON_BLOCK_BYTES);
    uint32_t pkc = get32(desc + DESC_PKC_OFFSET);
    uint32_t interface = get32(desc + DESC_INTERFACE);
    if (!is_inside(pkc, SIGNATURE_BYTES, dmem) || !is_inside(interface, INTERFACE_HEADER_BYTES, dmem)) {
        return malformed("offsets of FWSEC");
    }
    fwsec->image = calloc(1, (size_t)imem + data);
    if (fwsec->image == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for FWSEC");
    }
    memcpy(fwsec->image, desc + bytes, (size_t)imem + dmem);
    fwsec->interface_at = imem + interface;
    fwsec->signatures = (struct signatures){.all = {desc + DESC_BYTES, (uint64_t)count * SIGNATURE_BYTES},
                                            .each_bytes = SIGNATURE_BYTES,
                                            .count = count,
                                            .version = get16(desc + DESC_SIGNATURE_VERSIONS)};
    fwsec->program = (struct falcon_image){
        .image = {fwsec->image, (uint64_t)imem + data},
        .imem_from = 0,
        .imem_to = get32(desc + DESC_IMEM_PHYS),
        .imem_bytes = imem,
        .imem_virtual = get32(desc + DESC_IMEM_VIRT),
        .dmem_from = imem,
        .dmem_to = get32(desc + DESC_DMEM_PHYS),
        .dmem_bytes = data,
        .boot_vector = get32(desc + DESC_IMEM_VIRT),
        .signature_at = imem + pkc,
        .signature_offset = pkc,
        .engine_mask = get16(desc + DESC_ENGINE_MASK),
        .ucode_id = desc[DESC_UCODE_ID],
    };
    return 0;
}

int vbios_parse(const uint8_t *rom, uint32_t bytes, struct fwsec *fwsec) {
    struct blob flat = {0};
    uint8_t *joined = malloc(bytes == 0 ? 1 : bytes);
    if (joined == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for the VBIOS");
    }
    fwsec->rom = joined;
    flat.data = joined;
    uint32_t at = 0;
    uint32_t base_bytes = 0;
    struct rom_image image = {0};
    for (int i = 0; i < IMAGES_MAX && !image.is_last; i++, at += image.bytes) {
        int error = image_header(rom + at, bytes - at, &image);
        if (error < 0) {
            return error;
        }
        if (image.bytes > bytes - at) {
            return malformed("image is cut off");
        }
        bool is_base = image.code_type == CODE_TYPE_PC && base_bytes == 0;
        if (is_base || (image.code_type == CODE_TYPE_EXTENSION && base_bytes != 0)) {
            memcpy(joined + flat.bytes, rom + at, image.bytes);
            flat.bytes += image.bytes;
            base_bytes = is_base ? image.bytes : base_bytes;
        }
    }
    uint32_t table = 0;
    uint32_t descriptor = 0;
    int error = base_bytes == 0 ? malformed("no image for PCs") : falcon_table(joined, base_bytes, &table);
    if (error < 0 || (error = find_descriptor(&flat, table, &descriptor)) < 0) {
        return error;
    }
    return take_descriptor(&flat, descriptor, fwsec);
}

static void prom_read(const struct nacre_platform *p, uint32_t from, uint8_t *to, uint32_t bytes) {
    for (uint32_t i = 0; i < bytes; i += 4) {
        put32(to + i, rd32(p, NV_PROM + from + i));
    }
}

/* Where the images begin: behind a header of the flash, if it has one. */
static int first_image(const struct nacre_platform *p, uint32_t *first) {
    uint32_t at = 0;
    *first = 0;
    if (rd32(p, NV_PROM) != IFR_SIGNATURE) {
        return 0;
    }
    uint32_t fixed1 = rd32(p, NV_PROM + IFR_FIXED1);
    uint32_t version = fixed1 >> 8 & 0xff;
    if (version < 3) {
        at = (fixed1 >> 16 & 0x7fff) + 4;
    } else {
        uint32_t total = rd32(p, NV_PROM + IFR_FIXED2) & 0xfffff;
        if (total >= NV_PROM_BYTES - 4 || total % 4 != 0) {
            return malformed("header of the flash");
        }
        uint32_t directory = rd32(p, NV_PROM + total) + IFR_ROM_DIRECTORY;
        if (directory >= NV_PROM_BYTES - 12 || directory % 4 != 0 || rd32(p, NV_PROM + directory) != IFR_RFRD) {
            return malformed("directory of the flash");
        }
        at = directory + IFR_ROM_DIRECTORY_IMAGE;
    }
    if (at >= NV_PROM_BYTES - 4 || at % 4 != 0) {
        return malformed("header of the flash");
    }
    *first = rd32(p, NV_PROM + at);
    return *first >= NV_PROM_BYTES || *first % 4 != 0 ? malformed("place of the images") : 0;
}

/* Reads all images. */
static int read_images(const struct nacre_platform *p, uint8_t *rom, uint32_t *bytes) {
    uint32_t first = 0;
    int error = first_image(p, &first);
    if (error < 0) {
        return error;
    }
    uint32_t room = NV_PROM_BYTES - first;
    uint32_t at = 0;
    struct rom_image image = {0};
    for (int i = 0; i < IMAGES_MAX && !image.is_last && at < room; i++) {
        uint32_t ahead = room - at < BLOCK_BYTES ? room - at : BLOCK_BYTES;
        prom_read(p, first + at, rom + at, ahead);
        error = image_header(rom + at, ahead, &image);
        if (error < 0) {
            return error;
        }
        if (image.bytes > room - at) {
            return malformed("image is too long");
        }
        prom_read(p, first + at, rom + at, image.bytes);
        at += image.bytes;
    }
    *bytes = at;
    return 0;
}

int vbios_read(const struct nacre_platform *platform, struct fwsec *fwsec) {
    uint8_t *rom = malloc(NV_PROM_BYTES);
    if (rom == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for the VBIOS");
    }
    uint32_t bytes = 0;
    uint32_t shadow = mask32(platform, NV_XVE_ROM_CTRL, 1, 0);
    int error = read_images(platform, rom, &bytes);
    wr32(platform, NV_XVE_ROM_CTRL, shadow);
    if (error >= 0) {
        error = vbios_parse(rom, bytes, fwsec);
    }
    free(rom);
    return error;
}

/* Finds the DMEMMAPPER in FWSEC's data memory. */
static int find_mapper(const struct fwsec *fwsec, uint32_t *mapper) {
    const struct falcon_image *program = &fwsec->program;
    uint64_t whole = program->image.bytes;
    const uint8_t *header = fwsec->image + fwsec->interface_at;
    uint64_t entry = (uint64_t)fwsec->interface_at + header[1];
    for (uint32_t i = 0; i < header[3]; i++, entry += header[2]) {
        if (!is_inside(entry, INTERFACE_ENTRY_BYTES, whole)) {
            break;
        }
        uint64_t at = (uint64_t)program->dmem_from + get32(fwsec->image + entry + 4);
        if (get32(fwsec->image + entry) == INTERFACE_DMEMMAPPER && is_inside(at, DMEMMAPPER_BYTES, whole) &&
            get32(fwsec->image + at) == DMEMMAPPER_SIGNATURE) {
            *mapper = (uint32_t)at;
            return 0;
        }
    }
    return malformed("FWSEC takes no commands");
}

int fwsec_patch(struct fwsec *fwsec, const struct fwsec_command *command) {
    uint32_t mapper = 0;
    int error = find_mapper(fwsec, &mapper);
    if (error < 0) {
        return error;
    }
    put32(fwsec->image + mapper + DMEMMAPPER_INIT_CMD, command->is_frts ? CMD_FRTS : CMD_SB);
    if (!command->is_frts) {
        return 0;
    }
    uint64_t buffer = (uint64_t)fwsec->program.dmem_from + get32(fwsec->image + mapper + DMEMMAPPER_CMD_IN);
    if (get32(fwsec->image + mapper + DMEMMAPPER_CMD_IN_SIZE) < READ_VBIOS_BYTES + FRTS_BYTES ||
        !is_inside(buffer, READ_VBIOS_BYTES + FRTS_BYTES, fwsec->program.image.bytes)) {
        return malformed("FWSEC's buffer for commands");
    }
    uint8_t *read_vbios = fwsec->image + buffer;
    memset(read_vbios, 0, READ_VBIOS_BYTES + FRTS_BYTES);
    put32(read_vbios, 1);
    put32(read_vbios + 4, READ_VBIOS_BYTES);
    put32(read_vbios + 20, READ_VBIOS_FLAGS);
    uint8_t *frts = read_vbios + READ_VBIOS_BYTES;
    put32(frts, 1);
    put32(frts + 4, FRTS_BYTES);
    put32(frts + 8, (uint32_t)(command->frts_offset >> 12));
    put32(frts + 12, (uint32_t)(command->frts_bytes >> 12));
    put32(frts + 16, FRTS_MEDIA_FB);
    return 0;
}

void fwsec_free(struct fwsec *fwsec) {
    free(fwsec->rom);
    free(fwsec->image);
    *fwsec = (struct fwsec){0};
}
