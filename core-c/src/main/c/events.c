/* SPDX-License-Identifier: Apache-2.0 */
#include "events.h"

#include "error.h"
#include "thread.h"

#include <stdlib.h>

/* Events that may wait for a listener before notices of plugins are left out: they come as guests and firmware like. */
#define NOTICES_MOST 1024u

struct listener {
    struct listener *next;
    void (*on_event)(void *context, const struct nacre_event *event);
    void *context;
    uint32_t waiting; /* events that are not delivered yet */
    uint32_t running; /* how deep it is in its own calls */
    bool is_ended;    /* DRIVER_END was posted: nothing follows */
    bool is_starting; /* who added it still waits for DRIVER_START */
    bool is_left;     /* nobody waits for its end: the thread frees it */
};

struct delivery {
    struct delivery *next;
    struct listener *listener;
    struct nacre_event event;
};

struct events {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pthread_t thread;
    struct listener *listeners;
    struct delivery *first;
    struct delivery **last;
    struct listener *current; /* whom the thread is telling something */
    bool is_ending;
    bool is_orphan; /* the thread frees all when it ends */
};

static void free_events(struct events *events) {
    pthread_cond_destroy(&events->changed);
    pthread_mutex_destroy(&events->lock);
    free(events);
}

/* Appends an event for a listener. With the lock. */
static int append(struct events *events, struct listener *listener, const struct nacre_event *event) {
    struct delivery *delivery = malloc(sizeof *delivery);
    if (delivery == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for an event");
    }
    *delivery = (struct delivery){.listener = listener, .event = *event};
    *events->last = delivery;
    events->last = &delivery->next;
    listener->waiting++;
    pthread_cond_broadcast(&events->changed);
    return 0;
}

static void unlink_listener(struct events *events, struct listener *listener) {
    struct listener **link = &events->listeners;
    while (*link != listener) {
        link = &(*link)->next;
    }
    *link = listener->next;
}

/* Whether a listener's end was delivered and it is out of its calls. */
static bool is_over(const struct listener *listener) {
    return listener->is_ended && listener->waiting == 0 && listener->running == 0;
}

/* Takes the first delivery out of the list, or the first for one listener. With the lock. */
static struct delivery *take(struct events *events, const struct listener *only) {
    for (struct delivery **link = &events->first; *link != NULL; link = &(*link)->next) {
        struct delivery *found = *link;
        if (only == NULL || found->listener == only) {
            *link = found->next;
            if (events->last == &found->next) {
                events->last = link;
            }
            return found;
        }
    }
    return NULL;
}

/* Delivers one event, without the lock. On the thread. */
static void deliver(struct events *events, struct delivery *delivery) {
    struct listener *listener = delivery->listener;
    struct listener *outer = events->current;
    events->current = listener;
    listener->running++;
    pthread_mutex_unlock(&events->lock);
    if (listener->on_event != NULL) {
        listener->on_event(listener->context, &delivery->event);
    }
    pthread_mutex_lock(&events->lock);
    events->current = outer;
    listener->running--;
    listener->waiting--;
    free(delivery);
    pthread_cond_broadcast(&events->changed);
}

/* Listeners that ended themselves, of which nobody waits for the end. With the lock, on the thread. */
static void reap(struct events *events) {
    struct listener **link = &events->listeners;
    while (*link != NULL) {
        struct listener *listener = *link;
        if (listener->is_left && is_over(listener)) {
            *link = listener->next;
            free(listener);
        } else {
            link = &listener->next;
        }
    }
}

static void *run(void *argument) {
    struct events *events = argument;
    pthread_mutex_lock(&events->lock);
    for (;;) {
        struct delivery *delivery = take(events, NULL);
        if (delivery != NULL) {
            deliver(events, delivery);
            reap(events);
        } else if (events->is_ending) {
            break;
        } else {
            pthread_cond_wait(&events->changed, &events->lock);
        }
    }
    bool is_orphan = events->is_orphan;
    pthread_mutex_unlock(&events->lock);
    if (is_orphan) {
        free_events(events);
    }
    return NULL;
}

int events_create(struct events **events) {
    struct events *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for events");
    }
    made->last = &made->first;
    pthread_mutex_init(&made->lock, NULL);
    condition_init(&made->changed);
    int error = thread_start(&made->thread, run, made);
    if (error < 0) {
        free_events(made);
        return error;
    }
    *events = made;
    return 0;
}

