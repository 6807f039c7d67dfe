/*
 * Has a channel until its input says something, and gives it up: what the driver finds then is for the kernel's log to tell.
 */
#include "nacre.h"

int main(int argc, char **argv)
{
    begin("channel-hold", 600);
    int fd = open_gpu(argc, argv);
    int channel = new_copy_channel(fd);
    printf("channel-hold: has channel %d\n", channel);
    fflush(stdout);
    /* The kernel gives whole events, and refuses who has no room for one. */
    char event[256];
    if (read(0, event, sizeof event) <= 0)
        fail("input: %s", strerror(errno));
    double started = now_ms();
    close(fd);
    return pass("given up in %.0f ms", now_ms() - started);
}
