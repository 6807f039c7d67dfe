/* SPDX-License-Identifier: Apache-2.0 */
/* Falcons: the microcontrollers on which signed programs run. */
#ifndef NACRE_FALCON_H
#define NACRE_FALCON_H

#include "firmware.h"

/* Resets a falcon and selects its falcon core. boot_0 is what it is told of the chip. */
int falcon_reset(const struct nacre_platform *platform, uint32_t base, uint32_t boot_0);

/* Resets the GSP and selects its RISC-V core, which waits until it is released. */
int falcon_reset_to_riscv(const struct nacre_platform *platform, uint32_t base);

/*
 * Runs a program: loads it, from a copy with the signature that the fuses choose, starts it with an argument in the
 * mailboxes, and waits until it halts. Gives what is in mailbox 0 then.
 */
int falcon_run(const struct nacre_platform *platform, uint32_t base, const struct falcon_image *image,
               const struct blob *signature, uint64_t argument, uint32_t *result);

/* Sets both mailboxes. */
void falcon_mailboxes(const struct nacre_platform *platform, uint32_t base, uint64_t value);

/* The version that the fuses demand of a program's signature. */
int falcon_fuse_version(const struct nacre_platform *platform, const struct falcon_image *image, uint32_t *version);

bool falcon_is_riscv_active(const struct nacre_platform *platform, uint32_t base);

#endif
