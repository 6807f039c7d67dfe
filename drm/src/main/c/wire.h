/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol between this library and the server of a board, version 1. dev.nacre.drm.server is the other end.
 *
 * A stream socket; every message begins with a header; numbers are little-endian, as the processor's are. Descriptors come
 * with the first byte of the message that they belong to.
 */
#ifndef NACRE_DRM_WIRE_H
#define NACRE_DRM_WIRE_H

#include <stdint.h>

#define WIRE_VERSION 1
#define WIRE_TOKEN_BYTES 16
/* Most descriptors of one message. */
#define WIRE_MAX_FDS 16

enum wire_type {
    WIRE_HELLO = 1,
    WIRE_HELLO_OK = 2,
    WIRE_OPEN = 3,
    WIRE_OPENED = 4,
    WIRE_IOCTL = 5,
    WIRE_FETCH = 6,
    WIRE_DATA = 7,
    WIRE_FETCH_FD = 8,
    WIRE_DATA_FD = 9,
    WIRE_RESULT = 10,
    WIRE_MMAP = 11,
    WIRE_MAPPED = 12,
    WIRE_ERROR = 13,
    WIRE_FD_IOCTL = 14,
};

struct wire_header {
    uint32_t length; /* of the whole message */
    uint16_t type;
    uint16_t fds;
};

struct wire_hello {
    struct wire_header header;
    uint32_t version;
    uint32_t zero;
};

struct wire_open {
    struct wire_header header;
    uint32_t minor;
    uint32_t flags; /* open()'s */
};

/* DATA_FD, ERROR; an OPENED ends with its header. */
struct wire_status {
    struct wire_header header;
    int32_t error;
    uint32_t zero;
};

/* IOCTL; FD_IOCTL, with a descriptor instead of a token. Followed by the argument, padded to 8 bytes. */
struct wire_ioctl {
    struct wire_header header;
    uint8_t token[WIRE_TOKEN_BYTES];
    uint32_t cmd;
    uint32_t zero;
    uint32_t arg_bytes;
    uint32_t segments; /* always 0 from here */
};

struct wire_fetch {
    struct wire_header header;
    uint64_t address;
    uint32_t bytes;
    uint32_t zero;
};

/* Followed by the bytes. */
struct wire_data {
    struct wire_header header;
    int32_t error;
    uint32_t bytes;
};

struct wire_fetch_fd {
    struct wire_header header;
    int32_t number;
    uint32_t zero;
};

/* Followed by the argument, padded to 8 bytes; then the segments, each with its bytes, padded likewise; then the places. */
struct wire_result {
    struct wire_header header;
    int32_t error;
    int32_t value;
    uint32_t arg_bytes;
    uint32_t segments;
    uint32_t places;
    uint32_t zero;
};

struct wire_segment {
    uint64_t address;
    uint32_t bytes;
    uint32_t zero;
};

/* Where the number of a descriptor goes. */
struct wire_place {
    uint64_t where; /* an offset in the argument, or an address */
    uint32_t kind;
    uint32_t flags;
};

#define WIRE_PLACE_ADDRESS 1u /* kind */
#define WIRE_PLACE_CLOEXEC 1u /* flags */

struct wire_mmap {
    struct wire_header header;
    uint8_t token[WIRE_TOKEN_BYTES];
    uint64_t offset;
    uint64_t bytes;
    uint32_t protection;
    uint32_t flags;
};

struct wire_mapped {
    struct wire_header header;
    int32_t error;
    uint32_t zero;
    uint64_t offset; /* in the file that comes with it */
};

#endif
