/* SPDX-License-Identifier: Apache-2.0 */
#include "push_ring.h"

#include "error.h"
#include "rm.h"

void push_ring_init(struct push_ring *ring, uint8_t *memory, uint64_t address) {
    *ring = (struct push_ring){.memory = memory, .address = address};
}

int push_ring_begin(struct push_ring *ring, uint32_t words) {
    if (words < 1 || words > RING_PIECE_WORDS) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "Number of words is impossible: dwords=%u allowed=1 to %u", words,
                    RING_PIECE_WORDS);
    }
    if (ring->has_begun) {
        return fail(NACRE_ERR_EXISTS, "Commands have begun already");
    }
    uint32_t needed = words + RING_TAIL_WORDS;
    uint32_t start = (uint32_t)(ring->put % RING_WORDS);
    uint32_t skip = start + needed > RING_WORDS ? RING_WORDS - start : 0;
    uint64_t done = ring->completed == 0 ? 0 : ring->ends[ring->completed % RING_ENTRIES];
    if (ring->put + skip + needed - done > RING_WORDS || ring->submitted - ring->completed >= RING_ENTRIES - 1) {
        return NACRE_ERR_BUSY;
    }
    ring->put += skip;
    ring->start = (uint32_t)(ring->put % RING_WORDS);
    ring->room = words;
    ring->count = 0;
    ring->has_begun = true;
    return 0;
}

static void put_word(struct push_ring *ring, uint32_t word) {
    put32(ring->memory + RING_WORDS_AT + 4 * (ring->start + ring->count++), word);
}

int push_ring_emit(struct push_ring *ring, uint32_t word) {
    if (!ring->has_begun) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "No commands have begun");
    }
    if (ring->count == ring->room) {
        return fail(NACRE_ERR_NO_SPACE, "Commands are full: dwords=%u", ring->room);
    }
    put_word(ring, word);
    return 0;
}

static uint32_t header(uint32_t method, uint32_t count) {
    return NVC56F_DMA_INCREMENT << NVC56F_DMA_OPCODE_SHIFT | count << NVC56F_DMA_COUNT_SHIFT | method >> 2;
}

/* Has the GPU note that the piece is done, and interrupt if the piece itself does not ask for that. */
static void put_tail(struct push_ring *ring, bool asks) {
    uint64_t note = ring->address + RING_NOTE_AT;
    put_word(ring, header(NVC56F_SEM_ADDR_LO, 5));
    put_word(ring, (uint32_t)note);
    put_word(ring, (uint32_t)(note >> 32));
    put_word(ring, (uint32_t)ring->submitted);
    put_word(ring, 0);
    put_word(ring, NVC56F_SEM_EXECUTE_RELEASE | NVC56F_SEM_EXECUTE_RELEASE_WFI);
    if (!asks) {
        put_word(ring, header(NVC56F_NON_STALL_INTERRUPT, 1));
        put_word(ring, 0);
    }
}

int push_ring_submit(struct push_ring *ring) {
    if (!ring->has_begun) {
        return fail(NACRE_ERR_INVALID_ARGUMENT, "No commands have begun");
    }
    ring->has_begun = false;
    if (ring->count == 0) {
        return -1;
    }
    bool asks = push_asks_for_interrupt(ring->memory + RING_WORDS_AT + 4 * ring->start, ring->count);
    uint32_t slot = (uint32_t)(ring->submitted % RING_ENTRIES);
    ring->submitted++;
    ring->asked = asks ? ring->submitted : ring->asked;
    put_tail(ring, asks);
    uint64_t words = ring->address + RING_WORDS_AT + 4 * ring->start;
    put64(ring->memory + RING_ENTRIES_AT + GP_ENTRY_BYTES * slot,
          words | (uint64_t)ring->count << GP_ENTRY_LENGTH_SHIFT);
    ring->put += ring->count;
    ring->ends[ring->submitted % RING_ENTRIES] = ring->put;
    return (int)(ring->submitted % RING_ENTRIES);
}

void push_ring_update(struct push_ring *ring) {
    /* ORDERING: what the GPU wrote before the note is there for who sees the note. */
    const uint32_t *note = (const uint32_t *)(const void *)(ring->memory + RING_NOTE_AT);
    uint32_t more = __atomic_load_n(note, __ATOMIC_ACQUIRE) - (uint32_t)ring->completed;
    if (more > ring->submitted - ring->completed) {
        ring->is_broken = true;
    } else {
        ring->completed += more;
    }
}

bool push_ring_is_idle(const struct push_ring *ring) {
    return ring->completed == ring->submitted;
}

bool push_ring_take_interrupt(struct push_ring *ring) {
    if (ring->asked == ring->told) {
        return false;
    }
    if (ring->completed >= ring->asked) {
        ring->told = ring->asked;
    }
    return true;
}

static bool asks(uint32_t method, uint32_t data) {
    return method == NVC56F_NON_STALL_INTERRUPT ||
           (method == NVC7B5_LAUNCH_DMA && (data & NVC7B5_LAUNCH_DMA_INTERRUPT_TYPE) != 0);
}

bool push_asks_for_interrupt(const uint8_t *words, uint32_t count) {
    for (uint32_t i = 0; i < count;) {
        uint32_t head = get32(words + 4 * i++);
        uint32_t opcode = head >> NVC56F_DMA_OPCODE_SHIFT;
        uint32_t number = head >> NVC56F_DMA_COUNT_SHIFT & NVC56F_DMA_COUNT_MASK;
        uint32_t method = (head & NVC56F_DMA_METHOD_MASK) << 2;
        if (opcode == NVC56F_DMA_IMMEDIATE && asks(method, number)) {
            return true;
        }
        bool has_data = opcode == NVC56F_DMA_INCREMENT || opcode == NVC56F_DMA_NON_INCREMENT ||
                        opcode == NVC56F_DMA_INCREMENT_ONCE;
        for (uint32_t k = 0; has_data && k < number && i < count; k++) {
            uint32_t step = opcode == NVC56F_DMA_INCREMENT ? 4 * k
                            : opcode == NVC56F_DMA_INCREMENT_ONCE && k > 0 ? 4 : 0;
            if (asks(method + step, get32(words + 4 * i++))) {
                return true;
            }
        }
    }
    return false;
}
