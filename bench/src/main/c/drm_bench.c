/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program of the host gets from a board by DRM, each beside what this process gets without it. Prints a line of JSON
 * for each metric. Built with the headers and the helpers of the guests' programs (nacre.h).
 */
#include "nacre.h"

#include <sys/socket.h>
#include <sys/wait.h>

/* The size of a GET_CAP's request on the wire, and of its answer: what the round trip of a socket pair carries. */
enum { REQUEST_BYTES = 56, ANSWER_BYTES = 48 };
enum { TRIPS = 20000, JOBS = 2000, COPY_JOBS = 64, BANDWIDTH_BYTES = 64 << 20, BANDWIDTH_ROUNDS = 12 };

static double samples[TRIPS];

static int ascending(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return difference < 0 ? -1 : difference > 0;
}

static void print_times(const char *metric, int count)
{
    qsort(samples, count, sizeof samples[0], ascending);
    printf("{\"metric\":\"%s\",\"p50_us\":%.3f,\"p99_us\":%.3f}\n", metric, samples[count / 2] * 1e3,
           samples[count * 99 / 100] * 1e3);
}

static void read_all(int fd, char *bytes, int count)
{
    for (int done = 0; done < count;) {
        ssize_t n = read(fd, bytes + done, count - done);
        if (n <= 0)
            exit(0);
        done += n;
    }
}

/* Round trips between two processes that do nothing else. */
static void measure_socket_pair(void)
{
    int pair[2];
    char bytes[REQUEST_BYTES] = {0};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        fail("socketpair: %s", strerror(errno));
    pid_t peer = fork();
    if (peer == 0) {
        close(pair[0]);
        for (;;) {
            read_all(pair[1], bytes, REQUEST_BYTES);
            if (write(pair[1], bytes, ANSWER_BYTES) != ANSWER_BYTES)
                exit(0);
        }
    }
    close(pair[1]);
    for (int i = -TRIPS; i < TRIPS; i++) {
        double start = now_ms();
        if (write(pair[0], bytes, REQUEST_BYTES) != REQUEST_BYTES)
            fail("write: %s", strerror(errno));
        read_all(pair[0], bytes, ANSWER_BYTES);
        if (i >= 0)
            samples[i] = now_ms() - start;
    }
    close(pair[0]);
    waitpid(peer, NULL, 0);
    print_times("socket_pair", TRIPS);
}

static void measure_ioctl(int fd)
{
    for (int i = -TRIPS; i < TRIPS; i++) {
        struct drm_get_cap cap = {.capability = DRM_CAP_PRIME};
        double start = now_ms();
        must(fd, DRM_IOCTL_GET_CAP, &cap, "GET_CAP");
        if (i >= 0)
            samples[i] = now_ms() - start;
    }
    print_times("ioctl", TRIPS);
}

static double fill_mib_per_s(void *memory, int round)
{
    double start = now_ms();
    memset(memory, round, BANDWIDTH_BYTES);
    return (BANDWIDTH_BYTES >> 20) / ((now_ms() - start) / 1e3);
}

static void measure_bandwidth(int fd)
{
    struct buffer buffer = new_buffer(fd, BANDWIDTH_BYTES, NOUVEAU_GEM_DOMAIN_GART);
    void *plain = mmap(NULL, BANDWIDTH_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    double best_plain = 0;
    double best_buffer = 0;
    for (int i = 0; i < BANDWIDTH_ROUNDS; i++) {
        double of_plain = fill_mib_per_s(plain, i);
        double of_buffer = fill_mib_per_s((void *)buffer.words, i);
        best_plain = of_plain > best_plain ? of_plain : best_plain;
        best_buffer = of_buffer > best_buffer ? of_buffer : best_buffer;
    }
    printf("{\"metric\":\"plain_write\",\"mib_per_s\":%.0f}\n", best_plain);
    printf("{\"metric\":\"mapped_write\",\"mib_per_s\":%.0f}\n", best_buffer);
}

static void reset_syncobj(int fd, uint32_t syncobj)
{
    struct drm_syncobj_array array = {.handles = (uintptr_t)&syncobj, .count_handles = 1};
    must(fd, DRM_IOCTL_SYNCOBJ_RESET, &array, "SYNCOBJ_RESET");
}

/* One copy of a page a job: until its fence, and how many there are in a second when they wait for the last only. */
static void measure_jobs(int fd)
{
    int channel = new_copy_channel(fd);
    struct buffer commands = new_buffer(fd, 65536, NOUVEAU_GEM_DOMAIN_GART);
    struct buffer from = new_buffer(fd, 4096, NOUVEAU_GEM_DOMAIN_GART);
    struct buffer to = new_buffer(fd, 4096, NOUVEAU_GEM_DOMAIN_GART);
    bind_buffer(fd, &commands, 0x10000000);
    bind_buffer(fd, &from, 0x20000000);
    bind_buffer(fd, &to, 0x30000000);
    fill(&from, 77);
    struct push p = push_into(&commands);
    push_object(&p);
    push_copy(&p, from.address, to.address, whole(&from));
    uint32_t done = new_syncobj(fd);
    for (int i = -JOBS; i < JOBS; i++) {
        double start = now_ms();
        int error = submit_exec(fd, channel, &commands, push_bytes(&p), done);
        error = error ? error : wait_syncobj(fd, done, 30);
        if (error)
            fail("EXEC: %s", strerror(error));
        if (i >= 0)
            samples[i] = now_ms() - start;
        reset_syncobj(fd, done);
    }
    print_times("exec_to_fence", JOBS);
    double start = now_ms();
    for (int i = 0; i < JOBS; i++) {
        int error = submit_exec(fd, channel, &commands, push_bytes(&p), done);
        if (error)
            fail("EXEC: %s", strerror(error));
        if (i % COPY_JOBS == COPY_JOBS - 1 && (error = wait_syncobj(fd, done, 30)) != 0)
            fail("SYNCOBJ_WAIT: %s", strerror(error));
    }
    if (wait_syncobj(fd, done, 30) != 0)
        fail("SYNCOBJ_WAIT: %s", strerror(errno));
    printf("{\"metric\":\"copies\",\"per_s\":%.0f}\n", JOBS / ((now_ms() - start) / 1e3));
    check(&to, 77, "copies");
}

int main(int argc, char **argv)
{
    begin("drm-bench", 90);
    measure_socket_pair();
    int fd = open_gpu(argc, argv);
    measure_ioctl(fd);
    init_vm(fd);
    measure_bandwidth(fd);
    measure_jobs(fd);
    return 0;
}
