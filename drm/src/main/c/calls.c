/* SPDX-License-Identifier: Apache-2.0 */
#include "calls.h"

#include "connection.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

/* The address of a file's other end: a zero, this, the token in hexadecimal, '/', the minor. */
#define NAME_PREFIX "nacre-drm/"
#define NAME_PREFIX_LENGTH (sizeof(NAME_PREFIX) - 1)
#define NAME_TOKEN_LENGTH (2 * WIRE_TOKEN_BYTES)

/* An answer may be followed by this many bytes in one piece; more are read one by one. */
#define TAIL_BYTES 4096

static int digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool call_file(int fd, struct file *file) {
    struct sockaddr_un address;
    socklen_t length = sizeof(address);
    if (syscall(SYS_getpeername, fd, &address, &length) != 0 || address.sun_family != AF_UNIX
        || length > sizeof(address)) {
        return false;
    }
    const char *name = address.sun_path;
    const char *end = (const char *)&address + length;
    if (end - name < (ptrdiff_t)(1 + NAME_PREFIX_LENGTH + NAME_TOKEN_LENGTH + 2) || name[0] != '\0'
        || memcmp(name + 1, NAME_PREFIX, NAME_PREFIX_LENGTH) != 0) {
        return false;
    }
    const char *at = name + 1 + NAME_PREFIX_LENGTH;
    for (int i = 0; i < WIRE_TOKEN_BYTES; i++, at += 2) {
        int high = digit(at[0]);
        int low = digit(at[1]);
        if (high < 0 || low < 0) {
            return false;
        }
        file->token[i] = (uint8_t)(high << 4 | low);
    }
    file->minor = 0;
    for (at++; at < end && *at >= '0' && *at <= '9'; at++) {
        file->minor = file->minor * 10 + (*at - '0');
    }
    return true;
}

static int failed(int error) {
    errno = error;
    return -1;
}

/* What is wrong with a connection, as a program knows it. */
static int trouble(int status) {
    return status == -EFAULT ? EFAULT : ENODEV;
}

/* Sends a request and receives the answer, all of it that ANSWER has room for. 0 or an errno. */
static int ask(const void *request, size_t request_bytes, void *answer, size_t room, enum wire_type type,
    struct incoming *incoming) {
    struct connection spare;
    struct connection *connection = connection_acquire(&spare);
    if (connection == NULL) {
        return ENODEV;
    }
    struct iovec parts = {(void *)request, request_bytes};
    memset(answer, 0, room);
    *incoming = (struct incoming){.parts = {{answer, room}}};
    const struct wire_status *head = answer;
    int status = connection_send(connection, &parts, 1, -1);
    if (status == 0) {
        status = connection_receive(connection, incoming, sizeof(struct wire_header));
    }
    if (status == 0) {
        status = head->header.length <= room ? connection_receive(connection, incoming, head->header.length) : -EPIPE;
    }
    bool refused = status == 0 && head->header.type == WIRE_ERROR;
    if (status == 0 && !refused && head->header.type != type) {
        status = -EPIPE;
    }
    /* Who breaks the protocol is hung up on; an open() that is refused breaks nothing. */
    connection_release(connection, status != 0 || (refused && type != WIRE_OPENED));
    return refused ? head->error : status == 0 ? 0 : trouble(status);
}

int call_open(int minor, int flags) {
    struct wire_open request = {{sizeof(request), WIRE_OPEN, 0}, (uint32_t)minor, (uint32_t)flags};
    struct wire_status answer;
    struct incoming incoming = {.fd_count = 0};
    int error = ask(&request, sizeof(request), &answer, sizeof(answer), WIRE_OPENED, &incoming);
    if (error == 0 && incoming.fd_count != 1) {
        error = ENODEV;
    }
    if (error != 0) {
        incoming_close(&incoming);
        return failed(error);
    }
    int fd = incoming.fds[0];
    if ((flags & O_CLOEXEC) == 0) {
        fcntl(fd, F_SETFD, 0);
    }
    if ((flags & O_NONBLOCK) != 0) {
        fcntl(fd, F_SETFL, O_NONBLOCK);
    }
    return fd;
}

void *call_mmap(const struct file *file, void *address, size_t bytes, int protection, int flags, off_t offset) {
    struct wire_mmap request = {
        .header = {sizeof(request), WIRE_MMAP, 0},
        .offset = (uint64_t)offset,
        .bytes = bytes,
        .protection = (uint32_t)protection,
        .flags = (uint32_t)flags,
    };
    memcpy(request.token, file->token, WIRE_TOKEN_BYTES);
    struct wire_mapped answer;
    struct incoming incoming = {.fd_count = 0};
    int error = ask(&request, sizeof(request), &answer, sizeof(answer), WIRE_MAPPED, &incoming);
    if (error == 0) {
        error = answer.error;
    }
    if (error == 0 && incoming.fd_count != 1) {
        error = ENODEV;
    }
    void *mapped = MAP_FAILED;
    if (error == 0) {
        mapped = (void *)syscall(
            SYS_mmap, address, bytes, protection, flags, incoming.fds[0], (off_t)answer.offset);
        error = mapped == MAP_FAILED ? errno : 0;
    }
    incoming_close(&incoming);
    if (error != 0) {
        errno = error;
    }
    return mapped;
}

