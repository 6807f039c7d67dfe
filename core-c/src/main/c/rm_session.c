/* SPDX-License-Identifier: Apache-2.0 */
#include "rm_session.h"

#include "error.h"
#include "rm.h"

#include <stdlib.h>

/* HW: numbers that nouveau gives its clients, devices and subdevices */
#define CLIENT_BASE 0xc1d00000u
#define DEVICE_HANDLE 0xde1d0000u
#define SUBDEVICE_HANDLE 0x5d1d0000u
#define ROOT_PARAMS_MAX 128
#define PROCESS_NAME "nacre"

void rm_init(struct rm *rm, struct rpc *rpc, const struct gsp_abi *abi) {
    rm->rpc = rpc;
    rm->abi = abi;
    memset(rm->clients, 0, sizeof rm->clients);
    pthread_mutex_init(&rm->lock, NULL);
}

void rm_destroy(struct rm *rm) {
    if (rm->rpc != NULL) {
        pthread_mutex_destroy(&rm->lock);
        rm->rpc = NULL;
    }
}

/* Why the firmware refused. */
static int refused(const char *what, uint32_t number, uint32_t status) {
    bool is_full = status == NV_ERR_INSUFFICIENT_RESOURCES || status == NV_ERR_NO_MEMORY;
    int error = is_full ? NACRE_ERR_NO_SPACE : status == NV_ERR_STATE_IN_USE ? NACRE_ERR_BUSY : NACRE_ERR_IO;
    return fail(error, "Firmware refuses: %s=0x%x status=0x%x", what, number, status);
}

/* Calls with a message that ends with parameters, and takes them back. */
static int call(struct rm *rm, uint32_t function, uint8_t *message, uint32_t header, void *params, uint32_t bytes,
                uint32_t *result) {
    if (bytes > 0) {
        memcpy(message + header, params, bytes);
    }
    int error = rpc_call(rm->rpc, function, message, (uint64_t)header + bytes, result);
    if (bytes > 0 && error >= 0) {
        memcpy(params, message + header, bytes);
    }
    return error;
}

int rm_alloc(struct rm *rm, uint32_t client, uint32_t parent, uint32_t object, uint32_t class, void *params,
             uint32_t bytes) {
    uint8_t *message = calloc(1, (size_t)RPC_ALLOC_PARAMS + bytes);
    if (message == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for a message");
    }
    put32(message + RPC_ALLOC_CLIENT, client);
    put32(message + RPC_ALLOC_PARENT, parent);
    put32(message + RPC_ALLOC_OBJECT, object);
    put32(message + RPC_ALLOC_CLASS, class);
    put32(message + RPC_ALLOC_PARAMS_SIZE, bytes);
    uint32_t result = 0;
    int error = call(rm, RPC_GSP_RM_ALLOC, message, RPC_ALLOC_PARAMS, params, bytes, &result);
    uint32_t status = error >= 0 ? get32(message + RPC_ALLOC_STATUS) : result;
    free(message);
    return status != NV_OK ? refused("class", class, status) : error;
}

int rm_free(struct rm *rm, uint32_t client, uint32_t object) {
    uint8_t message[RPC_FREE_BYTES] = {0};
    put32(message + RPC_FREE_CLIENT, client);
    put32(message + RPC_FREE_OBJECT, object);
    return rpc_call(rm->rpc, RPC_FREE, message, sizeof message, NULL);
}

int rm_control(struct rm *rm, uint32_t client, uint32_t object, uint32_t command, void *params, uint32_t bytes) {
    uint8_t *message = calloc(1, (size_t)RPC_CONTROL_PARAMS + bytes);
    if (message == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory for a message");
    }
    put32(message + RPC_CONTROL_CLIENT, client);
    put32(message + RPC_CONTROL_OBJECT, object);
    put32(message + RPC_CONTROL_COMMAND, command);
    put32(message + RPC_CONTROL_PARAMS_SIZE, bytes);
    uint32_t result = 0;
    int error = call(rm, RPC_GSP_RM_CONTROL, message, RPC_CONTROL_PARAMS, params, bytes, &result);
    uint32_t status = error >= 0 ? get32(message + RPC_CONTROL_STATUS) : result;
    free(message);
    return status != NV_OK ? refused("control", command, status) : error;
}

/* A number for a client, or NACRE_ERR_NO_SPACE. */
static int take_client(struct rm *rm) {
    int found = NACRE_ERR_NO_SPACE;
    pthread_mutex_lock(&rm->lock);
    for (uint32_t i = 0; i < RM_CLIENTS && found < 0; i++) {
        if (!rm->clients[i]) {
            rm->clients[i] = 1;
            found = (int)i;
        }
    }
    pthread_mutex_unlock(&rm->lock);
    return found < 0 ? fail(found, "There are too many clients: allowed=%u", RM_CLIENTS) : found;
}

void rm_session_forget(struct rm *rm, struct rm_session *session) {
    pthread_mutex_lock(&rm->lock);
    rm->clients[(session->client - CLIENT_BASE) % RM_CLIENTS] = 0;
    pthread_mutex_unlock(&rm->lock);
    *session = (struct rm_session){0};
}

int rm_session_open(struct rm *rm, struct rm_session *session) {
    int number = take_client(rm);
    if (number < 0) {
        return number;
    }
    *session = (struct rm_session){CLIENT_BASE + (uint32_t)number, DEVICE_HANDLE, SUBDEVICE_HANDLE};
    uint8_t root[ROOT_PARAMS_MAX] = {0};
    put32(root + NV01_ROOT_CLIENT, session->client);
    put32(root + NV01_ROOT_PROCESS_ID, UINT32_MAX);
    memcpy(root + NV01_ROOT_PROCESS_NAME, PROCESS_NAME, sizeof PROCESS_NAME);
    int error = rm_alloc(rm, session->client, session->client, session->client, NV01_ROOT, root,
                         (uint32_t)rm->abi->root_params_bytes);
    if (error < 0) {
        rm_session_forget(rm, session);
        return error;
    }
    uint8_t device[NV01_DEVICE_0_BYTES] = {0};
    uint8_t subdevice[NV20_SUBDEVICE_0_BYTES] = {0};
    put32(device + NV01_DEVICE_0_CLIENT_SHARE, session->client);
    error = rm_alloc(rm, session->client, session->client, session->device, NV01_DEVICE_0, device, sizeof device);
    if (error >= 0) {
        error = rm_alloc(rm, session->client, session->device, session->subdevice, NV20_SUBDEVICE_0, subdevice,
                         sizeof subdevice);
    }
    if (error < 0) {
        (void)rm_session_close(rm, session);
    }
    return error;
}

int rm_session_close(struct rm *rm, struct rm_session *session) {
    int error = rm_free(rm, session->client, session->client);
    rm_session_forget(rm, session);
    return error;
}
