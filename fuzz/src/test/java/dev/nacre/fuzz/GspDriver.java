package dev.nacre.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.nacre.board.Board;
import dev.nacre.hw.gsp.BootLayout;
import dev.nacre.hw.gsp.Checksum;
import dev.nacre.hw.gsp.GspAbi;
import dev.nacre.hw.gsp.GspVersion;
import dev.nacre.hw.gsp.QueueLayout;
import dev.nacre.hw.gsp.RpcLayout.Registry;
import dev.nacre.hw.regs.Pfalcon;
import dev.nacre.hw.regs.Pgsp;
import dev.nacre.hw.regs.Psec;
import dev.nacre.hw.rm.RpcFunction;
import dev.nacre.pci.PciFunction;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The driver's side of the GSP's queues, with as little as a start needs: what a driver reads of the board before, and
 * FWSEC, are left out. All of its memory is one piece that begins at bus address 0.
 */
final class GspDriver {
    static final int MEMORY_BYTES = 1 << 20;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private static final int META = 0x1000;
    private static final int LIBOS = 0x2000;
    private static final int ARGUMENTS = 0x3000;
    private static final int SHARED = 0x1_0000;
    private static final int PAGE = QueueLayout.PAGE_BYTES;
    private static final int QUEUE_BYTES = 0x4_0000;
    private static final int ELEMENTS = QUEUE_BYTES / PAGE - 1;
    private static final int COMMANDS = SHARED + PAGE;
    private static final int STATUS = COMMANDS + QUEUE_BYTES;
    private static final int PAGES = 1 + 2 * QUEUE_BYTES / PAGE;

    // How a driver divides memory, from its end.
    private static final long HEAP_FROM_END = 128L << 20;
    private static final long WPR_START_FROM_END = 112L << 20;
    private static final long WPR_END_FROM_END = 16L << 20;

    private static final byte[] NO_SETTINGS = {8, 0, 0, 0, 0, 0, 0, 0};

    // TIMEOUT: the firmware does all that one input asks for in milliseconds.
    private static final long PATIENCE_NS = 60_000_000_000L;

    private final Board board;
    private final MemorySegment memory;
    private final MemorySegment scalar = MemorySegment.ofArray(new byte[Integer.BYTES]);
    private int commandSequence;
    private int statusSequence;
    private int rpcSequence;

    /**
     * A driver of a board that has been reset.
     *
     * @param memory {@link #MEMORY_BYTES}, all zeros
     */
    GspDriver(Board board, MemorySegment memory) {
        this.board = board;
        this.memory = memory;
    }

    /** Puts the first two commands, and has the booter start the firmware. */
    void boot(GspVersion version) {
        boot(new byte[version.systemInfoBytes()], NO_SETTINGS);
    }

    /** As {@link #boot(GspVersion)}, as one that shares the board between so many virtual functions. */
    void bootShared(GspVersion version, int vfs) {
        memory.set(ValueLayout.JAVA_BYTE, META + BootLayout.GSP_FW_HEAP_VF_PARTITION_COUNT, (byte) vfs);
        byte[] info = new byte[version.systemInfoBytes()];
        MemorySegment.ofArray(info).set(INT, GspAbi.of(version).systemInfo().vfInfo() + GspAbi.VfInfo.TOTAL_VFS, vfs);
        byte[] name = "RMSetSriovMode\0".getBytes(StandardCharsets.US_ASCII);
        byte[] settings = new byte[Registry.ENTRIES + Registry.ENTRY_BYTES + name.length];
        MemorySegment table = MemorySegment.ofArray(settings);
        table.set(INT, Registry.SIZE, settings.length);
        table.set(INT, Registry.NUM_ENTRIES, 1);
        table.set(INT, Registry.ENTRIES + Registry.NAME_OFFSET, Registry.ENTRIES + Registry.ENTRY_BYTES);
        table.set(ValueLayout.JAVA_BYTE, Registry.ENTRIES + Registry.TYPE, (byte) Registry.TYPE_DWORD);
        table.set(INT, Registry.ENTRIES + Registry.DATA, 1);
        table.set(INT, Registry.ENTRIES + Registry.LENGTH, Integer.BYTES);
        System.arraycopy(name, 0, settings, Registry.ENTRIES + Registry.ENTRY_BYTES, name.length);
        boot(info, settings);
    }

    private void boot(byte[] systemInfo, byte[] registry) {
        // Memory decoding and bus mastering.
        put(PciFunction.CONFIG_REGION, 4, 6, 2);
        layOut();
        send(RpcFunction.GSP_SET_SYSTEM_INFO.number(), systemInfo);
        send(RpcFunction.SET_REGISTRY.number(), registry);
        mailboxes(Pgsp.BASE, LIBOS);
        mailboxes(Psec.BASE, META);
        // Anything at all for code: the booter's is not executed.
        put(0, Pfalcon.FALCON_IMEMD.at(0).offset() + Psec.BASE, 1, 4);
        put(0, Pfalcon.FALCON_CPUCTL.at(Psec.BASE).offset(), Pfalcon.FALCON_CPUCTL_STARTCPU.mask(), 4);
        rest();
    }

