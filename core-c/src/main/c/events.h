/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events: one thread delivers them, one at a time, in their order, with no lock held.
 *
 * On that thread, in a listener, waiting for a delivery means to deliver what is there at once.
 */
#ifndef NACRE_EVENTS_H
#define NACRE_EVENTS_H

#include "base.h"

struct events;
struct listener;

/* Starts the thread. */
int events_create(struct events **events);
/* Delivers what is there and ends the thread. If it is called by a listener, the thread ends after that. */
void events_destroy(struct events *events);

/* Adds a listener, which is told DRIVER_START first. on_event may be NULL. events_await_start must follow. */
int events_subscribe(struct events *events, void (*on_event)(void *, const struct nacre_event *), void *context,
                     struct listener **listener);
/* Waits until a new listener has been told DRIVER_START. Until then it cannot go. */
void events_await_start(struct events *events, struct listener *listener);
/* Waits until all have been told everything. */
void events_await_all(struct events *events);
/*
 * Ends a listener: it is told what there is, then DRIVER_END, and then nothing runs in it any more; it must not be used
 * after. If it calls this itself, that happens when it has returned.
 */
void events_unsubscribe(struct events *events, struct listener *listener);

/* Tells all listeners something. FIFO_NONSTALL and VGPU_NOTICE are left out for those that are still to be
 * told the same, and VGPU_NOTICE for those that are to be told very much. */
void events_post(struct events *events, const struct nacre_event *event);

/* Whether the calling thread delivers events. */
bool events_is_own_thread(const struct events *events);

#endif
