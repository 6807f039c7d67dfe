/*
 * A copy from an address that nothing is mapped at: the channel must be killed, and nothing be written. Whether another
 * process still works is for the next program to show.
 */
#include "nacre.h"

enum { SIZE = 64 * 1024, SEED = 0x3c000000u };
#define UNMAPPED 0x123456000ull

int main(int argc, char **argv)
{
    begin("fault-pushbuf", 60);
    int fd = open_gpu(argc, argv);
    int channel = new_copy_channel(fd);
    struct buffer commands = new_buffer(fd, 65536, NOUVEAU_GEM_DOMAIN_GART);
    struct buffer to = new_buffer(fd, SIZE, NOUVEAU_GEM_DOMAIN_GART);
    fill(&to, SEED);

    struct push p = push_into(&commands);
    push_object(&p);
    push_copy(&p, UNMAPPED, to.address, whole(&to));
    int error = submit_pushbuf(fd, channel, &commands, push_bytes(&p), &to, 1);
    /* The board may find the fault, and the kernel kill the channel, before the call is through. */
    if (error && error != ENODEV)
        fail("GEM_PUSHBUF of the fault: %s", strerror(error));
    int waited = wait_buffer(fd, &to);

    /* The kernel learns of the fault by an interrupt: soon, but not at once. */
    double started = now_ms();
    do {
        error = submit_pushbuf(fd, channel, &commands, push_bytes(&p), &to, 1);
    } while (error == 0 && now_ms() - started < 20000 && usleep(10000) == 0);
    if (error != ENODEV)
        fail("the channel lives: %s", error ? strerror(error) : "it takes work");
    check(&to, SEED, "destination of the faulting copy");
    return pass("channel killed, wait said %s", waited ? strerror(waited) : "ok");
}
