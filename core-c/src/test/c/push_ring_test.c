/* SPDX-License-Identifier: Apache-2.0 */
/* The ring of commands against a GPU that is played here. */
#include "check.h"
#include "push_ring.h"
#include "rm.h"

#define ADDRESS 0x100000u

static uint8_t *new_memory(void) {
    uint8_t *memory = aligned_alloc(PAGE_BYTES, RING_BYTES);
    CHECK(memory != NULL);
    memset(memory, 0, RING_BYTES);
    return memory;
}

/* What the GPU does for a piece: finds its words and runs the tail. Gives how many words come before that. */
static uint32_t run_piece(struct push_ring *ring, uint32_t piece, bool *interrupts) {
    uint64_t entry = get64(ring->memory + RING_ENTRIES_AT + GP_ENTRY_BYTES * (piece % RING_ENTRIES));
    uint64_t at = (entry & 0xfffffffffcu) - ADDRESS;
    uint32_t count = (uint32_t)(entry >> GP_ENTRY_LENGTH_SHIFT & 0x1fffff);
    CHECK(at >= RING_WORDS_AT && at + 4 * count <= RING_BYTES);
    const uint8_t *words = ring->memory + at;
    *interrupts = get32(words + 4 * (count - 2)) == (0x20000000u | 1u << 16 | NVC56F_NON_STALL_INTERRUPT >> 2);
    uint32_t tail = *interrupts ? 8 : 6;
    const uint8_t *release = words + 4 * (count - tail);
    CHECK(get32(release) == (0x20000000u | 5u << 16 | NVC56F_SEM_ADDR_LO >> 2));
    CHECK(get32(release + 4) == ADDRESS + RING_NOTE_AT && get32(release + 20) == 0x100001);
    put32(ring->memory + RING_NOTE_AT, get32(release + 12));
    return count - tail;
}

static void pieces_pass_in_order_and_wait_for_room(void) {
    uint8_t *memory = new_memory();
    struct push_ring ring;
    uint64_t seed = 11;
    uint32_t run = 0;
    uint32_t lengths[RING_ENTRIES];
    push_ring_init(&ring, memory, ADDRESS);
    for (uint32_t submitted = 0; submitted < 20000;) {
        uint32_t words = 1 + (uint32_t)(next_random(&seed) % RING_PIECE_WORDS);
        int error = next_random(&seed) % 4 == 0 ? NACRE_ERR_BUSY : push_ring_begin(&ring, words);
        if (error == NACRE_ERR_BUSY) {
            bool interrupts = false;
            if (run < submitted) {
                CHECK(run_piece(&ring, run, &interrupts) == lengths[run % RING_ENTRIES] && interrupts);
                run++;
            }
            push_ring_update(&ring);
            CHECK(ring.completed == run && !ring.is_broken);
            continue;
        }
        CHECK(error == 0);
        for (uint32_t i = 0; i < words; i++) {
            CHECK(push_ring_emit(&ring, 0) == 0);
        }
        CHECK(push_ring_emit(&ring, 0) == NACRE_ERR_NO_SPACE);
        lengths[submitted % RING_ENTRIES] = words;
        CHECK(push_ring_submit(&ring) == (int)(++submitted % RING_ENTRIES));
    }
    free(memory);
}

static void full_ring_is_busy_until_the_gpu_goes_on(void) {
    uint8_t *memory = new_memory();
    struct push_ring ring;
    bool interrupts = false;
    uint32_t pieces = 0;
    push_ring_init(&ring, memory, ADDRESS);
    while (push_ring_begin(&ring, 1) == 0) {
        CHECK(push_ring_emit(&ring, 0) == 0 && push_ring_submit(&ring) >= 0);
        pieces++;
    }
    CHECK(pieces == RING_ENTRIES - 1 && !push_ring_is_idle(&ring));
    for (uint32_t i = 0; i < pieces; i++) {
        (void)run_piece(&ring, i, &interrupts);
    }
    push_ring_update(&ring);
    CHECK(push_ring_is_idle(&ring) && push_ring_begin(&ring, RING_PIECE_WORDS) == 0);
    free(memory);
}

static void wrong_use_is_refused(void) {
    uint8_t *memory = new_memory();
    struct push_ring ring;
    push_ring_init(&ring, memory, ADDRESS);
    CHECK(push_ring_emit(&ring, 0) == NACRE_ERR_INVALID_ARGUMENT);
    CHECK(push_ring_submit(&ring) == NACRE_ERR_INVALID_ARGUMENT);
    CHECK(push_ring_begin(&ring, 0) == NACRE_ERR_INVALID_ARGUMENT);
    CHECK(push_ring_begin(&ring, RING_PIECE_WORDS + 1) == NACRE_ERR_INVALID_ARGUMENT);
    CHECK(push_ring_begin(&ring, 1) == 0 && push_ring_begin(&ring, 1) == NACRE_ERR_EXISTS);
    CHECK(push_ring_submit(&ring) == -1 && ring.submitted == 0);
    free(memory);
}

static void impossible_note_breaks_the_ring(void) {
    uint8_t *memory = new_memory();
    struct push_ring ring;
    push_ring_init(&ring, memory, ADDRESS);
    put32(memory + RING_NOTE_AT, 5);
    push_ring_update(&ring);
    CHECK(ring.is_broken && ring.completed == 0);
    free(memory);
}

static bool asks(const uint32_t *words, uint32_t count) {
    return push_asks_for_interrupt((const uint8_t *)words, count);
}

static void requests_for_interrupts_are_found(void) {
    const uint32_t copy[] = {0x20018000u | 0xc0, 0x3a6};
    const uint32_t quiet_copy[] = {0x20018000u | 0xc0, 0x386};
    const uint32_t host[] = {0x20010000u | 8, 0};
    const uint32_t immediate[] = {4u << 29 | 8};
    const uint32_t run[] = {0x20020000u | 0xbf, 0, 0x20};
    const uint32_t data[] = {0x20020000u | 0x100, 0x20010008u, 0x20010008u};
    const uint32_t cut[] = {0x20020000u | 0xbf, 0};
    CHECK(asks(copy, 2) && !asks(quiet_copy, 2) && asks(host, 2) && asks(immediate, 1) && asks(run, 3));
    CHECK(!asks(data, 3) && !asks(cut, 2) && !asks(cut, 0));
}

static void client_is_told_of_what_it_asked_for(void) {
    uint8_t *memory = new_memory();
    struct push_ring ring;
    bool interrupts = false;
    push_ring_init(&ring, memory, ADDRESS);
    CHECK(push_ring_begin(&ring, 2) == 0 && push_ring_emit(&ring, 0) == 0 && push_ring_submit(&ring) >= 0);
    CHECK(!push_ring_take_interrupt(&ring));
    CHECK(push_ring_begin(&ring, 2) == 0 && push_ring_emit(&ring, 0x20010008u) == 0 && push_ring_emit(&ring, 0) == 0);
    CHECK(push_ring_submit(&ring) >= 0);
    (void)run_piece(&ring, 0, &interrupts);
    CHECK(interrupts && run_piece(&ring, 1, &interrupts) == 2 && !interrupts);
    push_ring_update(&ring);
    CHECK(push_ring_take_interrupt(&ring) && !push_ring_take_interrupt(&ring));
    free(memory);
}

int main(void) {
    pieces_pass_in_order_and_wait_for_room();
    full_ring_is_busy_until_the_gpu_goes_on();
    wrong_use_is_refused();
    impossible_note_breaks_the_ring();
    requests_for_interrupts_are_found();
    client_is_told_of_what_it_asked_for();
    return 0;
}
