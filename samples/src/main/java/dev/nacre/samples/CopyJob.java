package dev.nacre.samples;

import dev.nacre.linux.Errno;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** The copies of a {@link BenchDevice}, and how the last one ended. */
final class CopyJob {
    // TIMEOUT: the write that asks for a copy is answered after it, and a VMM waits 5 s at most; this much takes half a
    // second.
    private static final long MOST_BYTES_IN_ALL = 4L << 30;
    private static final long MOST_REPETITIONS = 1_000_000;

    // TIMEOUT: as above; copies by messages take as long as the client does for its answers.
    private static final long MESSAGES_NS = 4_000_000_000L;

    private static final int PAGE_BYTES = 0x1000;

    private final GuestMemory guest;
    private final MemorySegment buffer;
    private final MemorySegment other;
    private long ns;
    private int status;

    CopyJob(GuestMemory guest, Arena arena) {
        this.guest = guest;
        buffer = arena.allocate(BenchRegisters.MAX_COPY_BYTES, PAGE_BYTES);
        other = arena.allocate(BenchRegisters.MAX_COPY_BYTES, PAGE_BYTES);
    }

    /** What copies from the guest fill and copies to it send. */
    MemorySegment buffer() {
        return buffer;
    }

    /** What local copies fill. */
    MemorySegment other() {
        return other;
    }

    /** Takes over how another device's last job ended. */
    void restore(long lastNs, int lastStatus) {
        ns = lastNs;
        status = lastStatus;
    }

    /** Nanoseconds that the last job took. */
    long ns() {
        return ns;
    }

    /** The last job's error number; 0 if it went well. */
    int status() {
        return status;
    }

    /**
     * Runs a job; all arguments are a guest's.
     *
     * @param number which copy, as {@link BenchRegisters.Copy} numbers them
     * @param iova in guest memory
     * @param bytes of each copy
     * @param repetitions how often
     */
    void run(int number, long iova, long bytes, long repetitions) {
        ns = 0;
        BenchRegisters.Copy copy = BenchRegisters.Copy.of(number);
        boolean possible = bytes >= 0
                && bytes <= BenchRegisters.MAX_COPY_BYTES
                && repetitions <= MOST_REPETITIONS
                && bytes * repetitions <= MOST_BYTES_IN_ALL;
        if (copy == null || !possible) {
            status = Errno.EINVAL.number();
            return;
        }
        status = 0;
        long start = System.nanoTime();
        try {
            for (long i = 0; i < repetitions; i++) {
                copy(copy, iova, bytes);
                if (copy.usesMessages() && System.nanoTime() - start > MESSAGES_NS) {
                    status = Errno.ETIMEDOUT.number();
                    break;
                }
            }
        } catch (DmaFault e) {
            status = Errno.EFAULT.number();
        }
        ns = System.nanoTime() - start;
    }

    private void copy(BenchRegisters.Copy copy, long iova, long bytes) {
        switch (copy) {
            case FROM_GUEST, MESSAGE_FROM_GUEST -> guest.read(iova, buffer, 0, bytes);
            case TO_GUEST, MESSAGE_TO_GUEST -> guest.write(iova, buffer, 0, bytes);
            case LOCAL -> MemorySegment.copy(buffer, 0, other, 0, bytes);
        }
    }
}
