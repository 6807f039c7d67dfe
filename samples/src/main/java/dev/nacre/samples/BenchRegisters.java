package dev.nacre.samples;

import org.jspecify.annotations.Nullable;

/** Where the registers of the {@link BenchDevice} lie, for those who drive it. Little-endian; all can be read. */
public final class BenchRegisters {
    /** BAR of the registers, the MSI-X table and the pending bits. */
    public static final int BAR_REGISTERS = 0;
    /** BAR of plain memory whose every access is a message. */
    public static final int BAR_MEMORY = 1;
    /** BAR of plain memory that is a memory file. */
    public static final int BAR_FILE = 2;

    /** Bytes of the BAR of registers. */
    public static final int REGISTERS_BYTES = 64 << 10;
    /** Bytes of the BAR of memory. */
    public static final int MEMORY_BYTES = 2 << 20;
    /** Bytes of the BAR that is a file. */
    public static final int FILE_BYTES = 1 << 20;

    /** MSI-X vectors. */
    public static final int VECTORS = 8;
    /** Most bytes of one copy. */
    public static final int MAX_COPY_BYTES = 32 << 20;

    /** u32, read-only: {@link #IDENTITY}. */
    public static final int ID = 0x000;
    /** u32: keeps what is written; to measure register accesses with. */
    public static final int SCRATCH = 0x004;
    /** u32: a write raises the MSI-X vector of that number. */
    public static final int DOORBELL = 0x100;
    /** u64: if not zero, where in guest memory the time is written before the doorbell's interrupt is raised. */
    public static final int STAMP_IOVA = 0x108;
    /** u64: guest memory that a copy reads or writes. */
    public static final int COPY_IOVA = 0x200;
    /** u64: bytes of a copy, at most {@link #MAX_COPY_BYTES}. */
    public static final int COPY_BYTES = 0x208;
    /** u32: how often to copy. */
    public static final int COPY_REPETITIONS = 0x210;
    /** u32: a write of a {@link Copy}'s number does it, before the write is answered. */
    public static final int COPY_GO = 0x214;
    /** u64, read-only: nanoseconds that the last copy took, with all its repetitions. */
    public static final int COPY_NS = 0x218;
    /** u32, read-only: how the last copy ended: 0, or the error's number. */
    public static final int COPY_STATUS = 0x220;

    /** What {@link #ID} reads as. */
    public static final int IDENTITY = 0x48434e42;

    /** Offset of the MSI-X table in the BAR of registers. */
    static final int MSIX_TABLE = 0x8000;
    /** Offset of the pending bits in the BAR of registers. */
    static final int MSIX_PBA = 0x9000;

    /** What a write to {@link #COPY_GO} asks for. */
    public enum Copy {
        /** From guest memory into the device's buffer. */
        FROM_GUEST(1),
        /** From the device's buffer into guest memory. */
        TO_GUEST(2),
        /** From one buffer of the device to another: what memory alone costs. */
        LOCAL(3),
        /** As {@link #FROM_GUEST}, for a range mapped without a file: given up when it takes longer than a VMM waits. */
        MESSAGE_FROM_GUEST(4),
        /** As {@link #TO_GUEST}, for a range mapped without a file: given up when it takes longer than a VMM waits. */
        MESSAGE_TO_GUEST(5);

        private final int number;

        Copy(int number) {
            this.number = number;
        }

        /** The register's value. */
        public int number() {
            return number;
        }

        boolean usesMessages() {
            return this == MESSAGE_FROM_GUEST || this == MESSAGE_TO_GUEST;
        }

        /** The copy of a register's value, null if there is none. */
        static @Nullable Copy of(int number) {
            return switch (number) {
                case 1 -> FROM_GUEST;
                case 2 -> TO_GUEST;
                case 3 -> LOCAL;
                case 4 -> MESSAGE_FROM_GUEST;
                case 5 -> MESSAGE_TO_GUEST;
                default -> null;
            };
        }
    }

    private BenchRegisters() {}
}
