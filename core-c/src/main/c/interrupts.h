/* SPDX-License-Identifier: Apache-2.0 */
/* The GPU's interrupts: the tree of vectors, the one message, and the thread that waits for it. */
#ifndef NACRE_INTERRUPTS_H
#define NACRE_INTERRUPTS_H

#include "board.h"
#include "regs.h"
#include "thread.h"

/* Is told by the interrupt thread; must not wait for the GPU. */
struct interrupt_listener {
    void *context;
    void (*non_stall)(void *context, uint32_t vector);
};

struct interrupts {
    const struct nacre_platform *platform;
    struct rpc *rpc;
    struct interrupt_listener listener;
    uint32_t gsp_vector;
    uint32_t enabled[INTR_LEAVES];
    int message_fd; /* the platform's */
    int wake_fd;    /* ends the thread */
    pthread_t thread;
    bool is_running;
};

/* Enables the vectors that the core handles, and starts the thread. */
int interrupts_start(struct interrupts *interrupts, const struct nacre_platform *platform, struct rpc *rpc,
                     const struct board *board, const struct interrupt_listener *listener);
/* Ends the thread and disables all. */
void interrupts_stop(struct interrupts *interrupts);
/* Disables all, or enables what the core handles, around a suspend. */
void interrupts_disable(struct interrupts *interrupts);
void interrupts_enable(struct interrupts *interrupts);

#endif
