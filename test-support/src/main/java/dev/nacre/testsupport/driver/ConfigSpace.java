package dev.nacre.testsupport.driver;

import dev.nacre.hw.chip.Chip;

/** PCI configuration: what the kernel does before a driver's probe, and the driver's own part. */
final class ConfigSpace {
    // HW: PCI Local Bus Specification 3.0, 6.1 and 6.7; PCI Express Base Specification 5.0, 7.5.
    private static final int VENDOR = 0x00;
    private static final int DEVICE = 0x02;
    private static final int COMMAND = 0x04;
    private static final int COMMAND_MEMORY = 1 << 1;
    private static final int COMMAND_BUS_MASTER = 1 << 2;
    private static final int STATUS = 0x06;
    private static final int STATUS_CAPABILITIES = 1 << 4;
    private static final int CLASS = 0x0a;
    private static final int BAR0 = 0x10;
    private static final int SUBSYSTEM_VENDOR = 0x2c;
    private static final int SUBSYSTEM = 0x2e;
    private static final int CAPABILITIES = 0x34;
    private static final int CAP_MSI = 0x05;
    private static final int CAP_EXPRESS = 0x10;
    private static final int CAP_POWER = 0x01;
    private static final int MSI_ENABLE = 1;
    private static final int MSI_64BIT = 1 << 7;
    private static final int EXPRESS_DEVCAP_FLR = 1 << 28;
    private static final int EXPRESS_DEVCTL_FLR = 1 << 15;
    private static final int MAX_CAPABILITIES = 48;

    // HW: nova-core maps exactly 16 MiB; BAR1 and BAR3 are 64-bit and prefetchable on every chip since Fermi.
    private static final long BAR0_BYTES = 16L << 20;
    private static final int BAR_64BIT_PREFETCHABLE = 0xc;

    private final GpuTransport transport;
    private final RegionView config;
    private final Check check;

    ConfigSpace(GpuTransport transport, RegionView config, Check check) {
        this.transport = transport;
        this.config = config;
        this.check = check;
    }

    /** Identifies the function. */
    void identify(Chip chip) {
        check.equal("vendor id", Chip.PCI_VENDOR_ID, config.shortAt(VENDOR));
        check.equal("device id", chip.deviceId(), config.shortAt(DEVICE));
        check.equal("subsystem vendor id", Chip.PCI_VENDOR_ID, config.shortAt(SUBSYSTEM_VENDOR));
        check.equal("subsystem id", chip.subsystemId(), config.shortAt(SUBSYSTEM));
        int displayClass = config.shortAt(CLASS);
        check.that(
                "class", displayClass == 0x0300 || displayClass == 0x0302, "0x0300 or 0x0302", Check.hex(displayClass));
        check.equal("whole space in one read, vendor and device", config.intAt(0), ofBytes(config.bytesAt(0, 256), 0));
    }

    /** Sizes BAR0, BAR1 and BAR3 by writing ones, and gives them addresses. */
    void placeBars() {
        config.putShort(COMMAND, config.shortAt(COMMAND) & ~COMMAND_MEMORY);
        config.putInt(BAR0, -1);
        check.equal("BAR0 size", BAR0_BYTES, -(long) (config.intAt(BAR0) & ~0xf) & 0xffff_ffffL);
        check.equal("BAR0 type", 0, config.intAt(BAR0) & 0xf);
        check.equal("BAR0 region", BAR0_BYTES, transport.regionSizeBytes(0));
        config.putInt(BAR0, 0x8000_0000);
        check.equal("BAR0 address", 0x8000_0000L, config.intAt(BAR0) & 0xffff_ffffL);
        placeWideBar(1, 0x40_0000_0000L);
        placeWideBar(3, 0x60_0000_0000L);
    }

    private void placeWideBar(int index, long address) {
        int at = BAR0 + 4 * index;
        config.putInt(at, -1);
        config.putInt(at + 4, -1);
        long mask = (config.intAt(at) & 0xffff_ffffL) | ((long) config.intAt(at + 4) << 32);
        check.equal("BAR" + index + " type", BAR_64BIT_PREFETCHABLE, mask & 0xf);
        check.equal("BAR" + index + " size", transport.regionSizeBytes(index), -(mask & ~0xfL));
        config.putInt(at, (int) address);
        config.putInt(at + 4, (int) (address >>> 32));
        check.equal("BAR" + index + " address", address | BAR_64BIT_PREFETCHABLE, config.longAt(at));
    }

    /** Lets the function answer and master the bus, and sends its messages to the CPU. */
    void enable() {
        config.putShort(COMMAND, config.shortAt(COMMAND) | COMMAND_MEMORY | COMMAND_BUS_MASTER);
        int command = config.shortAt(COMMAND);
        check.equal("command", COMMAND_MEMORY | COMMAND_BUS_MASTER, command & (COMMAND_MEMORY | COMMAND_BUS_MASTER));
        require("power management", CAP_POWER);
        int msi = require("MSI", CAP_MSI);
        int control = config.shortAt(msi + 2);
        check.equal("MSI 64-bit address", MSI_64BIT, control & MSI_64BIT);
        // HW: any address and data will do: the transport delivers to an eventfd.
        config.putInt(msi + 4, 0xfee0_0000);
        config.putInt(msi + 8, 0);
        config.putShort(msi + 12, 0x41);
        config.putShort(msi + 2, control | MSI_ENABLE);
        check.equal("MSI enable", MSI_ENABLE, config.shortAt(msi + 2) & MSI_ENABLE);
    }

    /** Resets the function through its PCI Express capability; what was configured before is gone. */
    void functionLevelReset() {
        int express = require("PCI Express", CAP_EXPRESS);
        check.equal("FLR capability", EXPRESS_DEVCAP_FLR, config.intAt(express + 4) & EXPRESS_DEVCAP_FLR);
        config.putShort(express + 8, config.shortAt(express + 8) | EXPRESS_DEVCTL_FLR);
        check.equal("command after FLR", 0, config.shortAt(COMMAND) & (COMMAND_MEMORY | COMMAND_BUS_MASTER));
        check.equal("MSI enable after FLR", 0, config.shortAt(require("MSI", CAP_MSI) + 2) & MSI_ENABLE);
    }

    /** BAR addresses as the GSP is told of them: 0, 1 and 3. */
    long barAddress(int index) {
        return index == 0 ? config.intAt(BAR0) & 0xffff_fff0L : config.longAt(BAR0 + 4L * index) & ~0xfL;
    }

    int word(int offset) {
        return config.intAt(offset);
    }

    private int require(String name, int id) {
        check.equal("capability list", STATUS_CAPABILITIES, config.shortAt(STATUS) & STATUS_CAPABILITIES);
        int at = config.byteAt(CAPABILITIES);
        for (int i = 0; at != 0 && i < MAX_CAPABILITIES; i++) {
            if (config.byteAt(at) == id) {
                return at;
            }
            at = config.byteAt(at + 1);
        }
        throw check.failure(name + " capability", "present", "absent");
    }

    private static long ofBytes(byte[] bytes, int at) {
        return java.nio.ByteBuffer.wrap(bytes)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getInt(at);
    }
}
