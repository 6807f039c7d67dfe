/* SPDX-License-Identifier: Apache-2.0 */
/* What the kit's cases share. */
#ifndef NACRE_TCK_INTERNAL_H
#define NACRE_TCK_INTERNAL_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif

#include "nacre_tck.h"

#include <pthread.h>
#include <stdbool.h>

#define MOST_EVENTS 256
#define ANY_CHANNEL UINT32_MAX
#define MIB(n) ((uint64_t)(n) << 20)
#define PAGE_BYTES 4096u

/* A client, and what it was told. */
struct recorder {
    pthread_mutex_t lock;
    pthread_cond_t told;
    struct nacre_event events[MOST_EVENTS];
    uint32_t count;
};

struct tck {
    const struct nacre_core_ops *ops;
    struct nacre_core *core;
    uint64_t capabilities;
    /* Of the case that runs: its attachment, and what it was told. */
    struct nacre_attachment *attachment;
    struct recorder recorder;
    bool failed;
    bool skipped;
    char reason[512];
};

struct tck_case {
    const char *name;
    size_t operation; /* offset of the pointer that has to be there */
    int capability;   /* that the core has to have; or NO_CAPABILITY */
    void (*run)(struct tck *t);
};

#define NO_CAPABILITY (-1)
#define OPERATION(name) offsetof(struct nacre_core_ops, name)

/* The lists of cases; each ends with a case without a name. */
extern const struct tck_case TCK_CORE_CASES[];
extern const struct tck_case TCK_ATTACHMENT_CASES[];
extern const struct tck_case TCK_MEMORY_CASES[];
extern const struct tck_case TCK_CHANNEL_CASES[];
extern const struct tck_case TCK_GRAPHICS_CASES[];
extern const struct tck_case TCK_VGPU_CASES[];
extern const struct tck_case TCK_LAST_CASES[];

void recorder_init(struct recorder *recorder);
/* Waits until an event was told, from some place in the list on; gives its place, or -1 if it does not come. */
int recorder_wait(struct recorder *recorder, uint32_t from, uint32_t kind, uint32_t channel);
uint32_t recorder_count(struct recorder *recorder);
/* One that was told; of no kind if there are not as many. */
struct nacre_event recorder_event(struct recorder *recorder, uint32_t at);

/* A client of version 1 that requires nothing. */
struct nacre_client tck_client(const char *name, uint32_t kind, struct recorder *recorder);

bool tck_has(struct tck *t, size_t operation);
void tck_skip(struct tck *t, const char *reason);
void tck_fail(struct tck *t, const char *file, int line, const char *what);
/* Whether a result is the expected one; the case has failed if not. */
bool tck_is(struct tck *t, const char *file, int line, const char *call, long long expected, long long result);

/* Copies memory by a channel's copy engine, and waits for its interrupt; false if the case has failed. */
bool tck_copy(struct tck *t, struct nacre_ce_channel *channel, const struct nacre_channel_info *info, uint64_t from,
              uint64_t to, uint32_t bytes);
/* Allocates a page-aligned part of memory; NULL if the case has failed. */
struct nacre_fb_mem *tck_memory(struct tck *t, uint64_t bytes);

/* Both leave the case. */
#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            tck_fail(t, __FILE__, __LINE__, #condition);                                                               \
            return;                                                                                                    \
        }                                                                                                              \
    } while (0)
#define EXPECT_IS(expected, call)                                                                                      \
    do {                                                                                                               \
        if (!tck_is(t, __FILE__, __LINE__, #call, (expected), (call))) {                                               \
            return;                                                                                                    \
        }                                                                                                              \
    } while (0)

#endif
