/* SPDX-License-Identifier: Apache-2.0 */
#include "firmware.h"

#include "error.h"

#include <stdio.h>

#define PATH_BYTES 96

/* HW: nouveau include/nvfw/fw.h: struct nvfw_bin_hdr */
#define BIN_VENDOR 0x10deu
#define BIN_HEADER_BYTES 24
#define BIN_HEADER_OFFSET 12
#define BIN_DATA_OFFSET 16
#define BIN_DATA_SIZE 20

/* HW: nouveau include/nvfw/hs.h: struct nvfw_hs_header_v2, nvfw_hs_load_header_v2 */
#define HS_HEADER_BYTES 36
#define HS_SIG_PROD_OFFSET 0
#define HS_SIG_PROD_SIZE 4
#define HS_PATCH_LOC 8
#define HS_PATCH_SIG 12
#define HS_META_OFFSET 16
#define HS_META_BYTES 12
#define HS_NUM_SIG 24
#define HS_LOAD_OFFSET 28
#define HS_LOAD_BYTES 36 /* with one application */
#define HS_LOAD_OS_DATA_OFFSET 8
#define HS_LOAD_OS_DATA_SIZE 12
#define HS_LOAD_NUM_APPS 16
#define HS_LOAD_APP0_OFFSET 20
#define HS_LOAD_APP0_SIZE 24
#define SIGNATURES_MAX 32u

/* HW: open-gpu-kernel-modules src/nvidia/arch/nvalloc/common/inc/rmRiscvUcode.h: RM_RISCV_UCODE_DESC */
#define RISCV_DESC_BYTES 84
#define RISCV_DESC_APP_VERSION 20
#define RISCV_DESC_MANIFEST 32
#define RISCV_DESC_MONITOR_DATA 40
#define RISCV_DESC_MONITOR_CODE 48

/* ELF-64. */
#define ELF_HEADER_BYTES 64
#define ELF_MAGIC 0x464c457fu
#define ELF_CLASS_64_LITTLE 0x0102u
#define ELF_SHOFF 40
#define ELF_SHENTSIZE 58
#define ELF_SHNUM 60
#define ELF_SHSTRNDX 62
#define ELF_SECTION_BYTES 64u
#define ELF_SECTION_NAME 0
#define ELF_SECTION_OFFSET 24
#define ELF_SECTION_SIZE 32

static int malformed(const char *what) {
    return fail(NACRE_ERR_IO, "Firmware file is malformed: %s", what);
}

static bool has(const struct blob *file, uint64_t offset, uint64_t bytes) {
    return is_inside(offset, bytes, file->bytes);
}

/* The header and the data of a file with a bin header. */
static int bin_parse(const struct blob *file, uint32_t header_bytes, uint32_t *header, struct blob *data) {
    if (!has(file, 0, BIN_HEADER_BYTES) || get32(file->data) != BIN_VENDOR) {
        return malformed("bin header");
    }
    uint32_t data_offset = get32(file->data + BIN_DATA_OFFSET);
    uint32_t data_bytes = get32(file->data + BIN_DATA_SIZE);
    *header = get32(file->data + BIN_HEADER_OFFSET);
    if (!has(file, *header, header_bytes) || !has(file, data_offset, data_bytes) || data_bytes == 0) {
        return malformed("parts of bin header");
    }
    *data = (struct blob){.data = file->data + data_offset, .bytes = data_bytes};
    return 0;
}

int riscv_parse(const struct blob *file, struct riscv_image *riscv) {
    uint32_t header = 0;
    int error = bin_parse(file, RISCV_DESC_BYTES, &header, &riscv->image);
    if (error < 0) {
        return error;
    }
    const uint8_t *desc = file->data + header;
    riscv->app_version = get32(desc + RISCV_DESC_APP_VERSION);
    riscv->manifest_offset = get32(desc + RISCV_DESC_MANIFEST);
    riscv->data_offset = get32(desc + RISCV_DESC_MONITOR_DATA);
    riscv->code_offset = get32(desc + RISCV_DESC_MONITOR_CODE);
    uint64_t bytes = riscv->image.bytes;
    if (riscv->manifest_offset > bytes || riscv->data_offset > bytes || riscv->code_offset > bytes) {
        return malformed("offsets of the boot loader");
    }
    return 0;
}

