/* SPDX-License-Identifier: Apache-2.0 */
#include "handle.h"

#include "core.h"

#include <pthread.h>
#include <stdlib.h>

/* A handle's lower bits are its slot, the others how often the slot was used, from 1: it is never NULL, and 2^40 uses
 * of a slot do not happen. */
#define SLOT_BITS 24
#define SLOT_MASK ((1u << SLOT_BITS) - 1)
#define GENERATION_MAX ((UINT64_C(1) << (64 - SLOT_BITS)) - 1)
#define FIRST_CAPACITY 64u

struct slot {
    enum handle_kind kind;
    uint32_t next_free; /* the slot after it in the list of free ones, plus 1 */
    uint64_t generation;
    struct core *core;
    void *object;
};

/* The only state that outlives cores: without it a late call could not be told from a good one. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t released;
    struct slot *slots;
    uint32_t count;
    uint32_t capacity;
    uint32_t first_free; /* plus 1 */
} table = {.lock = PTHREAD_MUTEX_INITIALIZER, .released = PTHREAD_COND_INITIALIZER};

static struct slot *find(const void *handle, enum handle_kind kind) {
    uint64_t value = (uint64_t)(uintptr_t)handle;
    uint32_t index = (uint32_t)(value & SLOT_MASK);
    if (index >= table.count) {
        return NULL;
    }
    struct slot *slot = &table.slots[index];
    return slot->kind == kind && kind != HANDLE_FREE && slot->generation == value >> SLOT_BITS ? slot : NULL;
}

/* A slot to use, or NULL. */
static struct slot *take_slot(void) {
    if (table.first_free != 0) {
        struct slot *slot = &table.slots[table.first_free - 1];
        table.first_free = slot->next_free;
        return slot;
    }
    if (table.count == table.capacity) {
        uint32_t wanted = table.capacity == 0 ? FIRST_CAPACITY : 2 * table.capacity;
        struct slot *more = wanted > SLOT_MASK ? NULL : realloc(table.slots, wanted * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        table.slots = more;
        table.capacity = wanted;
    }
    struct slot *slot = &table.slots[table.count++];
    *slot = (struct slot){0};
    return slot;
}

void *handle_new(enum handle_kind kind, struct core *core, void *object) {
    pthread_mutex_lock(&table.lock);
    void *handle = NULL;
    struct slot *slot = take_slot();
    if (slot != NULL) {
        slot->kind = kind;
        slot->generation++;
        slot->core = core;
        slot->object = object;
        handle = (void *)(uintptr_t)(slot->generation << SLOT_BITS | (uint64_t)(slot - table.slots));
    }
    pthread_mutex_unlock(&table.lock);
    return handle;
}

void handle_drop(void *handle) {
    pthread_mutex_lock(&table.lock);
    uint32_t index = (uint32_t)((uintptr_t)handle & SLOT_MASK);
    struct slot *slot = index < table.count ? find(handle, table.slots[index].kind) : NULL;
    if (slot != NULL) {
        slot->kind = HANDLE_FREE;
        slot->core = NULL;
        slot->object = NULL;
        if (slot->generation < GENERATION_MAX) {
            slot->next_free = table.first_free;
            table.first_free = index + 1;
        }
    }
    pthread_mutex_unlock(&table.lock);
}

struct core *handle_hold(const void *handle, enum handle_kind kind) {
    pthread_mutex_lock(&table.lock);
    struct slot *slot = find(handle, kind);
    struct core *core = slot == NULL ? NULL : slot->core;
    if (core != NULL) {
        core->holds++;
    }
    pthread_mutex_unlock(&table.lock);
    return core;
}

void *handle_object(const void *handle, enum handle_kind kind) {
    pthread_mutex_lock(&table.lock);
    struct slot *slot = find(handle, kind);
    void *object = slot == NULL ? NULL : slot->object;
    pthread_mutex_unlock(&table.lock);
    return object;
}

void handle_release(struct core *core) {
    pthread_mutex_lock(&table.lock);
    core->holds--;
    pthread_cond_broadcast(&table.released);
    pthread_mutex_unlock(&table.lock);
}

void handle_wait_released(struct core *core, uint32_t own) {
    pthread_mutex_lock(&table.lock);
    while (core->holds > own) {
        pthread_cond_wait(&table.released, &table.lock);
    }
    pthread_mutex_unlock(&table.lock);
}
