/* The same fault in an address space of our own: the job's sync object must still be signalled, the channel be dead. */
#include "nacre.h"

enum { SIZE = 64 * 1024, SEED = 0xc3000000u };
#define UNMAPPED 0x77000000ull

int main(int argc, char **argv)
{
    begin("fault-exec", 90);
    int fd = open_gpu(argc, argv);
    init_vm(fd);
    int channel = new_copy_channel(fd);
    struct buffer commands = new_buffer(fd, 65536, NOUVEAU_GEM_DOMAIN_GART);
    struct buffer to = new_buffer(fd, SIZE, NOUVEAU_GEM_DOMAIN_GART);
    bind_buffer(fd, &commands, 0x10000000);
    bind_buffer(fd, &to, 0x20000000);
    fill(&to, SEED);

    struct push p = push_into(&commands);
    push_object(&p);
    push_copy(&p, UNMAPPED, to.address, whole(&to));
    uint32_t done = new_syncobj(fd);
    int error = submit_exec(fd, channel, &commands, push_bytes(&p), done);
    if (error)
        fail("EXEC of the fault: %s", strerror(error));
    error = wait_syncobj(fd, done, 60);
    if (error)
        fail("SYNCOBJ_WAIT: %s", strerror(error));

    double started = now_ms();
    do {
        error = submit_exec(fd, channel, &commands, push_bytes(&p), new_syncobj(fd));
    } while (error == 0 && now_ms() - started < 20000 && usleep(10000) == 0);
    if (error != ENODEV)
        fail("the channel lives: %s", error ? strerror(error) : "it takes work");
    check(&to, SEED, "destination of the faulting copy");
    return pass("channel killed, sync object signalled");
}
