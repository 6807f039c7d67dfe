package dev.nacre.testsupport.driver;

import dev.nacre.hw.regs.Pfb;

/** The board's memory before any page table: the PRAMIN window, and BAR1 and BAR2 as long as they are physical. */
final class MemoryProbe {
    private static final int SLICE = 1 << 20;

    private final Device device;
    private final Check check;

    MemoryProbe(Device device) {
        this.device = device;
        this.check = device.check;
    }

    /** Writes and reads in all widths through all windows. @return a line about it */
    String probe() {
        long first = 1L << 20;
        widths(first + 0x1000);
        straddle(first + 0x3_0000);
        physical("BAR1", device.bar1, first + (2L << 20));
        physical("BAR2", device.bar2, first + (4L << 20));
        flush();
        return "PRAMIN, BAR1 %d MiB, BAR2 %d MiB"
                .formatted(device.bar1.sizeBytes() >> 20, device.bar2.sizeBytes() >> 20);
    }

    /** Makes sure that all writes have reached the memory. */
    void flush() {
        device.registers.write(Pfb.UFLUSH_FB_FLUSH, 1);
        device.registers.await(Pfb.UFLUSH_FB_FLUSH, "flush done", raw -> (raw & 2) == 0);
    }

    private void widths(long address) {
        device.pramin.putLong(address, 0x0123_4567_89ab_cdefL);
        check.equal("low dword of an 8-byte PRAMIN write", 0x89ab_cdefL, device.pramin.intAt(address) & 0xffff_ffffL);
        check.equal("high dword of an 8-byte PRAMIN write", 0x0123_4567, device.pramin.intAt(address + 4));
        device.pramin.putBytes(address + 3, new byte[] {0x11, 0x22});
        check.equal("PRAMIN after an unaligned write", 0x0123_4522_11ab_cdefL, device.pramin.longAt(address));
        check.equal("unaligned PRAMIN read", 0x2345_2211, device.pramin.intAt(address + 3));
    }

    /** Bytes over the end of one 64-KiB window position and the start of the next. */
    private void straddle(long address) {
        byte[] noise = device.noise(4096);
        device.pramin.putBytes(address - 2048, noise);
        check.equal("PRAMIN over a 64-KiB boundary", noise, device.pramin.bytesAt(address - 2048, noise.length));
    }

    private void physical(String name, RegionView bar, long address) {
        byte[] noise = device.noise(SLICE);
        bar.putBytes(address, noise);
        check.equal(name + " is physical: a slice seen by PRAMIN", noise, device.pramin.bytesAt(address, SLICE));
        device.pramin.putLong(address + 8, 0x5555_aaaa_3333_ccccL);
        check.equal(name + " is physical: 8 bytes of PRAMIN", 0x5555_aaaa_3333_ccccL, bar.longAt(address + 8));
        check.equal(name + " byte", 0x33, bar.byteAt(address + 10));
        check.equal(name + " unaligned word", 0xaa33, bar.shortAt(address + 11));
        bar.putBytes(address, new byte[SLICE]);
        check.equal(name + " is clear again", 0, device.pramin.longAt(address + 8));
    }
}
