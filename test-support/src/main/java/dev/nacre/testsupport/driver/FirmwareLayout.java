package dev.nacre.testsupport.driver;

import dev.nacre.hw.gsp.BootLayout;
import java.nio.charset.StandardCharsets;

/**
 * What the driver lays out for the GSP firmware in system memory: the image behind three levels of page lists, the
 * description of the protected region, libos's and RM's arguments, logs, and the message queues. The image is noise: the
 * board never runs it.
 */
final class FirmwareLayout {
    private static final int PAGE = 4096;
    private static final int IMAGE_BYTES = 64 << 10;
    private static final int BOOTLOADER_BYTES = PAGE;
    private static final int SIGNATURE_BYTES = PAGE;
    private static final int LOG_BYTES = 64 << 10;

    // HW: open-gpu-kernel-modules gsp_fw_wpr_meta.h; those that the firmware reads are in BootLayout.
    private static final int WPR_RADIX3 = 0x10;
    private static final int WPR_IMAGE_BYTES = 0x18;
    private static final int WPR_BOOTLOADER = 0x20;
    private static final int WPR_BOOTLOADER_BYTES = 0x28;
    private static final int WPR_SIGNATURE = 0x48;
    private static final int WPR_SIGNATURE_BYTES = 0x50;
    private static final int WPR_RESERVED_START = 0x58;
    private static final int WPR_HEAP = 0x78;
    private static final int WPR_HEAP_BYTES = 0x80;
    private static final int WPR_IMAGE = 0x88;
    private static final int WPR_BOOT_BINARY = 0x90;
    private static final int WPR_FRTS_BYTES = 0xa0;
    private static final int WPR_VGA = 0xb8;
    private static final int WPR_VGA_BYTES = 0xc0;

    // HW: gsp_init_args.h of release 570.
    private static final int RM_ARGUMENTS_DMEM_STACK = 0x30;

    // HW: libos_init_args.h: kind 1 = contiguous.
    private static final int LIBOS_KIND = 0x18;
    private static final int LIBOS_KIND_CONTIGUOUS = 1;

    private final FbLayout fb;
    private final DmaBuffer wprMeta;
    private final DmaBuffer libos;
    private final MessageQueues queues;

    FirmwareLayout(SystemMemory memory, Device device, long fbBytes) {
        this.fb = FbLayout.of(fbBytes, BOOTLOADER_BYTES, IMAGE_BYTES);
        this.queues = new MessageQueues(memory, device.check);
        this.wprMeta = wprMeta(memory, device);
        this.libos = libos(memory);
    }

    FbLayout fb() {
        return fb;
    }

    MessageQueues queues() {
        return queues;
    }

    /** Address of the description of the protected region. */
    long wprMetaAddress() {
        return wprMeta.iova(0);
    }

    /** Address of the libos arguments. */
    long libosAddress() {
        return libos.iova(0);
    }

    private DmaBuffer wprMeta(SystemMemory memory, Device device) {
        DmaBuffer bootloader = memory.allocateContiguous(BOOTLOADER_BYTES);
        bootloader.putBytes(0, device.noise(BOOTLOADER_BYTES));
        DmaBuffer signature = memory.allocateContiguous(SIGNATURE_BYTES);
        DmaBuffer meta = memory.allocateContiguous(BootLayout.WPR_META_BYTES);
        meta.putLong(0, BootLayout.WPR_META_MAGIC);
        meta.putLong(BootLayout.WPR_REVISION, BootLayout.WPR_META_REVISION);
        meta.putLong(WPR_RADIX3, radix3(memory, device));
        meta.putLong(WPR_IMAGE_BYTES, IMAGE_BYTES);
        meta.putLong(WPR_BOOTLOADER, bootloader.iova(0));
        meta.putLong(WPR_BOOTLOADER_BYTES, BOOTLOADER_BYTES);
        meta.putLong(WPR_SIGNATURE, signature.iova(0));
        meta.putLong(WPR_SIGNATURE_BYTES, SIGNATURE_BYTES);
        meta.putLong(WPR_RESERVED_START, fb.nonWprHeap());
        meta.putLong(BootLayout.NON_WPR_HEAP_OFFSET, fb.nonWprHeap());
        meta.putLong(BootLayout.NON_WPR_HEAP_SIZE, FbLayout.NON_WPR_HEAP_BYTES);
        meta.putLong(BootLayout.GSP_FW_WPR_START, fb.wprStart());
        meta.putLong(WPR_HEAP, fb.heap());
        meta.putLong(WPR_HEAP_BYTES, fb.heapBytes());
        meta.putLong(WPR_IMAGE, fb.image());
        meta.putLong(WPR_BOOT_BINARY, fb.bootloader());
        meta.putLong(BootLayout.FRTS_OFFSET, fb.frts());
        meta.putLong(WPR_FRTS_BYTES, FbLayout.FRTS_BYTES);
        meta.putLong(BootLayout.GSP_FW_WPR_END, fb.wprEnd());
        meta.putLong(BootLayout.FB_SIZE, fb.sizeBytes());
        meta.putLong(WPR_VGA, fb.vgaWorkspace());
        meta.putLong(WPR_VGA_BYTES, fb.sizeBytes() - fb.vgaWorkspace());
        return meta;
    }

