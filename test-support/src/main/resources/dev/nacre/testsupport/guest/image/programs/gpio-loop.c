/*
 * A GPIO card whose output n is wired to its input n, through the character device of its stock driver: what is set at an
 * output is read at the input, and each change is an edge event, which is an interrupt of the card.
 */
#include "nacre.h"

#include <linux/gpio.h>
#include <poll.h>

enum { LINES = 32, INPUTS = 16, EDGES = 10, CHIP_WAIT_MS = 20000, EVENT_WAIT_MS = 20000 };

/* Requests lines from one on. */
static int request_lines(int chip, unsigned first, unsigned count, uint64_t flags)
{
    struct gpio_v2_line_request request;
    memset(&request, 0, sizeof request);
    for (unsigned i = 0; i < count; i++)
        request.offsets[i] = first + i;
    request.num_lines = count;
    request.config.flags = flags;
    strcpy(request.consumer, "gpio-loop");
    must(chip, GPIO_V2_GET_LINE_IOCTL, &request, "GET_LINE");
    return request.fd;
}

static void set(int output, int value)
{
    struct gpio_v2_line_values values = {value, 1};
    must(output, GPIO_V2_LINE_SET_VALUES_IOCTL, &values, "SET_VALUES");
}

static int get(int inputs, unsigned line)
{
    struct gpio_v2_line_values values = {0, 1ull << line};
    must(inputs, GPIO_V2_LINE_GET_VALUES_IOCTL, &values, "GET_VALUES");
    return values.bits >> line & 1;
}

/* The driver reports every input at each interrupt, those that did not change too: looks for the one that did. */
static void expect_edge(int inputs, unsigned line, int value)
{
    unsigned wanted = value ? GPIO_V2_LINE_EVENT_RISING_EDGE : GPIO_V2_LINE_EVENT_FALLING_EDGE;
    struct gpio_v2_line_event event;
    do {
        struct pollfd waiting = {inputs, POLLIN, 0};
        if (poll(&waiting, 1, EVENT_WAIT_MS) != 1)
            fail("no edge of input %u to %d", line, value);
        if (read(inputs, &event, sizeof event) != sizeof event)
            fail("event: %s", strerror(errno));
    } while (event.offset != INPUTS + line || event.id != wanted);
}

static void loop(int chip, int inputs, unsigned line)
{
    int output = request_lines(chip, line, 1, GPIO_V2_LINE_FLAG_OUTPUT);
    for (int i = 1; i <= EDGES; i++) {
        int value = i & 1;
        set(output, value);
        expect_edge(inputs, line, value);
        if (get(inputs, line) != value)
            fail("input %u is not %d", line, value);
    }
    close(output);
}

/* The first GPIO chip with the card's number of lines, as soon as there is one. */
static int open_chip(void)
{
    double until = now_ms() + CHIP_WAIT_MS;
    while (now_ms() < until) {
        for (int i = 0; i < 4; i++) {
            char path[32];
            snprintf(path, sizeof path, "/dev/gpiochip%d", i);
            int fd = open(path, O_RDWR);
            struct gpiochip_info info;
            if (fd >= 0 && ioctl(fd, GPIO_GET_CHIPINFO_IOCTL, &info) == 0 && info.lines == LINES)
                return fd;
            if (fd >= 0)
                close(fd);
        }
        usleep(100000);
    }
    fail("no GPIO chip");
    return -1;
}

int main(void)
{
    begin("gpio-loop", 120);
    int chip = open_chip();
    /*
     * All inputs at once: the driver (Linux 6.12, 7.3) has them share one bit, so that the interrupt of one is taken for
     * that of all, and for an input that nobody has asked for it runs the handler of interrupt 0, which is none.
     */
    int inputs = request_lines(chip, INPUTS, INPUTS,
                               GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING);
    loop(chip, inputs, 0);
    loop(chip, inputs, 12);
    return pass("%d edges", 2 * EDGES);
}
