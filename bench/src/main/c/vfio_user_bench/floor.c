/* The floor: the same bytes between two processes, without a protocol. */
#include "bench.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

static void echo(int peer, size_t in, size_t out)
{
    uint8_t *buffer = calloc(1, in > out ? in : out);
    for (;;) {
        for (size_t done = 0; done < in;) {
            /* Header and body apart, small ones too, as simple servers do. */
            size_t most = done == 0 ? sizeof(struct header) : in - done;
            ssize_t n = recv(peer, buffer + done, most, 0);
            if (n <= 0)
                _exit(0);
            done += n;
        }
        struct iovec part = {buffer, out};
        transmit(peer, &part, 1, NULL, 0);
    }
}

/* Forks a process that runs on another core; it ends when this one closes the socket. */
static int other_side(int cpu, int other_cpu, size_t in, size_t out)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        die("socketpair");
    if (fork() == 0) {
        pin(other_cpu);
        close(pair[0]);
        echo(pair[1], in, out);
    }
    close(pair[1]);
    pin(cpu);
    return pair[0];
}

static void floor_trips(const char *name, int cpu, int other_cpu, size_t out_bytes, size_t in_bytes, size_t n)
{
    size_t warm_ups = n / 10;
    bool small = out_bytes + in_bytes < 4 * KIB;
    uint8_t *out = calloc(1, out_bytes), *in = calloc(1, in_bytes);
    int peer = other_side(cpu, other_cpu, out_bytes, in_bytes);
    uint64_t begun = 0;
    for (size_t i = 0; i < warm_ups + n; i++) {
        uint64_t start = now_ns();
        if (i == warm_ups)
            begun = start;
        struct iovec part = {out, out_bytes};
        transmit(peer, &part, 1, NULL, 0);
        receive(peer, in, sizeof(struct header));
        receive(peer, in + sizeof(struct header), in_bytes - sizeof(struct header));
        if (small && i >= warm_ups)
            latencies[i - warm_ups] = now_ns() - start;
    }
    uint64_t ns = now_ns() - begun;
    if (small)
        report_latency(name, latencies, n);
    else
        report_bandwidth(name, n * ((out_bytes > in_bytes ? out_bytes : in_bytes) - 32), ns);
    close(peer);
    wait(NULL);
    free(out);
    free(in);
}

/* A burst one way, read by the other side as much as fits at a time. */
static void floor_posted(int cpu, int other_cpu)
{
    enum { MESSAGE = sizeof(struct header) + sizeof(struct access) + 4, READ_AHEAD = 64 * 1024 };
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        die("socketpair");
    if (fork() == 0) {
        static uint8_t buffer[READ_AHEAD];
        pin(other_cpu);
        for (size_t left = operations * MESSAGE; left > 0;) {
            ssize_t n = recv(pair[1], buffer, sizeof buffer, 0);
            if (n <= 0)
                _exit(1);
            left -= n;
        }
        if (send(pair[1], buffer, 1, 0) != 1)
            _exit(1);
        _exit(0);
    }
    pin(cpu);
    uint8_t message[MESSAGE] = {0};
    uint64_t start = now_ns();
    for (size_t i = 0; i < operations; i++) {
        struct iovec part = {message, sizeof message};
        transmit(pair[0], &part, 1, NULL, 0);
    }
    receive(pair[0], message, 1);
    report_rate("floor_posted", operations, now_ns() - start);
    close(pair[0]);
    close(pair[1]);
    wait(NULL);
}

/* From just before an eventfd is written by one process until another is back from poll(). */
static void floor_irq(int cpu, int other_cpu)
{
    size_t n = operations < MAX_IRQS ? operations : MAX_IRQS;
    int asked = eventfd(0, 0), raised = eventfd(0, 0);
    volatile uint64_t *stamp = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint64_t count, one = 1;
    pid_t child = fork();
    if (child == 0) {
        pin(other_cpu);
        while (read(asked, &count, sizeof count) == sizeof count) {
            *stamp = now_ns();
            if (write(raised, &one, sizeof one) != sizeof one)
                _exit(1);
        }
        _exit(0);
    }
    pin(cpu);
    for (size_t i = 0; i < IRQ_WARM_UPS + n; i++) {
        struct pollfd waiting = {raised, POLLIN, 0};
        if (write(asked, &one, sizeof one) != sizeof one || poll(&waiting, 1, 2000) != 1)
            die("eventfd");
        uint64_t end = now_ns();
        if (read(raised, &count, sizeof count) != sizeof count)
            die("eventfd");
        if (i >= IRQ_WARM_UPS)
            latencies[i - IRQ_WARM_UPS] = end - *stamp;
    }
    report_latency("floor_irq", latencies, n);
    kill(child, SIGKILL);
    wait(NULL);
}

void measure_floor(int cpu, int other_cpu)
{
    size_t fixed = sizeof(struct header) + sizeof(struct access);
    floor_trips("floor_read_4", cpu, other_cpu, fixed, fixed + 4, operations);
    floor_trips("floor_read_4K", cpu, other_cpu, fixed, fixed + 4 * KIB, operations / 8);
    floor_trips("floor_read_1M", cpu, other_cpu, fixed, fixed + MIB, 512);
    floor_trips("floor_write_4K", cpu, other_cpu, fixed + 4 * KIB, fixed, operations / 8);
    floor_trips("floor_read_64K", cpu, other_cpu, fixed, fixed + 64 * KIB, 4096);
    floor_trips("floor_write_64K", cpu, other_cpu, fixed + 64 * KIB, fixed, 4096);
    floor_trips("floor_write_1M", cpu, other_cpu, fixed + MIB, fixed, 512);
    floor_posted(cpu, other_cpu);
    floor_irq(cpu, other_cpu);
}
