/* SPDX-License-Identifier: Apache-2.0 */
#include "tck.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* How long an event may take on a machine that is busy. */
#define EVENT_SECONDS 10

static const struct tck_case *const LISTS[] = {TCK_CORE_CASES,     TCK_ATTACHMENT_CASES, TCK_MEMORY_CASES,
                                               TCK_CHANNEL_CASES,  TCK_GRAPHICS_CASES,   TCK_VGPU_CASES,
                                               TCK_LAST_CASES};

void recorder_init(struct recorder *recorder) {
    memset(recorder, 0, sizeof *recorder);
    pthread_mutex_init(&recorder->lock, NULL);
    pthread_cond_init(&recorder->told, NULL);
}

static void on_event(void *context, const struct nacre_event *event) {
    struct recorder *recorder = context;
    pthread_mutex_lock(&recorder->lock);
    if (recorder->count < MOST_EVENTS) {
        recorder->events[recorder->count++] = *event;
    }
    pthread_cond_broadcast(&recorder->told);
    pthread_mutex_unlock(&recorder->lock);
}

static int find(struct recorder *recorder, uint32_t from, uint32_t kind, uint32_t channel) {
    for (uint32_t i = from; i < recorder->count; i++) {
        const struct nacre_event *event = &recorder->events[i];
        if (event->kind == kind && (channel == ANY_CHANNEL || event->channel_id == channel)) {
            return (int)i;
        }
    }
    return -1;
}

int recorder_wait(struct recorder *recorder, uint32_t from, uint32_t kind, uint32_t channel) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += EVENT_SECONDS;
    pthread_mutex_lock(&recorder->lock);
    int at = find(recorder, from, kind, channel);
    while (at < 0 && pthread_cond_timedwait(&recorder->told, &recorder->lock, &until) == 0) {
        at = find(recorder, from, kind, channel);
    }
    pthread_mutex_unlock(&recorder->lock);
    return at;
}

uint32_t recorder_count(struct recorder *recorder) {
    pthread_mutex_lock(&recorder->lock);
    uint32_t count = recorder->count;
    pthread_mutex_unlock(&recorder->lock);
    return count;
}

struct nacre_event recorder_event(struct recorder *recorder, uint32_t at) {
    pthread_mutex_lock(&recorder->lock);
    struct nacre_event event = {.kind = UINT32_MAX};
    if (at < recorder->count) {
        event = recorder->events[at];
    }
    pthread_mutex_unlock(&recorder->lock);
    return event;
}

struct nacre_client tck_client(const char *name, uint32_t kind, struct recorder *recorder) {
    return (struct nacre_client){
        .size = sizeof(struct nacre_client),
        .kind = kind,
        .oldest_version = 1,
        .newest_version = NACRE_CORE_VERSION,
        .name = name,
        .on_event = recorder == NULL ? NULL : on_event,
        .context = recorder,
    };
}

bool tck_has(struct tck *t, size_t operation) {
    void (*function)(void);
    if (operation + sizeof function > t->ops->size) {
        return false;
    }
    memcpy(&function, (const char *)t->ops + operation, sizeof function);
    return function != NULL;
}

void tck_skip(struct tck *t, const char *reason) {
    t->skipped = true;
    snprintf(t->reason, sizeof t->reason, "%s", reason);
}

static const char *base_name(const char *file) {
    const char *slash = strrchr(file, '/');
    return slash == NULL ? file : slash + 1;
}

void tck_fail(struct tck *t, const char *file, int line, const char *what) {
    t->failed = true;
    snprintf(t->reason, sizeof t->reason, "%s:%d: not so: %s", base_name(file), line, what);
}

bool tck_is(struct tck *t, const char *file, int line, const char *call, long long expected, long long result) {
    if (result == expected) {
        return true;
    }
    char words[256] = "";
    if (result < 0) {
        t->ops->last_error(words, sizeof words);
    }
    t->failed = true;
    snprintf(t->reason, sizeof t->reason, "%s:%d: %s gives %lld, not %lld %s", base_name(file), line, call, result,
             expected, words);
    return false;
}

struct nacre_fb_mem *tck_memory(struct tck *t, uint64_t bytes) {
    struct nacre_fb_request request = {.bytes = bytes, .align_bytes = PAGE_BYTES};
    struct nacre_fb_mem_info info;
    struct nacre_fb_mem *mem = NULL;
    if (!tck_is(t, __FILE__, __LINE__, "alloc_fbmem", 0,
                t->ops->alloc_fbmem(t->attachment, &request, &mem, &info))) {
        return NULL;
    }
    return mem;
}

static bool prepare(struct tck *t, const struct tck_case *one) {
    t->failed = false;
    t->skipped = false;
    t->reason[0] = 0;
    t->attachment = NULL;
    if (!tck_has(t, one->operation)) {
        tck_skip(t, "the table lacks the operation");
        return false;
    }
    if (one->capability != NO_CAPABILITY && !(t->capabilities >> one->capability & 1)) {
        tck_skip(t, "the core lacks the capability");
        return false;
    }
    recorder_init(&t->recorder);
    struct nacre_client client = tck_client("nacre-tck", NACRE_CLIENT_TOOL, &t->recorder);
    return tck_is(t, __FILE__, __LINE__, "attach", 0, t->ops->attach(t->core, &client, &t->attachment));
}

static void run(struct tck *t, const struct tck_case *one) {
    if (!prepare(t, one)) {
        return;
    }
    one->run(t);
    if (t->failed && tck_has(t, OPERATION(resume))) {
        /* The other cases need a GPU that is awake. */
        t->ops->resume(t->core);
    }
    if (t->attachment != NULL) {
        /* Frees what a case that failed has left, too. */
        int result = t->ops->detach(t->attachment);
        if (!t->failed) {
            tck_is(t, __FILE__, __LINE__, "detach", 0, result);
        }
    }
}

int nacre_tck_run(const struct nacre_core_ops *ops, struct nacre_core *core, nacre_tck_report report, void *context) {
    static struct tck kit;
    struct tck *t = &kit;
    int failures = 0;
    memset(t, 0, sizeof *t);
    t->ops = ops;
    t->core = core;
    t->capabilities = ops->capabilities(core);
    for (size_t i = 0; i < sizeof LISTS / sizeof LISTS[0]; i++) {
        for (const struct tck_case *one = LISTS[i]; one->name != NULL; one++) {
            char line[640];
            run(t, one);
            failures += t->failed ? 1 : 0;
            snprintf(line, sizeof line, "%s %s %s", one->name, t->failed ? "failed" : t->skipped ? "skipped" : "ok",
                     t->reason);
            report(context, line);
        }
    }
    return failures;
}
