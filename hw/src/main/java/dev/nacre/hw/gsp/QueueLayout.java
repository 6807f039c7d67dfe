package dev.nacre.hw.gsp;

/**
 * The shared memory of driver and GSP: a list of its pages, the command queue and the status queue, and the records in
 * them. Offsets are bytes, values little-endian; all of it is the same in every firmware version modelled.
 *
 * <pre>
 * shared memory        queue                      record (1 to 16 elements of 4 KiB)
 * +0  u64 page[n]      +0x00 header of the writer  +0x00 auth tag, AAD (unused)
 * +cmdQueueOffset      +0x20 read position of the  +0x20 checksum, sequence, element count
 * +statQueueOffset           OTHER queue           +0x30 RPC header
 *                      +0x1000 elements            +0x50 payload
 * </pre>
 */
// HW: open-gpu-kernel-modules, src/common/shared/msgq/inc/msgq/msgq_priv.h,
// src/nvidia/inc/kernel/gpu/gsp/message_queue_priv.h, generated/g_rpc-message-header.h
public final class QueueLayout {
    /** Bytes of a page, of an element, and of the part before a queue's first element. */
    public static final int PAGE_BYTES = 0x1000;

    /** Writer's header: version, 0. */
    public static final int VERSION = 0x00;
    /** Writer's header: bytes of the queue. */
    public static final int SIZE = 0x04;
    /** Writer's header: bytes of an element. */
    public static final int MSG_SIZE = 0x08;
    /** Writer's header: number of elements. */
    public static final int MSG_COUNT = 0x0c;
    /** Writer's header: next element to be written. */
    public static final int WRITE_PTR = 0x10;
    /** Writer's header: {@link #FLAG_SWAP_RX}. */
    public static final int FLAGS = 0x14;
    /** Writer's header: offset of the reader's header. */
    public static final int RX_HDR_OFF = 0x18;
    /** Writer's header: offset of the first element. */
    public static final int ENTRY_OFF = 0x1c;
    /** Reader's header: next element to be read, of the other queue. */
    public static final int READ_PTR = 0x20;

    /** Each side keeps its read position in its own queue. */
    public static final int FLAG_SWAP_RX = 1;

    /** Most elements of one record. */
    public static final int MAX_RECORD_ELEMENTS = 16;

    /** Record: checksum. */
    public static final int CHECKSUM = 0x20;
    /** Record: number of the record. */
    public static final int SEQUENCE = 0x24;
    /** Record: its elements. */
    public static final int ELEM_COUNT = 0x28;
    /** Bytes before the RPC header. */
    public static final int RECORD_HEADER_BYTES = 0x30;

    /** RPC header: version, {@link #RPC_HEADER_VERSION}. */
    public static final int RPC_VERSION = 0x00;
    /** RPC header: {@link #RPC_SIGNATURE_VALID}. */
    public static final int RPC_SIGNATURE = 0x04;
    /** RPC header: bytes of header and payload. */
    public static final int RPC_LENGTH = 0x08;
    /** RPC header: what is asked for. */
    public static final int RPC_FUNCTION = 0x0c;
    /** RPC header: status. */
    public static final int RPC_RESULT = 0x10;
    /** RPC header: status again. */
    public static final int RPC_RESULT_PRIVATE = 0x14;
    /** RPC header: sequence of the request, repeated in its reply. */
    public static final int RPC_SEQUENCE = 0x18;
    /** Bytes of the RPC header. */
    public static final int RPC_HEADER_BYTES = 0x20;

    /** Value of {@link #RPC_VERSION}. */
    public static final int RPC_HEADER_VERSION = 0x03000000;
    /** Value of {@link #RPC_SIGNATURE}: "VRPC". */
    public static final int RPC_SIGNATURE_VALID = 0x43505256;

    /** Longest RPC of one record, header included. */
    public static final int MAX_RPC_BYTES = MAX_RECORD_ELEMENTS * PAGE_BYTES - RECORD_HEADER_BYTES;

    private QueueLayout() {}

    /** Elements that a record with an RPC of so many bytes takes. */
    public static int elements(int rpcBytes) {
        return (RECORD_HEADER_BYTES + rpcBytes + PAGE_BYTES - 1) / PAGE_BYTES;
    }
}
