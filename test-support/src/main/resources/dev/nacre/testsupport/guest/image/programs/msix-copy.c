/*
 * The bench device through vfio-pci: binds each of its MSI-X vectors to an eventfd, rings each doorbell, and has the device
 * copy this program's memory through the machine's IOMMU. The argument is the device's folder in sysfs.
 */
#include "nacre.h"

#include <linux/vfio.h>
#include <poll.h>
#include <sys/eventfd.h>

/* The registers are those of dev.nacre.samples.BenchRegisters. */
enum { IDENTITY = 0x48434e42, VECTORS = 8, ROUNDS = 3, EVENT_WAIT_MS = 20000 };
enum { ID = 0x000, DOORBELL = 0x100, COPY_IOVA = 0x200, COPY_BYTES = 0x208, COPY_REPETITIONS = 0x210, COPY_GO = 0x214,
       COPY_STATUS = 0x220 };
enum { FROM_GUEST = 1, TO_GUEST = 2 };
enum { COMMAND = 0x04, COMMAND_MEMORY_AND_MASTER = 0x6 };
enum { BUFFER_BYTES = 1 << 20, BUFFER_IOVA = 1 << 24 };

static int device;
static uint64_t registers;

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);
    if (fd < 0 || write(fd, text, strlen(text)) != (int)strlen(text))
        fail("write %s: %s", path, strerror(errno));
    close(fd);
}

static uint64_t region_offset(unsigned index)
{
    struct vfio_region_info info = {sizeof info, 0, index};
    must(device, VFIO_DEVICE_GET_REGION_INFO, &info, "GET_REGION_INFO");
    return info.offset;
}

static void put(uint64_t at, const void *value, int bytes)
{
    if (pwrite(device, value, bytes, at) != bytes)
        fail("write at %llx: %s", (unsigned long long)at, strerror(errno));
}

static void put32(unsigned at, uint32_t value)
{
    put(registers + at, &value, sizeof value);
}

static void put64(unsigned at, uint64_t value)
{
    put32(at, value);
    put32(at + 4, value >> 32);
}

static uint32_t get32(unsigned at)
{
    uint32_t value;
    if (pread(device, &value, sizeof value, registers + at) != sizeof value)
        fail("read at %x: %s", at, strerror(errno));
    return value;
}

/* Gives the device to vfio-pci and opens it; returns its container. */
static int open_device(const char *folder)
{
    const char *address = strrchr(folder, '/') + 1;
    char path[256], link[256];
    snprintf(path, sizeof path, "%s/driver_override", folder);
    write_file(path, "vfio-pci");
    write_file("/sys/bus/pci/drivers_probe", address);
    snprintf(path, sizeof path, "%s/iommu_group", folder);
    int length = readlink(path, link, sizeof link - 1);
    if (length < 0)
        fail("the device is behind no IOMMU");
    link[length] = 0;
    snprintf(path, sizeof path, "/dev/vfio%s", strrchr(link, '/'));
    int container = open("/dev/vfio/vfio", O_RDWR);
    int group = open(path, O_RDWR);
    if (container < 0 || group < 0)
        fail("open %s: %s", path, strerror(errno));
    must(group, VFIO_GROUP_SET_CONTAINER, &container, "SET_CONTAINER");
    must(container, VFIO_SET_IOMMU, (void *)(long)VFIO_TYPE1_IOMMU, "SET_IOMMU");
    device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, (void *)address);
    if (device < 0)
        fail("GET_DEVICE_FD: %s", strerror(errno));
    return container;
}

static void interrupts(void)
{
    struct {
        struct vfio_irq_set set;
        int events[VECTORS];
    } request;
    memset(&request, 0, sizeof request);
    request.set.argsz = sizeof request;
    request.set.flags = VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER;
    request.set.index = VFIO_PCI_MSIX_IRQ_INDEX;
    request.set.count = VECTORS;
    struct pollfd waiting[VECTORS];
    for (int i = 0; i < VECTORS; i++) {
        waiting[i].fd = request.events[i] = eventfd(0, 0);
        waiting[i].events = POLLIN;
    }
    must(device, VFIO_DEVICE_SET_IRQS, &request, "SET_IRQS");
    for (int i = 0; i < ROUNDS * VECTORS; i++) {
        int vector = i % VECTORS;
        uint64_t count;
        put32(DOORBELL, vector);
        if (poll(waiting, VECTORS, EVENT_WAIT_MS) != 1 || !(waiting[vector].revents & POLLIN))
            fail("no interrupt of vector %d alone", vector);
        if (read(waiting[vector].fd, &count, sizeof count) != sizeof count || count != 1)
            fail("vector %d came %llu times", vector, (unsigned long long)count);
    }
}

static void copy(unsigned how, uint64_t iova, unsigned bytes)
{
    put64(COPY_IOVA, iova);
    put64(COPY_BYTES, bytes);
    put32(COPY_REPETITIONS, 1);
    put32(COPY_GO, how);
    uint32_t status = get32(COPY_STATUS);
    if (status != 0)
        fail("copy %u: %s", how, strerror(status));
}

static void copies(int container)
{
    unsigned half = BUFFER_BYTES / 2;
    uint8_t *buffer = mmap(NULL, BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (buffer == MAP_FAILED)
        fail("mmap: %s", strerror(errno));
    for (unsigned i = 0; i < half; i++)
        buffer[i] = i * 7 + (i >> 8);
    struct vfio_iommu_type1_dma_map map = {sizeof map, VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
                                           (uint64_t)(long)buffer, BUFFER_IOVA, BUFFER_BYTES};
    must(container, VFIO_IOMMU_MAP_DMA, &map, "MAP_DMA");
    copy(FROM_GUEST, BUFFER_IOVA, half);
    copy(TO_GUEST, BUFFER_IOVA + half, half);
    if (memcmp(buffer, buffer + half, half) != 0)
        fail("the copy differs");
    struct vfio_iommu_type1_dma_unmap unmap = {sizeof unmap, 0, BUFFER_IOVA, BUFFER_BYTES};
    must(container, VFIO_IOMMU_UNMAP_DMA, &unmap, "UNMAP_DMA");
}

int main(int argc, char **argv)
{
    begin("msix-copy", 120);
    int container = open_device(argc > 1 ? argv[1] : "/sys/bus/pci/devices/0000:00:04.0");
    registers = region_offset(VFIO_PCI_BAR0_REGION_INDEX);
    uint16_t command = COMMAND_MEMORY_AND_MASTER;
    put(region_offset(VFIO_PCI_CONFIG_REGION_INDEX) + COMMAND, &command, sizeof command);
    if (get32(ID) != IDENTITY)
        fail("identity %08x", get32(ID));
    interrupts();
    copies(container);
    return pass("%d interrupts of %d vectors, %d bytes copied", ROUNDS * VECTORS, VECTORS, BUFFER_BYTES);
}
