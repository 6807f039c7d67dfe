package dev.nacre.corejava.gsp;

import dev.nacre.core.GspLog;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.corejava.firmware.Bootloader;
import dev.nacre.corejava.firmware.GspFirmware;
import dev.nacre.hw.gsp.BootLayout;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.QueueLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The host's memory that the GSP is started with and works with: queues, arguments, logs, and, until it runs, its image.
 * All of it goes with the {@link DmaMemory} it was made from. One thread.
 */
public final class StartMemory {
    private static final int PAGE = QueueLayout.PAGE_BYTES;
    private static final int LOG_BYTES = 64 << 10;
    private static final List<String> LOGS = List.of("LOGINIT", "LOGINTR", "LOGRM");
    private static final String LOG_PREFIX = "LOG";
    private static final String RM_ARGUMENTS = "RMARGS";

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GspAbi abi;
    private final DmaMemory dma;
    private final DmaMemory.Buffer shared;
    private final MessageQueues queues;
    private final List<DmaMemory.Buffer> logs = new ArrayList<>();
    private final DmaMemory.Buffer rmArguments;
    private final DmaMemory.Buffer libos;
    private final DmaMemory.Buffer wprMeta;
    private final List<Runnable> untilStarted = new ArrayList<>();
    private @Nullable PageLists saved;
    private DmaMemory.@Nullable Buffer srMeta;

    /** Makes all but the description of the firmware's memory. */
    public StartMemory(DmaMemory dma, GspAbi abi) {
        this.abi = abi;
        this.dma = dma;
        this.shared = dma.allocate(MessageQueues.BYTES);
        this.queues = new MessageQueues(shared.segment(), shared.iova());
        this.rmArguments = dma.allocate(PAGE);
        this.libos = dma.allocate(PAGE);
        this.wprMeta = dma.allocate(BootLayout.WPR_META_BYTES);
        putRmArguments();
        putLibosArguments();
    }

    /** The queues. */
    public MessageQueues queues() {
        return queues;
    }

    /** Address of the libos arguments. */
    public long libosArguments() {
        return libos.iova();
    }

    /** Address of GspFwWprMeta. */
    public long wprMeta() {
        return wprMeta.iova();
    }

    /** Describes the firmware and where it goes, for a booter that is told everything. */
    public void describe(GspFirmware firmware, FbLayout fb) {
        describeImages(firmware);
        MemorySegment meta = wprMeta.segment();
        meta.set(LONG, BootLayout.GSP_FW_RSVD_START, fb.nonWprHeap());
        meta.set(LONG, BootLayout.NON_WPR_HEAP_OFFSET, fb.nonWprHeap());
        meta.set(LONG, BootLayout.NON_WPR_HEAP_SIZE, fb.nonWprHeapBytes());
        meta.set(LONG, BootLayout.GSP_FW_WPR_START, fb.wprStart());
        meta.set(LONG, BootLayout.GSP_FW_HEAP_OFFSET, fb.heap());
        meta.set(LONG, BootLayout.GSP_FW_HEAP_SIZE, fb.heapBytes());
        meta.set(LONG, BootLayout.GSP_FW_OFFSET, fb.image());
        meta.set(LONG, BootLayout.BOOT_BIN_OFFSET, fb.bootloader());
        meta.set(LONG, BootLayout.FRTS_OFFSET, fb.frts());
        meta.set(LONG, BootLayout.FRTS_SIZE, FbLayout.FRTS_BYTES);
        meta.set(LONG, BootLayout.GSP_FW_WPR_END, fb.wprEnd());
        meta.set(LONG, BootLayout.FB_SIZE, fb.fbBytes());
        meta.set(LONG, BootLayout.VGA_WORKSPACE_OFFSET, fb.vgaWorkspace());
        meta.set(LONG, BootLayout.VGA_WORKSPACE_SIZE, fb.fbBytes() - fb.vgaWorkspace());
        meta.set(ValueLayout.JAVA_BYTE, BootLayout.GSP_FW_HEAP_VF_PARTITION_COUNT, (byte) fb.vfPartitions());
    }

