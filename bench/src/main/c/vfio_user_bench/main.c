/*
 * Measures a vfio-user server that serves the bench device (dev.nacre.samples.BenchDevice), or with --floor what the same
 * messages cost without any protocol. It uses the wire format only, so that it measures servers in any language alike, and
 * receives a reply in two calls, header and body, as QEMU does. Prints a JSON object per metric.
 *
 *   vfio_user_bench [-n OPERATIONS] [-c CPU] [-s] [-o TESTS] SOCKET
 *   vfio_user_bench [-n OPERATIONS] [-c CPU] [-C OTHER_CPU] --floor
 *
 *   -c  pins this process; -C pins the floor's other side      -s  spins instead of blocking
 *   -o  of: rtt, bulk, irq, dma, msg, mig; all by default
 */
#include "bench.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>

int server;
uint8_t *mapped, *unmapped;
uint8_t *body;
uint64_t *latencies;
size_t operations = 200000;
bool spins, failed, silent;

void die(const char *what)
{
    fprintf(stderr, "vfio_user_bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

void pin(int cpu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    if (cpu >= 0 && sched_setaffinity(0, sizeof set, &set) != 0)
        die("sched_setaffinity");
}

static void connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        die(path);
    }
    strcpy(address.sun_path, path);
    server = socket(AF_UNIX, SOCK_STREAM, 0);
    if (server < 0 || connect(server, (struct sockaddr *)&address, sizeof address) != 0)
        die(path);
}

static void negotiate(void)
{
    static const char capabilities[] = "\0\0\0\0{\"capabilities\":{\"max_msg_fds\":16,\"max_data_xfer_size\":1048576,"
                                       "\"pgsizes\":4096,\"max_dma_maps\":65535}}";
    must("VERSION", VERSION, capabilities, sizeof capabilities, NULL, 0);
    uint32_t info[4] = {sizeof info};
    must("GET_INFO", GET_INFO, info, sizeof info, NULL, 0);
    memcpy(info, body, sizeof info);
    for (uint32_t i = 0; i < info[2]; i++) {
        uint32_t region[8] = {4096, 0, i};
        must("GET_REGION_INFO", GET_REGION_INFO, region, sizeof region, NULL, 0);
    }
}

static void give_memory(void)
{
    int file = memfd_create("vfio-user-bench", MFD_ALLOW_SEALING);
    if (file < 0 || ftruncate(file, MAPPED_BYTES) != 0 || fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK) != 0)
        die("memfd");
    mapped = mmap(NULL, MAPPED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    unmapped = calloc(1, UNMAPPED_BYTES);
    if (mapped == MAP_FAILED || unmapped == NULL)
        die("memory");
    struct dma_map with_file = {sizeof with_file, 3, 0, MAPPED_IOVA, MAPPED_BYTES};
    must("DMA_MAP", DMA_MAP, &with_file, sizeof with_file, &file, 1);
    struct dma_map without = {sizeof without, 3, 0, UNMAPPED_IOVA, UNMAPPED_BYTES};
    must("DMA_MAP without a file", DMA_MAP, &without, sizeof without, NULL, 0);
    close(file);
}

static void take_memory_back(void)
{
    struct dma_unmap range = {sizeof range, 0, MAPPED_IOVA, MAPPED_BYTES};
    must("DMA_UNMAP", DMA_UNMAP, &range, sizeof range, NULL, 0);
}

static void measure(const char *path, const char *only)
{
    connect_to(path);
    negotiate();
    give_memory();
    int events[VECTORS];
    for (int i = 0; i < VECTORS; i++)
        events[i] = eventfd(0, 0);
    uint32_t irqs[5] = {sizeof irqs, 4 | 32, 2, 0, VECTORS};
    must("SET_IRQS", SET_IRQS, irqs, sizeof irqs, events, VECTORS);
    if (get(ID, 4) != IDENTITY) {
        errno = ENODEV;
        die("not the bench device");
    }
#define WANTED(test) (only == NULL || strstr(only, test) != NULL)
    if (WANTED("rtt"))
        test_round_trips();
    if (WANTED("bulk"))
        test_bulk();
    if (WANTED("irq"))
        test_interrupts(events);
    if (WANTED("dma"))
        test_dma();
    if (WANTED("msg"))
        test_dma_messages();
    if (WANTED("mig"))
        test_migration();
    take_memory_back();
    close(server);
}

static int usage(void)
{
    fprintf(stderr, "usage: vfio_user_bench [-n OPERATIONS] [-c CPU] [-C OTHER_CPU] [-s] [-o rtt,bulk,irq,dma,msg,mig] "
                    "SOCKET | --floor\n");
    return 2;
}

int main(int argc, char **argv)
{
    const char *path = NULL, *only = NULL;
    int cpu = -1, other_cpu = -1;
    bool floor_only = false;
    for (int i = 1; i < argc; i++) {
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "-n") == 0 && has_value)
            operations = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "-c") == 0 && has_value)
            cpu = atoi(argv[++i]);
        else if (strcmp(argv[i], "-C") == 0 && has_value)
            other_cpu = atoi(argv[++i]);
        else if (strcmp(argv[i], "-o") == 0 && has_value)
            only = argv[++i];
        else if (strcmp(argv[i], "-s") == 0)
            spins = true;
        else if (strcmp(argv[i], "--floor") == 0)
            floor_only = true;
        else if (argv[i][0] != '-' && path == NULL)
            path = argv[i];
        else
            return usage();
    }
    if ((path == NULL) == !floor_only || operations < 1000)
        return usage();
    latencies = calloc(operations, sizeof *latencies);
    body = calloc(1, 2 * MIB);
    pin(cpu);
    /* Who may, goes before others that happen to run. */
    setpriority(PRIO_PROCESS, 0, -20);
    if (floor_only)
        measure_floor(cpu, other_cpu);
    else
        measure(path, only);
    return failed ? 3 : 0;
}
