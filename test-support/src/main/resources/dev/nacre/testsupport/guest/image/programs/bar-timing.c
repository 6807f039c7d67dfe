/*
 * Cost of a guest's accesses to the first memory BAR, without a driver: reads, and posted writes followed by one read.
 * Prints "NACRE-BENCH name value unit" lines. The argument is the device's folder in sysfs.
 */
#include "nacre.h"

enum { BAR_BYTES = 16 * 1024 * 1024, READS = 20000, WRITES = 200000 };
/* NV_PMC_BOOT_0, and NV_PBUS_BAR0_WINDOW, which only moves a window: written with the value it has. */
enum { BOOT_0 = 0x000000, BAR0_WINDOW = 0x001700 };

static void enable(const char *device)
{
    char path[256];
    snprintf(path, sizeof path, "%s/enable", device);
    int fd = open(path, O_WRONLY);
    if (fd < 0 || write(fd, "1", 1) != 1)
        fail("enable %s: %s", device, strerror(errno));
    close(fd);
}

int main(int argc, char **argv)
{
    begin("bar-timing", 120);
    const char *device = argc > 1 ? argv[1] : "/sys/bus/pci/devices/0000:00:04.0";
    enable(device);
    char path[256];
    snprintf(path, sizeof path, "%s/resource0", device);
    int fd = open(path, O_RDWR);
    if (fd < 0)
        fail("open %s: %s", path, strerror(errno));
    volatile uint32_t *bar = mmap(NULL, BAR_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (bar == MAP_FAILED)
        fail("mmap %s: %s", path, strerror(errno));

    uint32_t boot = bar[BOOT_0 / 4];
    if (boot == 0 || boot == ~0u)
        fail("BOOT_0 reads %08x", boot);
    double started = now_ms();
    for (int i = 0; i < READS; i++)
        if (bar[BOOT_0 / 4] != boot)
            fail("BOOT_0 changed");
    double read_ns = (now_ms() - started) * 1e6 / READS;

    uint32_t window = bar[BAR0_WINDOW / 4];
    started = now_ms();
    for (int i = 0; i < WRITES; i++)
        bar[BAR0_WINDOW / 4] = window;
    uint32_t after = bar[BAR0_WINDOW / 4];
    double write_ns = (now_ms() - started) * 1e6 / WRITES;
    if (after != window)
        fail("the window register reads %08x, not %08x", after, window);

    printf("NACRE-BENCH guest-bar-read %.0f ns\n", read_ns);
    printf("NACRE-BENCH guest-bar-posted-write %.0f ns\n", write_ns);
    return pass("boot0 %08x", boot);
}
