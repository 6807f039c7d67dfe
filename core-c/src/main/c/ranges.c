/* SPDX-License-Identifier: Apache-2.0 */
#include "ranges.h"

#include "error.h"

#include <stdlib.h>

struct free_range {
    struct free_range *next;
    uint64_t start;
    uint64_t bytes;
};

static int no_memory(void) {
    return fail(NACRE_ERR_NO_MEMORY, "No memory for a list of ranges");
}

int ranges_add(struct ranges *ranges, uint64_t start, uint64_t bytes) {
    struct free_range **link = &ranges->first;
    struct free_range *before = NULL;
    while (*link != NULL && (*link)->start < start) {
        before = *link;
        link = &before->next;
    }
    struct free_range *after = *link;
    bool joins_before = before != NULL && before->start + before->bytes == start;
    bool joins_after = after != NULL && start + bytes == after->start;
    if (joins_before) {
        before->bytes += bytes;
        if (joins_after) {
            before->bytes += after->bytes;
            before->next = after->next;
            free(after);
        }
    } else if (joins_after) {
        after->start = start;
        after->bytes += bytes;
    } else {
        struct free_range *range = malloc(sizeof *range);
        if (range == NULL) {
            return no_memory();
        }
        *range = (struct free_range){.next = after, .start = start, .bytes = bytes};
        *link = range;
    }
    ranges->free_bytes += bytes;
    return 0;
}

/* Cuts a part out of a free range. */
static int cut(struct ranges *ranges, struct free_range **link, uint64_t start, uint64_t bytes) {
    struct free_range *range = *link;
    uint64_t end = range->start + range->bytes;
    if (start > range->start && start + bytes < end) {
        struct free_range *rest = malloc(sizeof *rest);
        if (rest == NULL) {
            return no_memory();
        }
        *rest = (struct free_range){.next = range->next, .start = start + bytes, .bytes = end - start - bytes};
        range->bytes = start - range->start;
        range->next = rest;
    } else if (start > range->start) {
        range->bytes = start - range->start;
    } else if (start + bytes < end) {
        range->start = start + bytes;
        range->bytes = end - range->start;
    } else {
        *link = range->next;
        free(range);
    }
    ranges->free_bytes -= bytes;
    return 0;
}

int ranges_take(struct ranges *ranges, uint64_t bytes, uint64_t align, uint64_t residue, uint64_t *start) {
    for (struct free_range **link = &ranges->first; *link != NULL; link = &(*link)->next) {
        uint64_t skip = (residue - (*link)->start) & (align - 1);
        if (is_inside(skip, bytes, (*link)->bytes)) {
            *start = (*link)->start + skip;
            return cut(ranges, link, *start, bytes);
        }
    }
    return NACRE_ERR_NO_SPACE;
}

int ranges_take_at(struct ranges *ranges, uint64_t start, uint64_t bytes) {
    for (struct free_range **link = &ranges->first; *link != NULL; link = &(*link)->next) {
        if (start >= (*link)->start && is_inside(start - (*link)->start, bytes, (*link)->bytes)) {
            return cut(ranges, link, start, bytes);
        }
    }
    return NACRE_ERR_NO_SPACE;
}

void ranges_clear(struct ranges *ranges) {
    while (ranges->first != NULL) {
        struct free_range *next = ranges->first->next;
        free(ranges->first);
        ranges->first = next;
    }
    ranges->free_bytes = 0;
}
