package dev.nacre.testsupport.driver;

import dev.nacre.hw.regs.Xve;

/** Reads the VBIOS through PROM, in one slice as some drivers do and by words as others. */
final class VbiosProbe {
    // HW: open-gpu-kernel-modules dev_ext_devices.h: NV_PROM 0x003FFFFF:0x00300000.
    private static final int PROM = 0x300000;
    private static final int PROM_BYTES = 1 << 20;
    private static final int ROM_SHADOWED = 1;

    private VbiosProbe() {}

    static Vbios read(Device device) {
        int control = device.registers.read(Xve.ROM_CTRL);
        device.registers.write(Xve.ROM_CTRL, control & ~ROM_SHADOWED);
        byte[] slice = device.bar0.bytesAt(PROM, PROM_BYTES);
        Vbios vbios = Vbios.parse(slice, device.chip.deviceId(), device.check);
        Words words = new Words(slice);
        for (int at = 0; at < vbios.sizeBytes(); at += 4) {
            device.check.equal("PROM word " + Check.hex(at), words.intAt(at), device.bar0.intAt(PROM + at));
        }
        for (int at = vbios.sizeBytes(); at < PROM_BYTES; at++) {
            device.check.equal("PROM byte beyond the images", 0xff, words.byteAt(at));
        }
        device.registers.write(Xve.ROM_CTRL, control);
        device.registers.expect(Xve.ROM_CTRL, control);
        return vbios;
    }
}
