/* SPDX-License-Identifier: Apache-2.0 */
/* Delivery of events: order, waiting, and ends from everywhere. */
#include "check.h"
#include "events.h"
#include "handle.h"

#include <pthread.h>
#include <stdatomic.h>

#define SEEN 256
#define ROUNDS 300

/* A client that notes what it is told. */
struct client {
    struct events *events;
    struct listener *self;
    struct listener *other;
    struct client *other_client;
    atomic_int count;
    atomic_bool is_freed;
    uint32_t seen[SEEN];
    uint32_t channels[SEEN];
    uint32_t end_self_at; /* a kind of event, or 0 */
    uint32_t end_other_at;
};

static void on_event(void *context, const struct nacre_event *event) {
    struct client *client = context;
    CHECK(!client->is_freed);
    int at = client->count;
    if (at < SEEN) {
        client->seen[at] = event->kind;
        client->channels[at] = event->channel_id;
    }
    client->count = at + 1;
    if (client->end_self_at != 0 && event->kind == client->end_self_at) {
        events_unsubscribe(client->events, client->self);
    }
    if (client->end_other_at != 0 && event->kind == client->end_other_at) {
        events_unsubscribe(client->events, client->other);
        client->other_client->is_freed = true;
    }
}

static void subscribe(struct events *events, struct client *client) {
    client->events = events;
    CHECK(events_subscribe(events, on_event, client, &client->self) == 0);
    events_await_start(events, client->self);
}

static void post(struct events *events, uint32_t kind, uint32_t channel) {
    struct nacre_event event = {.kind = kind, .channel_id = channel};
    events_post(events, &event);
}

static void events_come_in_order_from_start_to_end(void) {
    struct events *events;
    struct client client = {0};
    CHECK(events_create(&events) == 0);
    subscribe(events, &client);
    CHECK(client.count == 1 && client.seen[0] == NACRE_EVENT_DRIVER_START);
    for (uint32_t i = 0; i < 100; i++) {
        post(events, NACRE_EVENT_CHANNEL_START, i);
    }
    events_unsubscribe(events, client.self);
    CHECK(client.count == 102 && client.seen[101] == NACRE_EVENT_DRIVER_END);
    for (uint32_t i = 0; i < 100; i++) {
        CHECK(client.seen[i + 1] == NACRE_EVENT_CHANNEL_START && client.channels[i + 1] == i);
    }
    events_destroy(events);
}

static void listener_ends_itself(void) {
    struct events *events;
    struct client client = {.end_self_at = NACRE_EVENT_SUSPEND};
    CHECK(events_create(&events) == 0);
    subscribe(events, &client);
    post(events, NACRE_EVENT_SUSPEND, 0);
    post(events, NACRE_EVENT_RESUME, 0);
    events_await_all(events);
    CHECK(client.count >= 3 && client.seen[client.count - 1] == NACRE_EVENT_DRIVER_END);
    int count = client.count;
    post(events, NACRE_EVENT_RESUME, 0);
    events_await_all(events);
    CHECK(client.count == count);
    events_destroy(events);
}

static void listener_ends_another(void) {
    struct events *events;
    struct client victim = {0};
    struct client client = {.end_other_at = NACRE_EVENT_SUSPEND};
    CHECK(events_create(&events) == 0);
    subscribe(events, &victim);
    subscribe(events, &client);
    client.other = victim.self;
    client.other_client = &victim;
    post(events, NACRE_EVENT_SUSPEND, 0);
    post(events, NACRE_EVENT_RESUME, 0);
    events_await_all(events);
    CHECK(victim.seen[victim.count - 1] == NACRE_EVENT_DRIVER_END && client.count == 3);
    events_unsubscribe(events, client.self);
    events_destroy(events);
}

static void same_interrupt_is_not_told_twice(void) {
    struct events *events;
    struct client client = {0};
    CHECK(events_create(&events) == 0);
    subscribe(events, &client);
    for (int i = 0; i < 1000; i++) {
        post(events, NACRE_EVENT_FIFO_NONSTALL, 5);
    }
    events_unsubscribe(events, client.self);
    CHECK(client.count >= 3 && client.count <= 1002);
    events_destroy(events);
}

static void *post_many(void *context) {
    for (uint32_t i = 0; i < 2000; i++) {
        post(context, NACRE_EVENT_CHANNEL_START, i);
    }
    return NULL;
}

static void *come_and_go(void *context) {
    for (int i = 0; i < ROUNDS; i++) {
        struct client client = {0};
        subscribe(context, &client);
        events_unsubscribe(context, client.self);
        int last = client.count - 1;
        CHECK(last >= 1 && client.seen[0] == NACRE_EVENT_DRIVER_START);
        CHECK(last >= SEEN || client.seen[last] == NACRE_EVENT_DRIVER_END);
        client.is_freed = true;
    }
    return NULL;
}

static void threads_come_and_go_while_others_post(void) {
    struct events *events;
    pthread_t threads[4];
    CHECK(events_create(&events) == 0);
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, i == 0 ? post_many : come_and_go, events) == 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    events_destroy(events);
}

static void handles_are_stale_after_they_were_dropped(void) {
    int object = 0;
    void *first = handle_new(HANDLE_FB_MEM, NULL, &object);
    CHECK(first != NULL && handle_object(first, HANDLE_FB_MEM) == &object);
    CHECK(handle_object(first, HANDLE_CHIDS) == NULL);
    handle_drop(first);
    void *second = handle_new(HANDLE_FB_MEM, NULL, &object);
    CHECK(second != first && handle_object(first, HANDLE_FB_MEM) == NULL);
    handle_drop(first);
    CHECK(handle_object(second, HANDLE_FB_MEM) == &object);
    handle_drop(second);
    CHECK(handle_object(NULL, HANDLE_FB_MEM) == NULL && handle_hold((void *)-1, HANDLE_CORE) == NULL);
}

int main(void) {
    events_come_in_order_from_start_to_end();
    listener_ends_itself();
    listener_ends_another();
    same_interrupt_is_not_told_twice();
    threads_come_and_go_while_others_post();
    handles_are_stale_after_they_were_dropped();
    return 0;
}
