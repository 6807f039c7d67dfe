/* SPDX-License-Identifier: Apache-2.0 */
/* The way to the GPU: registers, memory that it reaches, time. Any thread. */
#ifndef NACRE_PLATFORM_H
#define NACRE_PLATFORM_H

#include "base.h"

/* Memory of the host that the GPU reaches; all zero while there is none. */
struct dma_memory {
    uint8_t *cpu;
    uint64_t iova;
    uint64_t bytes;
};

/* Checks a table of callbacks. */
int platform_check(const struct nacre_platform *platform);

static inline uint32_t rd32(const struct nacre_platform *p, uint32_t offset) {
    return p->read32(p->context, 0, offset);
}

static inline void wr32(const struct nacre_platform *p, uint32_t offset, uint32_t value) {
    p->write32(p->context, 0, offset, value);
}

/* Changes the bits of a mask, and gives the old value. */
uint32_t mask32(const struct nacre_platform *p, uint32_t offset, uint32_t mask, uint32_t value);

/* Waits until a register's bits have a value: 0, NACRE_ERR_GONE or NACRE_ERR_TIMED_OUT, which name it. */
int poll32(const struct nacre_platform *p, uint32_t offset, uint32_t mask, uint32_t value, uint32_t timeout_ms,
           const char *what);

bool platform_gone(const struct nacre_platform *p);

int dma_alloc(const struct nacre_platform *p, struct dma_memory *memory, uint64_t bytes);

/* Frees it, if there is any. */
void dma_free(const struct nacre_platform *p, struct dma_memory *memory);

/* Gives a line to the log. */
void platform_log(const struct nacre_platform *p, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define LOG_ERROR 0
#define LOG_WARNING 1
#define LOG_INFO 2
#define LOG_DEBUG 3

uint64_t now_ns(void);
void pause_us(uint32_t us);

#endif
