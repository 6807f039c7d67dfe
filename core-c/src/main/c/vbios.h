/* SPDX-License-Identifier: Apache-2.0 */
/* The GPU's option ROM, as far as a driver needs it: FWSEC, the program that sets up the protected region. */
#ifndef NACRE_VBIOS_H
#define NACRE_VBIOS_H

#include "firmware.h"

/* What FWSEC shall do. */
struct fwsec_command {
    bool is_frts; /* else SB, its part at the end */
    uint64_t frts_offset;
    uint64_t frts_bytes;
};

/* FWSEC, by copies of its own. */
struct fwsec {
    uint8_t *rom;           /* all images, one after the other */
    uint8_t *image;         /* code and data memory */
    struct falcon_image program;
    struct signatures signatures;
    uint32_t interface_at;  /* in the image */
};

/* Reads the ROM and finds FWSEC. */
int vbios_read(const struct nacre_platform *platform, struct fwsec *fwsec);

/* The same from bytes that were read: the image at the ROM's beginning, and those after it. */
int vbios_parse(const uint8_t *rom, uint32_t bytes, struct fwsec *fwsec);

/* Puts a command into the image. */
int fwsec_patch(struct fwsec *fwsec, const struct fwsec_command *command);

void fwsec_free(struct fwsec *fwsec);

#endif
