/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A channel's commands: a ring of words, a ring of entries that name pieces of it, and a word where the GPU notes how
 * many pieces it has done. Not locked.
 */
#ifndef NACRE_PUSH_RING_H
#define NACRE_PUSH_RING_H

#include "base.h"

/* The parts of the memory that CPU and GPU share. */
#define RING_ENTRIES 512u
#define RING_ENTRIES_AT 0u
#define RING_NOTE_AT PAGE_BYTES
#define RING_WORDS_AT (2 * PAGE_BYTES)
#define RING_WORDS 16384u
#define RING_BYTES (RING_WORDS_AT + 4 * RING_WORDS)
/* Words for a piece at most, and what is added to each. */
#define RING_PIECE_WORDS 1024u
#define RING_TAIL_WORDS 8u

struct push_ring {
    uint8_t *memory;
    uint64_t address;     /* the GPU's, of the memory */
    bool has_begun;
    bool is_broken;       /* the GPU noted what it must not */
    uint32_t room;
    uint32_t count;
    uint32_t start;       /* where in the ring the piece begins */
    uint64_t put;         /* words that were used, since the beginning */
    uint64_t submitted;   /* pieces */
    uint64_t completed;
    uint64_t asked;       /* the last piece that asks for an interrupt */
    uint64_t told;        /* the last such piece that was told to be done */
    uint64_t ends[RING_ENTRIES]; /* for each piece, put after it */
};

void push_ring_init(struct push_ring *ring, uint8_t *memory, uint64_t address);
/* Makes room for a piece: NACRE_ERR_BUSY if the GPU has to take others first. */
int push_ring_begin(struct push_ring *ring, uint32_t words);
int push_ring_emit(struct push_ring *ring, uint32_t word);
/* Ends the piece and enters it. Gives the new position of the entries; nothing is to be done if it is empty: -1. */
int push_ring_submit(struct push_ring *ring);
/* Looks how far the GPU has got. */
void push_ring_update(struct push_ring *ring);
bool push_ring_is_idle(const struct push_ring *ring);
/* An interrupt came that may be the ring's: whether its client is to be told. After an update. */
bool push_ring_take_interrupt(struct push_ring *ring);

/* Whether words contain a method that asks for an interrupt. */
bool push_asks_for_interrupt(const uint8_t *words, uint32_t count);

#endif
