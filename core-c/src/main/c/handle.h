/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handles: pointers that point nowhere, but name a slot of a table of this process and how often the slot was used. So
 * whatever a caller passes, nothing that was freed is ever touched. While a handle is held, its core stays.
 */
#ifndef NACRE_HANDLE_H
#define NACRE_HANDLE_H

#include "base.h"

struct core;

enum handle_kind {
    HANDLE_FREE,
    HANDLE_CORE,
    HANDLE_ATTACHMENT,
    HANDLE_GSP_CLIENT,
    HANDLE_CHIDS,
    HANDLE_FB_MEM,
    HANDLE_CE_CHANNEL,
    HANDLE_VGPU,
};

/* Makes a handle; NULL if there is no memory. */
void *handle_new(enum handle_kind kind, struct core *core, void *object);

/* Makes a handle stale; NULL is nothing. */
void handle_drop(void *handle);

/* Finds the core of a handle and holds it, or NULL if the handle is stale, or of another kind. */
struct core *handle_hold(const void *handle, enum handle_kind kind);

/* The object of a handle, or NULL if it is stale. While its core is locked, it stays. */
void *handle_object(const void *handle, enum handle_kind kind);

/* Lets a core go that was held. */
void handle_release(struct core *core);

/* Waits until nobody holds a core but those that the caller itself has. */
void handle_wait_released(struct core *core, uint32_t own);

#endif
