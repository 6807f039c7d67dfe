/* SPDX-License-Identifier: Apache-2.0 */
/* Gives out ranges of numbers: memory of the GPU, virtual addresses. Not locked. */
#ifndef NACRE_RANGES_H
#define NACRE_RANGES_H

#include "base.h"

struct free_range;

struct ranges {
    struct free_range *first; /* in order, never touching each other */
    uint64_t free_bytes;
};

/* Makes numbers available: those of the beginning, or those that are given back. They overlap none that are free. */
int ranges_add(struct ranges *ranges, uint64_t start, uint64_t bytes);

/* Takes the first range that fits, from numbers that are residue modulo align; align is a power of two. */
int ranges_take(struct ranges *ranges, uint64_t bytes, uint64_t align, uint64_t residue, uint64_t *start);

/* Takes exactly this range. */
int ranges_take_at(struct ranges *ranges, uint64_t start, uint64_t bytes);

void ranges_clear(struct ranges *ranges);

#endif
