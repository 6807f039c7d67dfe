package dev.nacre.board.gsp;

import dev.nacre.board.fb.Vram;
import dev.nacre.board.rm.FirmwareMemory;
import dev.nacre.board.rm.WireStruct;
import dev.nacre.board.state.StateException;
import dev.nacre.board.state.StateReader;
import dev.nacre.board.state.StateWriter;
import dev.nacre.hw.gsp.BootLayout;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * What a driver hands over at a start, checked.
 *
 * @param firmwareMemory how VRAM is divided
 * @param rmArguments bus address of RM's arguments, which stay valid; the table that names them does not
 * @param shared the shared memory
 * @param geometry the queues in it
 */
record BootArguments(FirmwareMemory firmwareMemory, long rmArguments, SharedMemory shared, Geometry geometry) {
    /** The driver's part of VRAM at the least. */
    private static final long MIN_USABLE_BYTES = 64L << 20;

    /**
     * Where the queues are.
     *
     * @param commandBase offset of the command queue
     * @param commandCount its elements
     * @param statusBase offset of the status queue
     * @param statusCount its elements
     */
    record Geometry(int commandBase, int commandCount, int statusBase, int statusCount) {
        /** Whether both queues lie inside so many pages. */
        boolean fits(int pages) {
            return fits(commandBase, commandCount, pages) && fits(statusBase, statusCount, pages);
        }

        private static boolean fits(int base, int count, int pages) {
            return pages <= SharedMemory.MAX_PAGES
                    && base >= 0
                    && base % QueueLayout.PAGE_BYTES == 0
                    && count > QueueLayout.MAX_RECORD_ELEMENTS
                    && base / QueueLayout.PAGE_BYTES + 1L + count <= pages;
        }
    }

    /**
     * Reads how a driver has divided VRAM.
     *
     * @throws BootRefusedException if that is impossible
     * @throws dev.nacre.pci.DmaFault if the description is not there
     */
    static FirmwareMemory division(GuestMemory memory, Vram vram, long wprMeta) {
        WireStruct meta = read(memory, wprMeta, BootLayout.WPR_META_BYTES);
        if (meta.get64(0) != BootLayout.WPR_META_MAGIC
                || meta.get64(BootLayout.WPR_REVISION) != BootLayout.WPR_META_REVISION) {
            throw new BootRefusedException("WPR metadata are not recognised: magic=0x" + Long.toHexString(meta.get64(0))
                    + " revision=" + meta.get64(BootLayout.WPR_REVISION));
        }
        return new FirmwareMemory(
                vram.sizeBytes(),
                meta.get64(BootLayout.NON_WPR_HEAP_OFFSET),
                meta.get64(BootLayout.FRTS_OFFSET),
                meta.get8(BootLayout.GSP_FW_HEAP_VF_PARTITION_COUNT));
    }

    /**
     * Reads everything.
     *
     * @throws BootRefusedException if something is impossible
     * @throws dev.nacre.pci.DmaFault if something is not there
     */
    static BootArguments read(GuestMemory memory, Vram vram, FirmwareMemory firmwareMemory, long libosArguments) {
        check(firmwareMemory, vram);
        long rmArguments = rmArguments(memory, libosArguments);
        WireStruct arguments = read(memory, rmArguments, BootLayout.RM_ARGUMENTS_BYTES);
        SharedMemory shared = sharedMemory(memory, arguments);
        return new BootArguments(firmwareMemory, rmArguments, shared, geometry(arguments, shared));
    }

    /**
     * Checks that a driver wants what it has suspended to go on.
     *
     * @param srMeta bus address of GspFwSRMeta
     * @throws BootRefusedException if it does not
     * @throws dev.nacre.pci.DmaFault if something is not there
     */
    void requireResume(GuestMemory memory, long srMeta, GspAbi abi) {
        long magic = read(memory, srMeta, Long.BYTES).get64(0);
        if (magic != BootLayout.SR_META_MAGIC) {
            throw new BootRefusedException("Resume metadata are not recognised: magic=0x" + Long.toHexString(magic));
        }
        if (read(memory, rmArguments + abi.inPmTransitionOffset(), 1).get8(0) == 0) {
            throw new BootRefusedException("RM's arguments do not ask for a resume");
        }
    }

    /** Reads a part of guest memory. */
    static WireStruct read(GuestMemory memory, long address, int length) {
        byte[] bytes = new byte[length];
        memory.read(address, MemorySegment.ofArray(bytes), 0, length);
        return WireStruct.over(bytes);
    }

    private static void check(FirmwareMemory division, Vram vram) {
        long heap = division.nonWprHeap();
        if (division.fbBytes() != vram.sizeBytes()
                || heap % QueueLayout.PAGE_BYTES != 0
                || heap < MIN_USABLE_BYTES + FirmwareMemory.RM_RESERVE_BYTES
                || heap >= vram.sizeBytes()) {
            throw new BootRefusedException("Firmware's part of memory is impossible: start=0x" + Long.toHexString(heap)
                    + " memory=0x" + Long.toHexString(vram.sizeBytes()));
        }
    }

