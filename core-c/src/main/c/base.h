/* SPDX-License-Identifier: Apache-2.0 */
/* What every file begins with: the C library's Linux interface, whole numbers, and small functions. */
#ifndef NACRE_BASE_H
#define NACRE_BASE_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "nacre_core.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define PAGE_BYTES 4096u
#define KIB(n) ((uint64_t)(n) << 10)
#define MIB(n) ((uint64_t)(n) << 20)
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static inline uint64_t align_down(uint64_t value, uint64_t alignment) {
    return value & ~(alignment - 1);
}

static inline uint64_t align_up(uint64_t value, uint64_t alignment) {
    return align_down(value + alignment - 1, alignment);
}

/* Numbers in memory that has no alignment. All that the GPU shares is little-endian, as this host is. */
static inline uint16_t get16(const void *at) {
    uint16_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline uint32_t get32(const void *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline uint64_t get64(const void *at) {
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return value;
}

static inline void put32(void *at, uint32_t value) {
    memcpy(at, &value, sizeof value);
}

static inline void put64(void *at, uint64_t value) {
    memcpy(at, &value, sizeof value);
}

/* Whether a part lies in something that has so many bytes. */
static inline bool is_inside(uint64_t offset, uint64_t bytes, uint64_t whole) {
    return offset <= whole && bytes <= whole - offset;
}

#endif
