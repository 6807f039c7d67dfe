/*
 * The copy engine through nouveau's newer interface: an address space of our own, buffers bound into it, a job that
 * signals a sync object; every word compared.
 */
#include "nacre.h"

enum { SIZE = 1024 * 1024, SEED = 0x5a000000u };

int main(int argc, char **argv)
{
    begin("ce-exec", 60);
    int fd = open_gpu(argc, argv);
    init_vm(fd);
    int channel = new_copy_channel(fd);
    struct buffer commands = new_buffer(fd, 65536, NOUVEAU_GEM_DOMAIN_GART);
    struct buffer from = new_buffer(fd, SIZE, NOUVEAU_GEM_DOMAIN_GART);
    struct buffer vram = new_buffer(fd, SIZE, NOUVEAU_GEM_DOMAIN_VRAM);
    struct buffer to = new_buffer(fd, SIZE, NOUVEAU_GEM_DOMAIN_GART);
    bind_buffer(fd, &commands, 0x10000000);
    bind_buffer(fd, &from, 0x20000000);
    bind_buffer(fd, &vram, 0x30000000);
    bind_buffer(fd, &to, 0x40000000);
    fill(&from, SEED);
    clear(&to);

    struct push p = push_into(&commands);
    push_object(&p);
    push_copy(&p, from.address, vram.address, whole(&from));
    push_copy(&p, vram.address, to.address, whole(&from));

    uint32_t done = new_syncobj(fd);
    double started = now_ms();
    int error = submit_exec(fd, channel, &commands, push_bytes(&p), done);
    if (error)
        fail("EXEC: %s", strerror(error));
    error = wait_syncobj(fd, done, 30);
    if (error)
        fail("SYNCOBJ_WAIT: %s", strerror(error));
    double took = now_ms() - started;

    check(&to, SEED, "copy through VRAM");
    return pass("%d KiB each way, %.1f ms", SIZE / 1024, took);
}