/*
 * Writes memory of this process by way of a pipe, from which the kernel writes what it could not by an address that is
 * wrong. At most TAIL_BYTES, for which a pipe has room. 0 or an errno.
 */
static int write_by_pipe(uint64_t address, const void *source, size_t bytes) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        return errno;
    }
    bool written = syscall(SYS_write, ends[1], source, bytes) == (long)bytes
        && syscall(SYS_read, ends[0], (void *)(uintptr_t)address, bytes) == (long)bytes;
    close(ends[0]);
    close(ends[1]);
    return written ? 0 : EFAULT;
}

/* Writes memory of this process by the kernel, which checks the address; at most TAIL_BYTES. 0 or an errno. */
static int write_memory(uint64_t address, const void *source, size_t bytes) {
    struct iovec from = {(void *)source, bytes};
    struct iovec to = {(void *)(uintptr_t)address, bytes};
    long written = syscall(SYS_process_vm_writev, getpid(), &from, 1, &to, 1, 0);
    if (written < 0 && errno != EFAULT) {
        /* A container's filter forbids the call, by whatever errno it likes. */
        return write_by_pipe(address, source, bytes);
    }
    return written == (long)bytes ? 0 : EFAULT;
}

/* One ioctl under way. */
struct ioctl_call {
    struct connection *connection;
    struct incoming incoming;
    void *arg;
    uint32_t out_bytes; /* of the argument, that come back */
    union {
        struct wire_header header;
        struct wire_fetch fetch;
        struct wire_fetch_fd fetch_fd;
        struct wire_result result;
    } answer;
    char tail[TAIL_BYTES]; /* what follows the argument, as much as came at once */
    size_t taken;          /* of the message */
    int error;             /* an errno, once something could not be written */
};

/* FILE and FD: one of them is what it is called on, the other NULL or -1. */
static int send_request(struct ioctl_call *call, const struct file *file, int fd, uint32_t cmd) {
    static const char zeros[1 << _IOC_SIZEBITS];
    uint32_t bytes = _IOC_SIZE(cmd);
    uint32_t padding = -bytes & 7;
    struct wire_ioctl request = {
        .header = {(uint32_t)sizeof(request) + bytes + padding, file != NULL ? WIRE_IOCTL : WIRE_FD_IOCTL, fd >= 0},
        .cmd = cmd,
        .arg_bytes = bytes,
    };
    if (file != NULL) {
        memcpy(request.token, file->token, WIRE_TOKEN_BYTES);
    }
    const void *arg = (_IOC_DIR(cmd) & _IOC_WRITE) != 0 ? call->arg : zeros;
    struct iovec parts[] = {{&request, sizeof(request)}, {(void *)arg, bytes}, {(void *)zeros, padding}};
    return connection_send(call->connection, parts, 3, fd);
}

/* The server wants memory of the program. */
static int send_memory(struct ioctl_call *call) {
    const struct wire_fetch *fetch = &call->answer.fetch;
    struct wire_data data = {{(uint32_t)sizeof(data) + fetch->bytes, WIRE_DATA, 0}, 0, fetch->bytes};
    struct iovec parts[] = {{&data, sizeof(data)}, {(void *)(uintptr_t)fetch->address, fetch->bytes}};
    int status = connection_send(call->connection, parts, 2, -1);
    if (status != -EFAULT) {
        return status;
    }
    struct wire_data refusal = {{sizeof(refusal), WIRE_DATA, 0}, EFAULT, 0};
    struct iovec part = {&refusal, sizeof(refusal)};
    return connection_send(call->connection, &part, 1, -1);
}

/* The server wants a descriptor of the program. */
static int send_descriptor(struct ioctl_call *call) {
    int number = call->answer.fetch_fd.number;
    bool valid = number >= 0 && fcntl(number, F_GETFD) >= 0;
    struct wire_status status = {{sizeof(status), WIRE_DATA_FD, valid}, valid ? 0 : EBADF, 0};
    struct iovec part = {&status, sizeof(status)};
    return connection_send(call->connection, &part, 1, valid ? number : -1);
}

/* Receives the next message as far as it fits: its head, the argument if it is the result, and what follows. */
static int receive_answer(struct ioctl_call *call) {
    call->incoming = (struct incoming){
        .parts = {
            {&call->answer, sizeof(struct wire_result)},
            {call->arg, call->out_bytes},
            {call->tail, sizeof(call->tail)},
        }};
    int status = connection_receive(call->connection, &call->incoming, sizeof(struct wire_header));
    if (status != 0) {
        return status;
    }
    size_t length = call->answer.header.length;
    size_t whole = sizeof(struct wire_result) + call->out_bytes + sizeof(call->tail);
    return connection_receive(call->connection, &call->incoming, length < whole ? length : whole);
}

