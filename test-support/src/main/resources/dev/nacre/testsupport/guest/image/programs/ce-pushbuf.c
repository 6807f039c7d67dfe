/*
 * The copy engine through nouveau's older interface: system memory to VRAM and back, then a rectangle with different
 * pitches; every word compared.
 */
#include "nacre.h"

enum { SIZE = 256 * 1024, SEED = 0xa5000000u, LINES = 37, LINE_BYTES = 1000, PITCH_IN = 4096, PITCH_OUT = 1024 };

/* Whether the rectangle arrived, and nothing beside it was touched. */
static void check_rectangle(const struct buffer *from, const struct buffer *to)
{
    for (uint32_t y = 0; y < LINES; y++) {
        for (uint32_t x = 0; x < PITCH_OUT / 4; x++) {
            uint32_t got = to->words[y * (PITCH_OUT / 4) + x];
            uint32_t want = x < LINE_BYTES / 4 ? from->words[y * (PITCH_IN / 4) + x] : 0;
            if (got != want)
                fail("rectangle: line %u word %u is %08x, not %08x", y, x, got, want);
        }
    }
}

int main(int argc, char **argv)
{
    begin("ce-pushbuf", 60);
    int fd = open_gpu(argc, argv);
    int channel = new_copy_channel(fd);
    struct buffer commands = new_buffer(fd, 65536, NOUVEAU_GEM_DOMAIN_GART);
    struct buffer used[4] = {
        new_buffer(fd, SIZE, NOUVEAU_GEM_DOMAIN_GART),
        new_buffer(fd, SIZE, NOUVEAU_GEM_DOMAIN_VRAM),
        new_buffer(fd, SIZE, NOUVEAU_GEM_DOMAIN_GART),
        new_buffer(fd, SIZE, NOUVEAU_GEM_DOMAIN_GART),
    };
    struct buffer *from = &used[0], *vram = &used[1], *to = &used[2], *part = &used[3];
    fill(from, SEED);
    clear(to);
    clear(part);

    struct rectangle r = {PITCH_IN, PITCH_OUT, LINE_BYTES, LINES};
    struct push p = push_into(&commands);
    push_object(&p);
    push_copy(&p, from->address, vram->address, whole(from));
    push_copy(&p, vram->address, to->address, whole(from));
    push_copy(&p, vram->address, part->address, r);

    double started = now_ms();
    int error = submit_pushbuf(fd, channel, &commands, push_bytes(&p), used, 4);
    if (error)
        fail("GEM_PUSHBUF: %s", strerror(error));
    error = wait_buffer(fd, part);
    if (error)
        fail("CPU_PREP: %s", strerror(error));
    double took = now_ms() - started;

    check(to, SEED, "copy through VRAM");
    check_rectangle(from, part);
    for (uint32_t i = 0; i < SIZE / 4; i += 997)
        if (vram->words[i] != pattern(SEED, i))
            fail("VRAM through BAR1: word %u is %08x, not %08x", i, vram->words[i], pattern(SEED, i));
    return pass("%d KiB each way, %.1f ms", SIZE / 1024, took);
}