    private void layOut() {
        memory.set(LONG, META, BootLayout.WPR_META_MAGIC);
        memory.set(LONG, META + BootLayout.WPR_REVISION, BootLayout.WPR_META_REVISION);
        long end = board.config().fbBytes();
        memory.set(LONG, META + BootLayout.NON_WPR_HEAP_OFFSET, end - HEAP_FROM_END);
        memory.set(LONG, META + BootLayout.GSP_FW_WPR_START, end - WPR_START_FROM_END);
        memory.set(LONG, META + BootLayout.GSP_FW_WPR_END, end - WPR_END_FROM_END);
        memory.set(LONG, LIBOS, BootLayout.LIBOS_RMARGS);
        memory.set(LONG, LIBOS + BootLayout.LIBOS_ADDRESS, ARGUMENTS);
        memory.set(LONG, LIBOS + BootLayout.LIBOS_SIZE, PAGE);
        memory.set(ValueLayout.JAVA_BYTE, LIBOS + BootLayout.LIBOS_LOCATION, (byte) BootLayout.LIBOS_LOCATION_SYSMEM);
        memory.set(LONG, ARGUMENTS + BootLayout.SHARED_MEM_PHYS_ADDR, SHARED);
        memory.set(INT, ARGUMENTS + BootLayout.PAGE_TABLE_ENTRY_COUNT, PAGES);
        memory.set(LONG, ARGUMENTS + BootLayout.CMD_QUEUE_OFFSET, COMMANDS - SHARED);
        memory.set(LONG, ARGUMENTS + BootLayout.STAT_QUEUE_OFFSET, STATUS - SHARED);
        for (int i = 0; i < PAGES; i++) {
            memory.set(LONG, SHARED + 8L * i, SHARED + (long) i * PAGE);
        }
        memory.set(INT, COMMANDS + QueueLayout.SIZE, QUEUE_BYTES);
        memory.set(INT, COMMANDS + QueueLayout.MSG_SIZE, PAGE);
        memory.set(INT, COMMANDS + QueueLayout.MSG_COUNT, ELEMENTS);
        memory.set(INT, COMMANDS + QueueLayout.FLAGS, QueueLayout.FLAG_SWAP_RX);
        memory.set(INT, COMMANDS + QueueLayout.RX_HDR_OFF, QueueLayout.READ_PTR);
        memory.set(INT, COMMANDS + QueueLayout.ENTRY_OFF, PAGE);
    }

    /** Puts a sound record, without ringing, and gives its RPC sequence. */
    int send(int function, byte[] payload) {
        return put(record(function, payload));
    }

    /**
     * A sound record as it lies in memory, which may be spoiled before it is put.
     *
     * @param payload cut to what one record takes
     */
    byte[] record(int function, byte[] payload) {
        int length = Math.min(QueueLayout.RPC_HEADER_BYTES + payload.length, QueueLayout.MAX_RPC_BYTES);
        int count = QueueLayout.elements(length);
        byte[] bytes = new byte[count * PAGE];
        MemorySegment record = MemorySegment.ofArray(bytes);
        int rpc = QueueLayout.RECORD_HEADER_BYTES;
        record.set(INT, QueueLayout.SEQUENCE, commandSequence);
        record.set(INT, QueueLayout.ELEM_COUNT, count);
        record.set(INT, rpc + QueueLayout.RPC_VERSION, QueueLayout.RPC_HEADER_VERSION);
        record.set(INT, rpc + QueueLayout.RPC_SIGNATURE, QueueLayout.RPC_SIGNATURE_VALID);
        record.set(INT, rpc + QueueLayout.RPC_LENGTH, length);
        record.set(INT, rpc + QueueLayout.RPC_FUNCTION, function);
        record.set(INT, rpc + QueueLayout.RPC_SEQUENCE, rpcSequence);
        System.arraycopy(payload, 0, bytes, rpc + QueueLayout.RPC_HEADER_BYTES, length - QueueLayout.RPC_HEADER_BYTES);
        record.set(INT, QueueLayout.CHECKSUM, checksum(record, rpc + length));
        return bytes;
    }

    /** Puts a record, without ringing, and gives its RPC sequence. */
    int put(byte[] record) {
        int write = memory.get(INT, COMMANDS + QueueLayout.WRITE_PTR);
        int at = Math.floorMod(write, ELEMENTS);
        int count = record.length / PAGE;
        for (int i = 0; i < count; i++) {
            long element = COMMANDS + PAGE * (1L + (at + i) % ELEMENTS);
            MemorySegment.copy(record, i * PAGE, memory, ValueLayout.JAVA_BYTE, element, PAGE);
        }
        memory.set(INT, COMMANDS + QueueLayout.WRITE_PTR, (at + count) % ELEMENTS);
        commandSequence++;
        return rpcSequence++;
    }