    /** Three levels of page lists over the image; one page each for the upper two. */
    private static long radix3(SystemMemory memory, Device device) {
        DmaBuffer image = memory.allocate(IMAGE_BYTES);
        image.putBytes(0, device.noise(IMAGE_BYTES));
        DmaBuffer level2 = memory.allocate(PAGE);
        for (int i = 0; i < IMAGE_BYTES / PAGE; i++) {
            level2.putLong(8L * i, image.iova((long) i * PAGE));
        }
        DmaBuffer level1 = memory.allocate(PAGE);
        level1.putLong(0, level2.iova(0));
        DmaBuffer level0 = memory.allocate(PAGE);
        level0.putLong(0, level1.iova(0));
        return level0.iova(0);
    }

    private DmaBuffer libos(SystemMemory memory) {
        DmaBuffer table = memory.allocateContiguous(PAGE);
        int at = 0;
        for (String log : new String[] {"LOGINIT", "LOGINTR", "LOGRM"}) {
            at = argument(table, at, log, log(memory), LOG_BYTES);
        }
        argument(table, at, "RMARGS", rmArguments(memory), PAGE);
        return table;
    }

    /** A log: a put pointer, then the list of its pages. */
    private static long log(SystemMemory memory) {
        DmaBuffer log = memory.allocateContiguous(LOG_BYTES);
        for (int i = 0; i < LOG_BYTES / PAGE; i++) {
            log.putLong(8L * (1 + i), log.iova((long) i * PAGE));
        }
        return log.iova(0);
    }

    private long rmArguments(SystemMemory memory) {
        DmaBuffer arguments = memory.allocateContiguous(PAGE);
        arguments.putLong(BootLayout.SHARED_MEM_PHYS_ADDR, queues.address());
        arguments.putInt(BootLayout.PAGE_TABLE_ENTRY_COUNT, queues.pageCount());
        arguments.putLong(BootLayout.CMD_QUEUE_OFFSET, queues.commandQueueOffset());
        arguments.putLong(BootLayout.STAT_QUEUE_OFFSET, queues.statusQueueOffset());
        arguments.putInt(RM_ARGUMENTS_DMEM_STACK, 1);
        return arguments.iova(0);
    }

    private static int argument(DmaBuffer table, int at, String name, long address, long sizeBytes) {
        long id = 0;
        for (byte letter : name.getBytes(StandardCharsets.US_ASCII)) {
            id = (id << 8) | letter;
        }
        table.putLong(at, id);
        table.putLong(at + BootLayout.LIBOS_ADDRESS, address);
        table.putLong(at + BootLayout.LIBOS_SIZE, sizeBytes);
        table.putInt(at + LIBOS_KIND, (BootLayout.LIBOS_LOCATION_SYSMEM << 8) | LIBOS_KIND_CONTIGUOUS);
        return at + BootLayout.LIBOS_ARGUMENT_BYTES;
    }
}
