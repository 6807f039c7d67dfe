/* SPDX-License-Identifier: Apache-2.0 */
/* The three-level list of pages by which the GSP finds large memory of the host. */
#ifndef NACRE_RADIX3_H
#define NACRE_RADIX3_H

#include "platform.h"

struct radix3 {
    struct dma_memory memory;
    struct dma_memory levels;
};

/* Allocates memory and lists its pages; what the GSP is told is levels.iova. */
int radix3_create(const struct nacre_platform *platform, uint64_t bytes, struct radix3 *radix3);
void radix3_destroy(const struct nacre_platform *platform, struct radix3 *radix3);

#endif
