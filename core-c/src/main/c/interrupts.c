/* SPDX-License-Identifier: Apache-2.0 */
#include "interrupts.h"

#include "error.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* TIMEOUT: the thread looks that often whether it shall end, though it is woken then. */
#define WAIT_MS 1000

static void enable_vector(struct interrupts *interrupts, uint32_t vector) {
    if (vector < INTR_VECTORS) {
        interrupts->enabled[vector / 32] |= 1u << vector % 32;
    }
}

void interrupts_disable(struct interrupts *interrupts) {
    wr32(interrupts->platform, NV_VF_PRIV_CPU_INTR_TOP_EN_CLEAR, INTR_TOP_MASK);
    for (uint32_t i = 0; i < INTR_LEAVES; i++) {
        wr32(interrupts->platform, NV_VF_PRIV_CPU_INTR_LEAF_EN_CLEAR(i), UINT32_MAX);
    }
}

void interrupts_enable(struct interrupts *interrupts) {
    for (uint32_t i = 0; i < INTR_LEAVES; i++) {
        if (interrupts->enabled[i] != 0) {
            wr32(interrupts->platform, NV_VF_PRIV_CPU_INTR_LEAF_EN_SET(i), interrupts->enabled[i]);
        }
    }
    wr32(interrupts->platform, NV_XVE_CYA_2, 0);
    wr32(interrupts->platform, NV_VF_PRIV_CPU_INTR_TOP_EN_SET, INTR_TOP_MASK);
}

/* HW: nouveau nvkm/subdev/gsp/rm/r535/gsp.c: r535_gsp_intr */
static void serve_gsp(struct interrupts *interrupts) {
    const struct nacre_platform *p = interrupts->platform;
    uint32_t status = rd32(p, NV_PGSP + NV_PFALCON_FALCON_IRQSTAT);
    uint32_t mask = rd32(p, NV_PGSP + NV_PRISCV_RISCV_IRQMASK);
    if (status == UINT32_MAX && platform_gone(p)) {
        return;
    }
    status &= mask;
    if (status != 0) {
        wr32(p, NV_PGSP + NV_PFALCON_FALCON_IRQSCLR, status);
        /* ORDERING: a write may still be on its way when memory is read, but not beyond a read of the same function; it
         * would take a message away that came meanwhile. */
        (void)rd32(p, NV_PGSP + NV_PFALCON_FALCON_IRQSTAT);
    }
    if (status & NV_PFALCON_FALCON_IRQSTAT_HALT) {
        platform_log(p, LOG_ERROR, "GSP has halted");
        rpc_break(interrupts->rpc, NACRE_ERR_GONE);
    }
    rpc_serve(interrupts->rpc);
    wr32(p, NV_PGSP + NV_PFALCON_FALCON_INTR_RETRIGGER, 1);
}

/* Takes what is pending in a leaf. */
static void serve_leaf(struct interrupts *interrupts, uint32_t leaf) {
    const struct nacre_platform *p = interrupts->platform;
    uint32_t pending = rd32(p, NV_VF_PRIV_CPU_INTR_LEAF(leaf)) & interrupts->enabled[leaf];
    if (pending == 0) {
        return;
    }
    wr32(p, NV_VF_PRIV_CPU_INTR_LEAF(leaf), pending);
    /* ORDERING: taken before its handler looks at memory; the read waits for the write. */
    (void)rd32(p, NV_VF_PRIV_CPU_INTR_LEAF(leaf));
    while (pending != 0) {
        uint32_t bit = (uint32_t)__builtin_ctz(pending);
        uint32_t vector = leaf * 32 + bit;
        pending &= pending - 1;
        if (vector == interrupts->gsp_vector) {
            serve_gsp(interrupts);
        } else {
            interrupts->listener.non_stall(interrupts->listener.context, vector);
        }
    }
}

/* ORDERING: the message is permitted again before the tree is looked at, and the tree enabled again after it, so that
 * whatever comes meanwhile sends another message. */
static void serve(struct interrupts *interrupts) {
    const struct nacre_platform *p = interrupts->platform;
    wr32(p, NV_VF_PRIV_CPU_INTR_TOP_EN_CLEAR, INTR_TOP_MASK);
    wr32(p, NV_XVE_CYA_2, 0);
    uint32_t top = rd32(p, NV_VF_PRIV_CPU_INTR_TOP);
    if (top == UINT32_MAX && platform_gone(p)) {
        return;
    }
    for (uint32_t leaf = 0; leaf < INTR_LEAVES; leaf++) {
        if (top & 1u << leaf / 2) {
            serve_leaf(interrupts, leaf);
        }
    }
    wr32(p, NV_VF_PRIV_CPU_INTR_TOP_EN_SET, INTR_TOP_MASK);
}

static void *run(void *argument) {
    struct interrupts *interrupts = argument;
    struct pollfd fds[] = {{.fd = interrupts->message_fd, .events = POLLIN},
                           {.fd = interrupts->wake_fd, .events = POLLIN}};
    for (;;) {
        int ready = poll(fds, ARRAY_SIZE(fds), WAIT_MS);
        if (ready > 0 && (fds[1].revents & POLLIN)) {
            return NULL;
        }
        if (ready > 0 && (fds[0].revents & POLLIN)) {
            uint64_t count;
            if (read(interrupts->message_fd, &count, sizeof count) == (ssize_t)sizeof count || errno == EAGAIN) {
                serve(interrupts);
            }
        } else if (ready > 0 || (ready < 0 && errno != EINTR)) {
            /* The platform's file is broken: it is left alone, until the thread is woken. */
            fds[0].fd = -1;
        }
    }
}

int interrupts_start(struct interrupts *interrupts, const struct nacre_platform *platform, struct rpc *rpc,
                     const struct board *board, const struct interrupt_listener *listener) {
    *interrupts = (struct interrupts){
        .platform = platform, .rpc = rpc, .listener = *listener, .gsp_vector = board->gsp_vector, .wake_fd = -1};
    interrupts->message_fd = platform->interrupt_fd(platform->context);
    if (interrupts->message_fd < 0) {
        return fail(NACRE_ERR_IO, "GPU has no message-signalled interrupt");
    }
    interrupts->wake_fd = eventfd(0, EFD_CLOEXEC);
    if (interrupts->wake_fd < 0) {
        return fail(NACRE_ERR_NO_MEMORY, "No eventfd can be made");
    }
    enable_vector(interrupts, board->gsp_vector);
    for (uint32_t i = 0; i < board->engine_count; i++) {
        enable_vector(interrupts, board->engines[i].non_stall);
    }
    int error = thread_start(&interrupts->thread, run, interrupts);
    if (error < 0) {
        close(interrupts->wake_fd);
        interrupts->wake_fd = -1;
        return error;
    }
    interrupts->is_running = true;
    interrupts_disable(interrupts);
    interrupts_enable(interrupts);
    return 0;
}

void interrupts_stop(struct interrupts *interrupts) {
    if (!interrupts->is_running) {
        return;
    }
    uint64_t one = 1;
    if (write(interrupts->wake_fd, &one, sizeof one) == (ssize_t)sizeof one) {
        pthread_join(interrupts->thread, NULL);
    }
    interrupts_disable(interrupts);
    close(interrupts->wake_fd);
    interrupts->is_running = false;
}