/* A word that a header names by its place. */
static int word_at(const struct blob *file, uint32_t place, uint32_t *word) {
    if (!has(file, place, 4)) {
        return malformed("place of a word");
    }
    *word = get32(file->data + place);
    return 0;
}

static int booter_signatures(const struct blob *file, const uint8_t *hs, struct falcon_image *booter,
                             struct signatures *signatures) {
    uint32_t at = 0;
    uint32_t meta = get32(hs + HS_META_OFFSET);
    uint32_t bytes = get32(hs + HS_SIG_PROD_SIZE);
    int error = word_at(file, get32(hs + HS_PATCH_SIG), &at);
    if (error >= 0) {
        error = word_at(file, get32(hs + HS_NUM_SIG), &signatures->count);
    }
    if (error >= 0) {
        error = word_at(file, get32(hs + HS_PATCH_LOC), &booter->signature_at);
    }
    if (error < 0) {
        return error;
    }
    uint64_t first = (uint64_t)get32(hs + HS_SIG_PROD_OFFSET) + at;
    if (!has(file, meta, HS_META_BYTES) || !has(file, first, bytes) || signatures->count == 0 ||
        signatures->count > SIGNATURES_MAX || bytes % signatures->count != 0 || bytes == 0) {
        return malformed("signatures of the booter");
    }
    signatures->all = (struct blob){.data = file->data + first, .bytes = bytes};
    signatures->each_bytes = bytes / signatures->count;
    signatures->version = get32(file->data + meta);
    booter->engine_mask = get32(file->data + meta + 4);
    booter->ucode_id = get32(file->data + meta + 8);
    return 0;
}

int booter_parse(const struct blob *file, struct falcon_image *booter, struct signatures *signatures) {
    uint32_t header = 0;
    int error = bin_parse(file, HS_HEADER_BYTES, &header, &booter->image);
    if (error < 0) {
        return error;
    }
    const uint8_t *hs = file->data + header;
    uint32_t load = get32(hs + HS_LOAD_OFFSET);
    if (!has(file, load, HS_LOAD_BYTES) || get32(file->data + load + HS_LOAD_NUM_APPS) == 0) {
        return malformed("load header of the booter");
    }
    error = booter_signatures(file, hs, booter, signatures);
    if (error < 0) {
        return error;
    }
    booter->imem_from = get32(file->data + load + HS_LOAD_APP0_OFFSET);
    booter->imem_bytes = get32(file->data + load + HS_LOAD_APP0_SIZE);
    booter->imem_to = 0;
    booter->imem_virtual = booter->imem_from;
    booter->boot_vector = booter->imem_from;
    booter->dmem_from = get32(file->data + load + HS_LOAD_OS_DATA_OFFSET);
    booter->dmem_bytes = get32(file->data + load + HS_LOAD_OS_DATA_SIZE);
    booter->dmem_to = 0;
    uint64_t bytes = booter->image.bytes;
    if (!is_inside(booter->imem_from, booter->imem_bytes, bytes) ||
        !is_inside(booter->dmem_from, booter->dmem_bytes, bytes) || booter->signature_at < booter->dmem_from ||
        !is_inside(booter->signature_at, signatures->each_bytes, bytes)) {
        return malformed("parts of the booter");
    }
    booter->signature_offset = booter->signature_at - booter->dmem_from;
    return 0;
}