    /**
     * What firmware that divides the GPU's memory itself is told, in bytes.
     *
     * @param nonWprHeap size of its heap outside the protected region
     * @param heap size of its protected heap
     * @param frts size of FRTS
     * @param vgaWorkspace what VGA keeps
     * @param pmuReserved what power management keeps
     * @param vfPartitions virtual functions that have a part of the heap
     */
    public record Shares(long nonWprHeap, long heap, long frts, long vgaWorkspace, int pmuReserved, int vfPartitions) {}

    /** Describes the firmware, for one that divides the GPU's memory itself. */
    public void describe(GspFirmware firmware, Shares shares) {
        describeImages(firmware);
        MemorySegment meta = wprMeta.segment();
        meta.set(LONG, BootLayout.NON_WPR_HEAP_SIZE, shares.nonWprHeap());
        meta.set(LONG, BootLayout.GSP_FW_HEAP_SIZE, shares.heap());
        meta.set(LONG, BootLayout.FRTS_SIZE, shares.frts());
        meta.set(LONG, BootLayout.VGA_WORKSPACE_SIZE, shares.vgaWorkspace());
        meta.set(INT, BootLayout.PMU_RESERVED_SIZE, shares.pmuReserved());
        meta.set(ValueLayout.JAVA_BYTE, BootLayout.GSP_FW_HEAP_VF_PARTITION_COUNT, (byte) shares.vfPartitions());
    }

    private void describeImages(GspFirmware firmware) {
        PageLists image = PageLists.of(dma, firmware.image());
        untilStarted.add(image::close);
        DmaMemory.Buffer signature = place(firmware.signature().copy());
        Bootloader bootloader = firmware.bootloader();
        DmaMemory.Buffer loader = place(bootloader.image().copy());
        MemorySegment meta = wprMeta.segment();
        meta.set(LONG, 0, BootLayout.WPR_META_MAGIC);
        meta.set(LONG, BootLayout.WPR_REVISION, BootLayout.WPR_META_REVISION);
        meta.set(LONG, BootLayout.SYSMEM_ADDR_OF_RADIX3_ELF, image.iova());
        meta.set(LONG, BootLayout.SIZE_OF_RADIX3_ELF, firmware.image().size());
        meta.set(LONG, BootLayout.SYSMEM_ADDR_OF_BOOTLOADER, loader.iova());
        meta.set(LONG, BootLayout.SIZE_OF_BOOTLOADER, bootloader.image().size());
        meta.set(LONG, BootLayout.BOOTLOADER_CODE_OFFSET, bootloader.codeOffset());
        meta.set(LONG, BootLayout.BOOTLOADER_DATA_OFFSET, bootloader.dataOffset());
        meta.set(LONG, BootLayout.BOOTLOADER_MANIFEST_OFFSET, bootloader.manifestOffset());
        meta.set(LONG, BootLayout.SYSMEM_ADDR_OF_SIGNATURE, signature.iova());
        meta.set(LONG, BootLayout.SIZE_OF_SIGNATURE, firmware.signature().size());
    }

    /** Memory with a content, until the GSP runs. */
    private DmaMemory.Buffer place(byte[] content) {
        DmaMemory.Buffer buffer = dma.allocate(Math.max(1, content.length));
        MemorySegment.copy(MemorySegment.ofArray(content), 0, buffer.segment(), 0, content.length);
        untilStarted.add(buffer::close);
        return buffer;
    }

    /** Gives back what only the start needs. */
    public void started() {
        untilStarted.forEach(Runnable::run);
        untilStarted.clear();
    }

    /**
     * Makes the memory that takes the protected region during a suspend.
     *
     * @param bytes the region's size
     * @return address of GspFwSRMeta
     */
    public long makeSuspendMemory(long bytes) {
        PageLists lists = PageLists.allocate(dma, bytes);
        saved = lists;
        DmaMemory.Buffer meta = dma.allocate(BootLayout.SR_META_BYTES);
        srMeta = meta;
        meta.segment().set(LONG, 0, BootLayout.SR_META_MAGIC);
        meta.segment().set(LONG, BootLayout.WPR_REVISION, BootLayout.SR_META_REVISION);
        meta.segment().set(LONG, BootLayout.SYSMEM_ADDR_OF_SUSPEND_RESUME_DATA, lists.iova());
        meta.segment().set(LONG, BootLayout.SIZE_OF_SUSPEND_RESUME_DATA, bytes);
        return meta.iova();
    }