bool events_is_own_thread(const struct events *events) {
    return pthread_equal(pthread_self(), events->thread) != 0;
}

void events_destroy(struct events *events) {
    bool is_own = events_is_own_thread(events);
    pthread_mutex_lock(&events->lock);
    events->is_ending = true;
    events->is_orphan = is_own;
    pthread_cond_broadcast(&events->changed);
    pthread_mutex_unlock(&events->lock);
    if (is_own) {
        pthread_detach(events->thread);
        return;
    }
    pthread_join(events->thread, NULL);
    free_events(events);
}

int events_subscribe(struct events *events, void (*on_event)(void *, const struct nacre_event *), void *context,
                     struct listener **listener) {
    struct listener *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for a listener");
    }
    made->is_starting = true;
    made->on_event = on_event;
    made->context = context;
    pthread_mutex_lock(&events->lock);
    struct nacre_event start = {.kind = NACRE_EVENT_DRIVER_START};
    int error = append(events, made, &start);
    if (error >= 0) {
        made->next = events->listeners;
        events->listeners = made;
    }
    pthread_mutex_unlock(&events->lock);
    if (error < 0) {
        free(made);
        return error;
    }
    *listener = made;
    return 0;
}

/* Waits until there is nothing for a listener, or for all; by itself if it is the thread. With the lock. */
static void await_locked(struct events *events, struct listener *listener) {
    if (events_is_own_thread(events)) {
        struct delivery *delivery;
        while ((delivery = take(events, listener)) != NULL) {
            deliver(events, delivery);
        }
        return;
    }
    while (listener != NULL ? listener->waiting > 0 : events->first != NULL || events->current != NULL) {
        pthread_cond_wait(&events->changed, &events->lock);
    }
}

void events_await_start(struct events *events, struct listener *listener) {
    pthread_mutex_lock(&events->lock);
    await_locked(events, listener);
    listener->is_starting = false;
    pthread_cond_broadcast(&events->changed);
    pthread_mutex_unlock(&events->lock);
}

void events_await_all(struct events *events) {
    pthread_mutex_lock(&events->lock);
    await_locked(events, NULL);
    pthread_mutex_unlock(&events->lock);
}

void events_unsubscribe(struct events *events, struct listener *listener) {
    struct nacre_event end = {.kind = NACRE_EVENT_DRIVER_END};
    pthread_mutex_lock(&events->lock);
    /* Without memory the end is not told, but it is one. */
    (void)append(events, listener, &end);
    listener->is_ended = true;
    if (events_is_own_thread(events) && listener->running > 0) {
        listener->is_left = true;
        pthread_mutex_unlock(&events->lock);
        return;
    }
    await_locked(events, listener);
    while (listener->running > 0 || listener->is_starting) {
        pthread_cond_wait(&events->changed, &events->lock);
    }
    unlink_listener(events, listener);
    pthread_mutex_unlock(&events->lock);
    free(listener);
}

/* Whether a listener is still to be told the same. With the lock. */
static bool is_waiting(const struct events *events, const struct listener *listener, const struct nacre_event *event) {
    for (const struct delivery *delivery = events->first; delivery != NULL; delivery = delivery->next) {
        if (delivery->listener == listener && memcmp(&delivery->event, event, sizeof *event) == 0) {
            return true;
        }
    }
    return false;
}

/* What may come in any number, and means the same however often it is told. */
static bool is_repeated(const struct nacre_event *event) {
    return event->kind == NACRE_EVENT_FIFO_NONSTALL || event->kind == NACRE_EVENT_VGPU_NOTICE;
}

void events_post(struct events *events, const struct nacre_event *event) {
    pthread_mutex_lock(&events->lock);
    for (struct listener *listener = events->listeners; listener != NULL; listener = listener->next) {
        bool is_told_anyway = is_repeated(event) && is_waiting(events, listener, event);
        bool is_too_much = event->kind == NACRE_EVENT_VGPU_NOTICE && listener->waiting >= NOTICES_MOST;
        if (!listener->is_ended && !is_told_anyway && !is_too_much) {
            (void)append(events, listener, event);
        }
    }
    pthread_mutex_unlock(&events->lock);
}