int elf_section(const struct blob *file, const char *name, struct blob *section) {
    if (!has(file, 0, ELF_HEADER_BYTES) || get32(file->data) != ELF_MAGIC ||
        get16(file->data + 4) != ELF_CLASS_64_LITTLE) {
        return malformed("ELF header");
    }
    uint64_t table = get64(file->data + ELF_SHOFF);
    uint32_t count = get16(file->data + ELF_SHNUM);
    uint32_t names = get16(file->data + ELF_SHSTRNDX);
    if (get16(file->data + ELF_SHENTSIZE) != ELF_SECTION_BYTES || names >= count ||
        !has(file, table, (uint64_t)count * ELF_SECTION_BYTES)) {
        return malformed("ELF sections");
    }
    const uint8_t *sections = file->data + table;
    uint64_t texts = get64(sections + names * ELF_SECTION_BYTES + ELF_SECTION_OFFSET);
    uint64_t texts_bytes = get64(sections + names * ELF_SECTION_BYTES + ELF_SECTION_SIZE);
    if (!has(file, texts, texts_bytes)) {
        return malformed("ELF names");
    }
    size_t length = strlen(name) + 1;
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *one = sections + i * ELF_SECTION_BYTES;
        uint32_t at = get32(one + ELF_SECTION_NAME);
        if (!is_inside(at, length, texts_bytes) || memcmp(file->data + texts + at, name, length) != 0) {
            continue;
        }
        uint64_t offset = get64(one + ELF_SECTION_OFFSET);
        uint64_t bytes = get64(one + ELF_SECTION_SIZE);
        if (!has(file, offset, bytes) || bytes == 0) {
            return malformed(name);
        }
        *section = (struct blob){.data = file->data + offset, .bytes = bytes};
        return 0;
    }
    return fail(NACRE_ERR_IO, "Firmware file has no section: name=%s", name);
}

static int read_file(const struct nacre_platform *p, const struct chip *chip, const char *version, const char *name,
                     struct blob *file) {
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "nvidia/%s/gsp/%s-%s.bin", chip->firmware_folder, name, version);
    const void *data = NULL;
    int error = p->firmware(p->context, path, &data, &file->bytes);
    if (error < 0) {
        return fail(error, "Firmware is missing: file=%s", path);
    }
    file->data = data;
    return data == NULL ? fail(NACRE_ERR_NO_FIRMWARE, "Firmware is missing: file=%s", path) : 0;
}

static int load_release(const struct nacre_platform *p, const struct chip *chip, struct firmware *firmware) {
    const char *version = firmware->abi->version;
    struct blob gsp;
    struct blob bootloader;
    struct blob load;
    struct blob unload;
    int error = read_file(p, chip, version, "gsp", &gsp);
    if (error < 0 || (error = read_file(p, chip, version, "bootloader", &bootloader)) < 0 ||
        (error = read_file(p, chip, version, "booter_load", &load)) < 0 ||
        (error = read_file(p, chip, version, "booter_unload", &unload)) < 0) {
        return error;
    }
    if ((error = elf_section(&gsp, ".fwimage", &firmware->gsp_image)) < 0 ||
        (error = elf_section(&gsp, chip->signature_section, &firmware->gsp_signature)) < 0 ||
        (error = riscv_parse(&bootloader, &firmware->bootloader)) < 0 ||
        (error = booter_parse(&load, &firmware->booter_load, &firmware->booter_load_signatures)) < 0) {
        return error;
    }
    return booter_parse(&unload, &firmware->booter_unload, &firmware->booter_unload_signatures);
}

int firmware_load(const struct nacre_platform *platform, const struct chip *chip, struct firmware *firmware) {
    int error = NACRE_ERR_NO_FIRMWARE;
    for (const struct gsp_abi *const *abi = gsp_abi_all(); *abi != NULL && error == NACRE_ERR_NO_FIRMWARE; abi++) {
        *firmware = (struct firmware){.abi = *abi};
        error = load_release(platform, chip, firmware);
    }
    return error;
}