    /** Gives that memory back. */
    public void freeSuspendMemory() {
        if (saved != null) {
            saved.close();
            saved = null;
        }
        if (srMeta != null) {
            srMeta.close();
            srMeta = null;
        }
    }

    /** Tells RM by its arguments whether it comes back from a suspend. */
    public void markTransition(boolean resuming) {
        int flag = abi.inPmTransitionOffset();
        MemorySegment arguments = rmArguments.segment();
        // HW: GSP_SR_INIT_ARGUMENTS {oldLevel, flags, bInPMTransition}
        arguments.set(INT, flag - 2L * Integer.BYTES, resuming ? BootLayout.POWER_LEVEL_3 : 0);
        arguments.set(INT, flag - (long) Integer.BYTES, 0);
        arguments.set(ValueLayout.JAVA_BYTE, flag, (byte) (resuming ? 1 : 0));
    }

    /** The GSP's logs as they are now. */
    public List<GspLog> logs() {
        List<GspLog> all = new ArrayList<>();
        for (int i = 0; i < LOGS.size(); i++) {
            String name = LOGS.get(i).substring(LOG_PREFIX.length()).toLowerCase(Locale.ROOT);
            all.add(new GspLog(name, logs.get(i).segment().toArray(ValueLayout.JAVA_BYTE)));
        }
        return all;
    }

    private void putRmArguments() {
        MemorySegment arguments = rmArguments.segment();
        arguments.set(LONG, BootLayout.SHARED_MEM_PHYS_ADDR, shared.iova());
        arguments.set(INT, BootLayout.PAGE_TABLE_ENTRY_COUNT, MessageQueues.BYTES / PAGE);
        arguments.set(LONG, BootLayout.CMD_QUEUE_OFFSET, MessageQueues.COMMAND_QUEUE);
        arguments.set(LONG, BootLayout.STAT_QUEUE_OFFSET, MessageQueues.STATUS_QUEUE);
        if (abi.dmemStackOffset() >= 0) {
            arguments.set(ValueLayout.JAVA_BYTE, abi.dmemStackOffset(), (byte) 1);
        }
    }

    private void putLibosArguments() {
        long at = 0;
        for (String name : LOGS) {
            at = putLibosArgument(at, name, makeLog());
        }
        putLibosArgument(at, RM_ARGUMENTS, rmArguments);
    }

    /** A log: how far it was written, then the list of its pages. */
    private DmaMemory.Buffer makeLog() {
        DmaMemory.Buffer log = dma.allocate(LOG_BYTES);
        for (int page = 0; page < LOG_BYTES / PAGE; page++) {
            log.segment().set(LONG, (1L + page) * Long.BYTES, log.iova() + (long) page * PAGE);
        }
        logs.add(log);
        return log;
    }

    private long putLibosArgument(long at, String name, DmaMemory.Buffer memory) {
        long id = 0;
        for (byte letter : name.getBytes(StandardCharsets.US_ASCII)) {
            id = id << Byte.SIZE | letter;
        }
        MemorySegment table = libos.segment();
        table.set(LONG, at, id);
        table.set(LONG, at + BootLayout.LIBOS_ADDRESS, memory.iova());
        table.set(LONG, at + BootLayout.LIBOS_SIZE, memory.bytes());
        table.set(ValueLayout.JAVA_BYTE, at + BootLayout.LIBOS_KIND, (byte) BootLayout.LIBOS_KIND_CONTIGUOUS);
        table.set(ValueLayout.JAVA_BYTE, at + BootLayout.LIBOS_LOCATION, (byte) BootLayout.LIBOS_LOCATION_SYSMEM);
        return at + BootLayout.LIBOS_ARGUMENT_BYTES;
    }
}