    /** Tells the firmware that there is something. */
    void ring() {
        put(0, Pgsp.QUEUE_HEAD.at(0).offset(), 0, 4);
    }

    /** Waits until the firmware has done all that it was asked for. */
    void rest() {
        assertThat(board.drain(PATIENCE_NS)).as("engines at rest").isTrue();
    }

    /** Overwrites some of the memory that both share, at an offset from its start. */
    void spoil(int offset, byte[] bytes) {
        int at = SHARED + offset % (PAGES * PAGE - bytes.length);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, at, bytes.length);
    }

    /** Overwrites a position: that of the commands that were written, or that of the records that were read. */
    void position(boolean written, int value) {
        memory.set(INT, COMMANDS + (written ? QueueLayout.WRITE_PTR : QueueLayout.READ_PTR), value);
    }

    /**
     * Reads all records that are there, each of which must be sound.
     *
     * @param sequence an RPC's
     * @return whether one answers that RPC
     */
    boolean receive(int sequence) {
        boolean answered = false;
        int write = memory.get(INT, STATUS + QueueLayout.WRITE_PTR);
        assertThat(write).as("write position of the status queue").isBetween(0, ELEMENTS - 1);
        int read = memory.get(INT, COMMANDS + QueueLayout.READ_PTR);
        while (read != write) {
            MemorySegment record = element(read, 1);
            int count = record.get(INT, QueueLayout.ELEM_COUNT);
            assertThat(count).as("elements").isBetween(1, Math.floorMod(write - read, ELEMENTS));
            record = element(read, count);
            answered |= check(record) == sequence;
            read = (read + count) % ELEMENTS;
        }
        memory.set(INT, COMMANDS + QueueLayout.READ_PTR, read);
        return answered;
    }

    private int check(MemorySegment record) {
        int rpc = QueueLayout.RECORD_HEADER_BYTES;
        int length = record.get(INT, rpc + QueueLayout.RPC_LENGTH);
        assertThat(length)
                .as("length")
                .isBetween(QueueLayout.RPC_HEADER_BYTES, (int) record.byteSize() - QueueLayout.RECORD_HEADER_BYTES);
        assertThat(record.get(INT, rpc + QueueLayout.RPC_SIGNATURE)).isEqualTo(QueueLayout.RPC_SIGNATURE_VALID);
        assertThat(record.get(INT, QueueLayout.SEQUENCE)).as("sequence").isEqualTo(statusSequence++);
        assertThat(checksum(record, rpc + length)).as("checksum").isZero();
        boolean event = record.get(INT, rpc + QueueLayout.RPC_FUNCTION) >= RpcFunction.GSP_INIT_DONE.number();
        return event ? -1 : record.get(INT, rpc + QueueLayout.RPC_SEQUENCE);
    }

    private MemorySegment element(int index, int count) {
        byte[] bytes = new byte[count * PAGE];
        for (int i = 0; i < count; i++) {
            long at = STATUS + PAGE * (1L + (index + i) % ELEMENTS);
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, at, bytes, i * PAGE, PAGE);
        }
        return MemorySegment.ofArray(bytes);
    }

    private static int checksum(MemorySegment record, int length) {
        // Elements are whole pages: the last word is there.
        return Checksum.of(record.toArray(ValueLayout.JAVA_BYTE), length);
    }

    /** Puts a message of any length, rings for each record of it, and reads what comes. */
    void message(int function, byte[] payload) {
        int most = QueueLayout.MAX_RPC_BYTES - QueueLayout.RPC_HEADER_BYTES;
        for (int at = 0; at == 0 || at < payload.length; at += most) {
            byte[] part = Arrays.copyOfRange(payload, at, Math.min(at + most, payload.length));
            send(at == 0 ? function : RpcFunction.CONTINUATION_RECORD.number(), part);
            ring();
            rest();
            receive(-1);
        }
    }

    /** Writes a register, or to config space. */
    void write(int region, long offset, int value, int count) {
        put(region, offset, value, count);
    }

    /** Reads a register. */
    int read(long offset) {
        board.read(0, offset, scalar, 0, Integer.BYTES);
        return scalar.get(INT, 0);
    }

    private void mailboxes(int falcon, int address) {
        put(0, Pfalcon.FALCON_MAILBOX0.at(falcon).offset(), address, 4);
        put(0, Pfalcon.FALCON_MAILBOX1.at(falcon).offset(), 0, 4);
    }

    private void put(int region, long offset, int value, int count) {
        scalar.set(INT, 0, value);
        board.write(region, offset, scalar, 0, count);
    }
}
