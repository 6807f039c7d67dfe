/* SPDX-License-Identifier: Apache-2.0 */
/* The firmware's resource manager: objects and controls, and clients with a device and a subdevice. Any thread. */
#ifndef NACRE_RM_SESSION_H
#define NACRE_RM_SESSION_H

#include "rpc.h"

#define RM_CLIENTS 4096u

/* The resource manager as a whole. */
struct rm {
    struct rpc *rpc;
    const struct gsp_abi *abi;
    pthread_mutex_t lock;
    uint8_t clients[RM_CLIENTS]; /* which numbers are used; guarded by the lock */
};

/* A client, with a device and a subdevice under it. */
struct rm_session {
    uint32_t client;
    uint32_t device;
    uint32_t subdevice;
};

void rm_init(struct rm *rm, struct rpc *rpc, const struct gsp_abi *abi);
void rm_destroy(struct rm *rm);

/* Makes an object; its parameters are replaced by what comes back. */
int rm_alloc(struct rm *rm, uint32_t client, uint32_t parent, uint32_t object, uint32_t class, void *params,
             uint32_t bytes);
int rm_free(struct rm *rm, uint32_t client, uint32_t object);
/* Sends a control; its parameters are replaced by what comes back. */
int rm_control(struct rm *rm, uint32_t client, uint32_t object, uint32_t command, void *params, uint32_t bytes);

int rm_session_open(struct rm *rm, struct rm_session *session);
/* Frees the client and all under it. */
int rm_session_close(struct rm *rm, struct rm_session *session);
/* Makes a client's number free without telling the firmware. */
void rm_session_forget(struct rm *rm, struct rm_session *session);

#endif
