/* SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include "error.h"

#include <stdlib.h>

#define PARAMS_MOST MIB(1)
#define CONTROLS_AT_ONCE 64u

/* Parameters of a control that a client fills or reads. What the client gets is the part behind the fields. */
struct control {
    struct control *next;
    uint32_t command;
    uint32_t bytes;
    uint8_t params[];
};

struct gsp_client {
    struct object object;
    struct rm_session session;
    struct control *controls;
    uint32_t control_count;
};

static int alloc_locked(struct core *core, struct attachment *attachment, struct gsp_client **made) {
    struct gsp_client *client = calloc(1, sizeof *client);
    if (client == NULL) {
        return fail(NACRE_ERR_NO_MEMORY, "No memory");
    }
    int error = rm_session_open(&core->gpu.rm, &client->session);
    if (error >= 0) {
        error = object_add(core, attachment, HANDLE_GSP_CLIENT, &client->object);
        if (error < 0) {
            (void)rm_session_close(&core->gpu.rm, &client->session);
        }
    }
    if (error < 0) {
        free(client);
        return error;
    }
    *made = client;
    return 0;
}

int gsp_client_alloc(struct nacre_attachment *attachment, struct nacre_gsp_client **client) {
    struct core *core;
    void *found;
    struct gsp_client *made = NULL;
    int error = object_enter(attachment, HANDLE_ATTACHMENT, NACRE_CAP_GSP_CLIENT_ALLOC, true, &core, &found);
    if (error < 0) {
        return error;
    }
    error = client == NULL ? fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the handle is missing")
                           : alloc_locked(core, found, &made);
    if (error >= 0) {
        *client = made->object.handle;
    }
    core_leave(core);
    return error;
}

int gsp_client_free(struct nacre_gsp_client *client) {
    struct core *core;
    void *found;
    int error = object_enter(client, HANDLE_GSP_CLIENT, NO_CAPABILITY, false, &core, &found);
    if (error < 0) {
        return error;
    }
    error = object_check_unused(found);
    if (error >= 0) {
        object_remove(core, found);
    }
    core_leave(core);
    return error;
}

const struct rm_session *gsp_client_session(const struct object *client) {
    return &((const struct gsp_client *)client)->session;
}

void gsp_client_destroy(struct core *core, struct object *object) {
    struct gsp_client *client = (struct gsp_client *)object;
    if (core_is_gpu_there(core)) {
        (void)rm_session_close(&core->gpu.rm, &client->session);
    } else {
        rm_session_forget(&core->gpu.rm, &client->session);
    }
    while (client->controls != NULL) {
        struct control *next = client->controls->next;
        free(client->controls);
        client->controls = next;
    }
    free(client);
}

int gsp_client_handle(struct nacre_gsp_client *client, uint32_t *handle) {
    struct core *core;
    void *found;
    int error = object_enter(client, HANDLE_GSP_CLIENT, NO_CAPABILITY, false, &core, &found);
    if (error < 0) {
        return error;
    }
    if (handle == NULL) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "Place for the handle is missing");
    } else {
        *handle = ((struct gsp_client *)found)->session.client;
    }
    core_leave(core);
    return error;
}

int gsp_client_ctrl_get(struct nacre_gsp_client *client, uint32_t command, uint32_t bytes, void **params) {
    struct core *core;
    void *found;
    int error = object_enter(client, HANDLE_GSP_CLIENT, NACRE_CAP_RM_PASS_THROUGH, false, &core, &found);
    if (error < 0) {
        return error;
    }
    struct gsp_client *owner = found;
    struct control *control = NULL;
    if (params == NULL || bytes > PARAMS_MOST) {
        error = fail(NACRE_ERR_INVALID_ARGUMENT, "Size of parameters is impossible: bytes=%u allowed=0 to %llu", bytes,
                     (unsigned long long)PARAMS_MOST);
    } else if (owner->control_count == CONTROLS_AT_ONCE) {
        error = fail(NACRE_ERR_NO_SPACE, "Too many controls are under way: allowed=%u", CONTROLS_AT_ONCE);
    } else {
        control = calloc(1, sizeof *control + bytes);
        error = control == NULL ? fail(NACRE_ERR_NO_MEMORY, "No memory for parameters") : 0;
    }
    if (error >= 0) {
        control->command = command;
        control->bytes = bytes;
        control->next = owner->controls;
        owner->controls = control;
        owner->control_count++;
        *params = control->params;
    }
    core_leave(core);
    return error;
}

/* The link to the control with some parameters, or to NULL. */
static struct control **find(struct gsp_client *client, const void *params) {
    struct control **link = &client->controls;
    while (*link != NULL && (*link)->params != params) {
        link = &(*link)->next;
    }
    return link;
}

static void drop(struct gsp_client *client, struct control **link) {
    struct control *control = *link;
    if (control != NULL) {
        *link = control->next;
        client->control_count--;
        free(control);
    }
}

static int run(struct core *core, struct gsp_client *client, struct control *control) {
    int error = core_check(core);
    if (error < 0) {
        return error;
    }
    if (control == NULL) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Parameters are not this client's");
    }
    return rm_control(&core->gpu.rm, client->session.client, client->session.subdevice, control->command,
                      control->params, control->bytes);
}

int gsp_client_ctrl_wr(struct nacre_gsp_client *client, void *params) {
    struct core *core;
    void *found;
    int error = object_enter(client, HANDLE_GSP_CLIENT, NACRE_CAP_RM_PASS_THROUGH, false, &core, &found);
    if (error < 0) {
        return error;
    }
    struct control **link = find(found, params);
    error = run(core, found, *link);
    drop(found, link);
    core_leave(core);
    return error;
}

int gsp_client_ctrl_rd(struct nacre_gsp_client *client, void *params) {
    struct core *core;
    void *found;
    int error = object_enter(client, HANDLE_GSP_CLIENT, NACRE_CAP_RM_PASS_THROUGH, false, &core, &found);
    if (error < 0) {
        return error;
    }
    error = run(core, found, *find(found, params));
    core_leave(core);
    return error;
}

void gsp_client_ctrl_done(struct nacre_gsp_client *client, void *params) {
    struct core *core;
    void *found;
    if (object_enter(client, HANDLE_GSP_CLIENT, NO_CAPABILITY, false, &core, &found) >= 0) {
        drop(found, find(found, params));
        core_leave(core);
    }
}