    private static long rmArguments(GuestMemory memory, long table) {
        for (int i = 0; i < BootLayout.LIBOS_ARGUMENTS_MAX; i++) {
            WireStruct entry =
                    read(memory, table + (long) i * BootLayout.LIBOS_ARGUMENT_BYTES, BootLayout.LIBOS_ARGUMENT_BYTES);
            if (entry.get64(0) == 0) {
                break;
            }
            if (entry.get64(0) == BootLayout.LIBOS_RMARGS) {
                if (entry.get8(BootLayout.LIBOS_LOCATION) != BootLayout.LIBOS_LOCATION_SYSMEM
                        || entry.get64(BootLayout.LIBOS_SIZE) < BootLayout.RM_ARGUMENTS_BYTES) {
                    throw new BootRefusedException("RM's arguments are not in system memory or too small: location="
                            + entry.get8(BootLayout.LIBOS_LOCATION) + " size=" + entry.get64(BootLayout.LIBOS_SIZE));
                }
                return entry.get64(BootLayout.LIBOS_ADDRESS);
            }
        }
        throw new BootRefusedException("Libos arguments name no RMARGS");
    }

    /** Reads the list of shared pages that RM's arguments name. */
    static SharedMemory sharedMemory(GuestMemory memory, WireStruct arguments) {
        return SharedMemory.read(
                memory,
                arguments.get64(BootLayout.SHARED_MEM_PHYS_ADDR),
                arguments.get32(BootLayout.PAGE_TABLE_ENTRY_COUNT));
    }

    private static Geometry geometry(WireStruct arguments, SharedMemory shared) {
        long command = arguments.get64(BootLayout.CMD_QUEUE_OFFSET);
        long status = arguments.get64(BootLayout.STAT_QUEUE_OFFSET);
        int size = shared.sizeBytes();
        if (command < 0
                || status <= command
                || status >= size
                || command % QueueLayout.PAGE_BYTES != 0
                || status % QueueLayout.PAGE_BYTES != 0) {
            throw new BootRefusedException("Queues lie impossibly: command=0x" + Long.toHexString(command)
                    + " status=0x" + Long.toHexString(status) + " shared=0x" + Integer.toHexString(size));
        }
        int commandElements = elements((int) (status - command));
        int statusElements = elements((int) (size - status));
        checkHeader(shared, (int) command, commandElements);
        return new Geometry((int) command, commandElements, (int) status, statusElements);
    }

    private static int elements(int queueBytes) {
        int elements = queueBytes / QueueLayout.PAGE_BYTES - 1;
        if (elements <= QueueLayout.MAX_RECORD_ELEMENTS) {
            throw new BootRefusedException("Queue is too small for the longest record: elements=" + elements);
        }
        return elements;
    }

    private static void checkHeader(SharedMemory shared, int base, int elements) {
        int messageBytes = shared.read32(base + QueueLayout.MSG_SIZE);
        int messages = shared.read32(base + QueueLayout.MSG_COUNT);
        int entryOffset = shared.read32(base + QueueLayout.ENTRY_OFF);
        int flags = shared.read32(base + QueueLayout.FLAGS);
        if (messageBytes != QueueLayout.PAGE_BYTES
                || messages != elements
                || entryOffset != QueueLayout.PAGE_BYTES
                || (flags & QueueLayout.FLAG_SWAP_RX) == 0) {
            throw new BootRefusedException("Command queue's header is impossible: msgSize=" + messageBytes
                    + " msgCount=" + messages + " entryOff=" + entryOffset + " flags=" + flags + " elements="
                    + elements);
        }
    }

    /** Puts what {@link #restore} takes, but for the queues, which put their places themselves. */
    void save(StateWriter out) {
        out.put("nonWprHeap", firmwareMemory.nonWprHeap());
        out.put("frts", firmwareMemory.frts());
        out.put("vfPartitions", firmwareMemory.vfPartitions());
        out.put("rmArguments", rmArguments);
        long[] pages = shared.pages();
        ByteBuffer bytes = ByteBuffer.allocate(pages.length * Long.BYTES);
        bytes.asLongBuffer().put(pages);
        out.put("pages", bytes.array());
    }

    /**
     * Takes what was saved.
     *
     * @throws StateException if it is impossible
     */
    static BootArguments restore(StateReader in, GuestMemory memory, Vram vram) {
        LongBuffer list = ByteBuffer.wrap(in.bytes("pages")).asLongBuffer();
        long[] pages = new long[list.remaining()];
        list.get(pages);
        StateReader command = in.group("commands");
        StateReader answer = in.group("status");
        Geometry geometry = new Geometry(
                command.intValue("base"), command.intValue("count"), answer.intValue("base"), answer.intValue("count"));
        FirmwareMemory division = new FirmwareMemory(
                vram.sizeBytes(),
                in.longValue("nonWprHeap"),
                in.has("frts") ? in.longValue("frts") : 0,
                in.has("vfPartitions") ? in.intValue("vfPartitions") : 0);
        if (!geometry.fits(pages.length) || !vram.contains(division.usableEnd(), FirmwareMemory.RM_RESERVE_BYTES)) {
            throw new StateException("Saved queues or memory are impossible: pages=" + pages.length + " queues="
                    + geometry + " memory=" + division);
        }
        return new BootArguments(division, in.longValue("rmArguments"), SharedMemory.of(memory, pages), geometry);
    }
}
