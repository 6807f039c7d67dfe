/* SPDX-License-Identifier: Apache-2.0 */
#include "platform.h"

#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#define LINE_BYTES 512
/* TIMEOUT: pauses while a register is polled: short at first, since most answer at once, then those of other
 * drivers. */
#define PAUSE_FIRST_US 10u
#define PAUSE_LONGEST_US 1000u

int platform_check(const struct nacre_platform *platform) {
    if (platform == NULL || platform->size < sizeof *platform || platform->version != NACRE_CORE_VERSION) {
        return fail(NACRE_ERR_VERSION, "Platform is of another version: allowed=%u", NACRE_CORE_VERSION);
    }
    bool complete = platform->read32 && platform->write32 && platform->read && platform->write &&
                    platform->region_bytes && platform->is_gone && platform->reset && platform->dma_alloc &&
                    platform->dma_free && platform->interrupt_fd && platform->firmware && platform->log;
    return complete ? 0 : fail(NACRE_ERR_INVALID_ARGUMENT, "Platform lacks a function");
}

uint32_t mask32(const struct nacre_platform *p, uint32_t offset, uint32_t mask, uint32_t value) {
    uint32_t old = rd32(p, offset);
    wr32(p, offset, (old & ~mask) | value);
    return old;
}

int poll32(const struct nacre_platform *p, uint32_t offset, uint32_t mask, uint32_t value, uint32_t timeout_ms,
           const char *what) {
    uint64_t end = now_ns() + (uint64_t)timeout_ms * 1000000u;
    uint32_t pause = PAUSE_FIRST_US;
    for (;;) {
        bool late = now_ns() >= end;
        uint32_t found = rd32(p, offset);
        if (found == UINT32_MAX && platform_gone(p)) {
            return fail(NACRE_ERR_GONE, "GPU has gone: %s", what);
        }
        if ((found & mask) == value) {
            return 0;
        }
        if (late) {
            return fail(NACRE_ERR_TIMED_OUT, "%s: register=0x%x value=0x%x mask=0x%x wanted=0x%x after=%ums", what,
                        offset, found, mask, value, timeout_ms);
        }
        pause_us(pause);
        pause = pause < PAUSE_LONGEST_US ? 2 * pause : PAUSE_LONGEST_US;
    }
}

bool platform_gone(const struct nacre_platform *p) {
    return p->is_gone(p->context) != 0;
}

int dma_alloc(const struct nacre_platform *p, struct dma_memory *memory, uint64_t bytes) {
    void *cpu = NULL;
    uint64_t iova = 0;
    uint64_t whole = align_up(bytes, PAGE_BYTES);
    int error = p->dma_alloc(p->context, whole, &cpu, &iova);
    if (error < 0 || cpu == NULL) {
        return fail(error < 0 ? error : NACRE_ERR_NO_MEMORY, "No memory that the GPU reaches: bytes=%llu",
                    (unsigned long long)whole);
    }
    *memory = (struct dma_memory){.cpu = cpu, .iova = iova, .bytes = whole};
    return 0;
}

void dma_free(const struct nacre_platform *p, struct dma_memory *memory) {
    if (memory->cpu != NULL) {
        p->dma_free(p->context, memory->iova);
    }
    *memory = (struct dma_memory){0};
}

void platform_log(const struct nacre_platform *p, int level, const char *format, ...) {
    char line[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    p->log(p->context, level, line);
}

uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void pause_us(uint32_t us) {
    struct timespec time = {.tv_sec = us / 1000000u, .tv_nsec = (long)(us % 1000000u) * 1000};
    while (nanosleep(&time, &time) != 0) {
    }
}
