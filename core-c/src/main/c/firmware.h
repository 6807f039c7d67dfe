/* SPDX-License-Identifier: Apache-2.0 */
/* Firmware files: which ones, and the containers they come in. What the parsers give points into the file. */
#ifndef NACRE_FIRMWARE_H
#define NACRE_FIRMWARE_H

#include "gsp_abi.h"
#include "hal.h"
#include "platform.h"

/* A file, or a part of one. */
struct blob {
    const uint8_t *data;
    uint64_t bytes;
};

/* A program for a falcon's boot ROM, which checks its signature; its parts by their place in the image. */
struct falcon_image {
    struct blob image;
    uint32_t imem_from;
    uint32_t imem_to;    /* in the falcon's code memory */
    uint32_t imem_bytes;
    uint32_t imem_virtual;
    uint32_t dmem_from;
    uint32_t dmem_to;
    uint32_t dmem_bytes;
    uint32_t boot_vector;
    uint32_t signature_at;     /* where in the image the signature belongs */
    uint32_t signature_offset; /* where in data memory that is */
    uint32_t engine_mask;
    uint32_t ucode_id;
};

/* Signatures of a program, of which the GPU's fuses choose one. */
struct signatures {
    struct blob all;
    uint32_t each_bytes;
    uint32_t count;
    uint32_t version; /* FWSEC: mask of versions; booter: the first one's version */
};

/* The RISC-V boot loader: RM_RISCV_UCODE_DESC and the payload. */
struct riscv_image {
    struct blob image;
    uint32_t code_offset;
    uint32_t data_offset;
    uint32_t manifest_offset;
    uint32_t app_version;
};

/* All that the GSP of a chip needs. */
struct firmware {
    const struct gsp_abi *abi;
    struct blob gsp_image;
    struct blob gsp_signature;
    struct riscv_image bootloader;
    struct falcon_image booter_load;
    struct signatures booter_load_signatures;
    struct falcon_image booter_unload;
    struct signatures booter_unload_signatures;
};

/* Finds and parses the files of the newest release that is there. */
int firmware_load(const struct nacre_platform *platform, const struct chip *chip, struct firmware *firmware);

/* A section of an ELF-64 file. */
int elf_section(const struct blob *file, const char *name, struct blob *section);
int riscv_parse(const struct blob *file, struct riscv_image *riscv);
int booter_parse(const struct blob *file, struct falcon_image *booter, struct signatures *signatures);

#endif