/* Takes the next BYTES of what follows the argument. 0 or -EPIPE. */
static int take(struct ioctl_call *call, void *out, size_t bytes) {
    size_t in_tail = call->incoming.bytes - sizeof(struct wire_result) - call->out_bytes;
    size_t ready = in_tail > call->taken ? in_tail - call->taken : 0;
    size_t now = ready < bytes ? ready : bytes;
    memcpy(out, call->tail + call->taken, now);
    call->taken += now;
    if (now == bytes) {
        return 0;
    }
    struct incoming rest = {.parts = {{(char *)out + now, bytes - now}}};
    int status = connection_receive(call->connection, &rest, bytes - now);
    incoming_close(&rest);
    return status;
}

static int take_segment(struct ioctl_call *call) {
    struct wire_segment segment;
    int status = take(call, &segment, sizeof(segment));
    uint64_t address = segment.address;
    size_t left = status == 0 ? segment.bytes : 0;
    while (status == 0 && left > 0) {
        char chunk[TAIL_BYTES];
        size_t bytes = left < sizeof(chunk) ? left : sizeof(chunk);
        status = take(call, chunk, bytes);
        int error = status == 0 ? write_memory(address, chunk, bytes) : 0;
        if (error != 0) {
            call->error = error;
        }
        address += bytes;
        left -= bytes;
    }
    char padding[8];
    return status == 0 ? take(call, padding, -segment.bytes & 7) : status;
}

/* Gives the program a descriptor that came, and tells it the number. */
static int take_place(struct ioctl_call *call, uint32_t index) {
    struct wire_place place;
    int status = take(call, &place, sizeof(place));
    if (status != 0 || index >= call->incoming.fd_count) {
        return -EPIPE;
    }
    int fd = call->incoming.fds[index];
    if ((place.flags & WIRE_PLACE_CLOEXEC) == 0) {
        fcntl(fd, F_SETFD, 0);
    }
    uint64_t at = place.kind == WIRE_PLACE_ADDRESS ? place.where : (uintptr_t)call->arg + place.where;
    int error = write_memory(at, &fd, sizeof(fd));
    if (error != 0) {
        call->error = error;
        return 0;
    }
    call->incoming.fds[index] = -1;
    return 0;
}

/* The argument is in its place; takes what follows it. 0 or -EPIPE. */
static int take_result(struct ioctl_call *call) {
    const struct wire_result *result = &call->answer.result;
    if (call->incoming.bytes < sizeof(*result)) {
        return -EPIPE;
    }
    if (result->arg_bytes != call->out_bytes && (result->segments != 0 || result->places != 0)) {
        return -EPIPE;
    }
    int status = 0;
    char padding[8];
    if (result->arg_bytes == call->out_bytes) {
        status = take(call, padding, -call->out_bytes & 7);
    }
    for (uint32_t i = 0; i < result->segments && status == 0; i++) {
        status = take_segment(call);
    }
    for (uint32_t i = 0; i < result->places && status == 0; i++) {
        status = take_place(call, i);
    }
    return status;
}

/* Serves the server until the result has come. 0, -EFAULT or -EPIPE. */
static int until_result(struct ioctl_call *call) {
    for (;;) {
        int status = receive_answer(call);
        if (status == 0) {
            switch ((enum wire_type)call->answer.header.type) {
            case WIRE_RESULT:
                return take_result(call);
            case WIRE_FETCH:
                status = send_memory(call);
                break;
            case WIRE_FETCH_FD:
                status = send_descriptor(call);
                break;
            default:
                status = -EPIPE;
                break;
            }
        }
        if (status != 0) {
            return status;
        }
    }
}

static int call_either(const struct file *file, int fd, uint32_t cmd, void *arg) {
    struct connection spare;
    struct ioctl_call call;
    call.connection = connection_acquire(&spare);
    if (call.connection == NULL) {
        return failed(ENODEV);
    }
    call.incoming.fd_count = 0;
    call.arg = arg;
    call.out_bytes = (_IOC_DIR(cmd) & _IOC_READ) != 0 ? _IOC_SIZE(cmd) : 0;
    call.taken = 0;
    call.error = 0;
    int status = send_request(&call, file, fd, cmd);
    /* An argument that cannot be read: nothing was sent. */
    bool unsent = status == -EFAULT;
    if (status == 0) {
        status = until_result(&call);
    }
    incoming_close(&call.incoming);
    connection_release(call.connection, status != 0 && !unsent);
    if (status != 0) {
        return failed(trouble(status));
    }
    if (call.answer.result.error != 0 || call.error != 0) {
        return failed(call.error != 0 ? call.error : call.answer.result.error);
    }
    return call.answer.result.value;
}

int call_ioctl(const struct file *file, uint32_t cmd, void *arg) {
    return call_either(file, -1, cmd, arg);
}

int call_fd_ioctl(int fd, uint32_t cmd, void *arg) {
    return call_either(NULL, fd, cmd, arg);
}
