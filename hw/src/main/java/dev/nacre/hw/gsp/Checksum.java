package dev.nacre.hw.gsp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The checksum of records in the queues of driver and GSP. */
public final class Checksum {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Checksum() {}

    /**
     * The exclusive or of all 64-bit words, folded to 32 bits. A record that holds its own checksum gives 0.
     *
     * @param length bytes, rounded up to whole words; so many there are
     */
    // HW: open-gpu-kernel-modules, message_queue_cpu.c: _checkSum32
    public static int of(byte[] bytes, int length) {
        long sum = 0;
        for (int i = 0; i < length; i += Long.BYTES) {
            sum ^= (long) LONG.get(bytes, i);
        }
        return (int) (sum >>> 32) ^ (int) sum;
    }
}
