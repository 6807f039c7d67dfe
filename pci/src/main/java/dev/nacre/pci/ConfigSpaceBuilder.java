package dev.nacre.pci;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Describes a {@link ConfigSpace}. Each method throws {@link IllegalArgumentException}, saying why, for what no function
 * can have.
 */
public final class ConfigSpaceBuilder {
    // HW: PCI Local Bus Specification 3.0, 6.2.5.2: a ROM decodes 2 KiB to 16 MiB; bits 10:1 are reserved.
    private static final long LEAST_ROM = 2 << 10;
    private static final long MOST_ROM = 16 << 20;
    private static final int ROM_ENABLE = 1;

    private final int vendorId;
    private final int deviceId;
    private final @Nullable Bar[] bars = new Bar[ConfigSpace.BARS];
    private final TreeMap<Integer, Capability> capabilities = new TreeMap<>();
    private final TreeMap<Integer, ExtendedCapability> extended = new TreeMap<>();
    private int revision;
    private int classCode;
    private int subsystemVendorId;
    private int subsystemId;
    private long romSize;

    ConfigSpaceBuilder(int vendorId, int deviceId) {
        this.vendorId = checkBits("Vendor id", vendorId, 16);
        this.deviceId = checkBits("Device id", deviceId, 16);
    }

    /** Sets the revision id, 8 bits. */
    public ConfigSpaceBuilder revision(int revisionId) {
        revision = checkBits("Revision", revisionId, 8);
        return this;
    }

    /** Sets the class code, 24 bits: base class, sub-class, programming interface. */
    public ConfigSpaceBuilder classCode(int code) {
        classCode = checkBits("Class code", code, 24);
        return this;
    }

    /** Sets the subsystem's ids, 16 bits each. */
    public ConfigSpaceBuilder subsystem(int subVendorId, int subDeviceId) {
        subsystemVendorId = checkBits("Subsystem vendor id", subVendorId, 16);
        subsystemId = checkBits("Subsystem id", subDeviceId, 16);
        return this;
    }

    /**
     * Adds a BAR.
     *
     * @param index 0 to 5; a 64-bit BAR takes the next one as well
     */
    public ConfigSpaceBuilder bar(int index, Bar bar) {
        boolean wide = bar.space() == Bar.Space.MEMORY_64;
        if (index < 0 || index + (wide ? 1 : 0) >= ConfigSpace.BARS) {
            throw new IllegalArgumentException("BAR " + index + " does not exist" + (wide ? " as a 64-bit one" : ""));
        }
        if (isTaken(index) || (wide && isTaken(index + 1))) {
            throw new IllegalArgumentException("BAR " + index + " is taken, itself or by a neighbouring 64-bit BAR");
        }
        bars[index] = bar;
        return this;
    }

    /**
     * Adds an expansion ROM.
     *
     * @param size bytes, a power of two from 2 KiB to 16 MiB
     */
    public ConfigSpaceBuilder rom(long size) {
        if (Long.bitCount(size) != 1 || size < LEAST_ROM || size > MOST_ROM) {
            throw new IllegalArgumentException(
                    "ROM size 0x" + Long.toHexString(size) + " is not a power of two from 2 KiB to 16 MiB");
        }
        romSize = size;
        return this;
    }

    /**
     * Adds a capability. The list runs upwards.
     *
     * @param offset a multiple of 4 from 0x40
     */
    public ConfigSpaceBuilder capability(int offset, Capability capability) {
        checkPlace(
                capability.name(), offset, capability.length(), ConfigSpace.HEADER_SIZE, ConfigSpace.CONVENTIONAL_SIZE);
        Map.Entry<Integer, Capability> before = capabilities.floorEntry(offset + capability.length() - 1);
        if (before != null && before.getKey() + before.getValue().length() > offset) {
            throw new IllegalArgumentException(capability.name() + " at 0x" + Integer.toHexString(offset) + " overlaps "
                    + before.getValue().name() + " at 0x" + Integer.toHexString(before.getKey()));
        }
        for (Capability other : capabilities.values()) {
            if (other.id() == capability.id()) {
                throw new IllegalArgumentException("There are two " + capability.name() + " capabilities");
            }
        }
        capabilities.put(offset, capability);
        return this;
    }

    /**
     * Adds an extended capability; this needs {@link PciExpress}. The list runs upwards.
     *
     * @param offset a multiple of 4 from 0x100; one must be at 0x100
     */
    public ConfigSpaceBuilder extended(int offset, ExtendedCapability capability) {
        String name = "Extended capability 0x" + Integer.toHexString(capability.id());
        checkPlace(name, offset, capability.length(), ConfigSpace.CONVENTIONAL_SIZE, ConfigSpace.EXPRESS_SIZE);
        Map.Entry<Integer, ExtendedCapability> before = extended.floorEntry(offset + capability.length() - 1);
        if (before != null && before.getKey() + before.getValue().length() > offset) {
            throw new IllegalArgumentException(name + " at 0x" + Integer.toHexString(offset) + " overlaps the one at 0x"
                    + Integer.toHexString(before.getKey()));
        }
        extended.put(offset, capability);
        return this;
    }

    /**
     * Makes the configuration space, at reset. The interrupt pin is INTA# if there is an INTx vector.
     *
     * @param interrupts driven by the enable and mask bits; its vector counts must be those of the capabilities
     * @param memory driven by Bus Master Enable
     * @param listener told of the rest
     */
    public ConfigSpace build(Interrupts interrupts, GuestMemory memory, ConfigListener listener) {
        boolean express = capabilities.values().stream().anyMatch(PciExpress.class::isInstance);
        if (!extended.isEmpty() && (!express || extended.firstKey() != ConfigSpace.CONVENTIONAL_SIZE)) {
            throw new IllegalArgumentException(
                    "Extended capabilities need a PCI Express capability and must begin at 0x100");
        }
        int msi = 0;
        int msix = 0;
        for (Capability capability : capabilities.values()) {
            switch (capability) {
                case Msi it -> msi = it.vectors();
                case Msix it -> {
                    msix = it.vectors();
                    checkMsix(it);
                }
                case PowerManagement it -> {}
                case PciExpress it -> {}
            }
        }
        checkCount("MSI", msi, interrupts.count(InterruptKind.MSI));
        checkCount("MSI-X", msix, interrupts.count(InterruptKind.MSIX));

        ConfigRegisters registers =
                new ConfigRegisters(express ? ConfigSpace.EXPRESS_SIZE : ConfigSpace.CONVENTIONAL_SIZE);
        defineHeader(registers, interrupts.count(InterruptKind.INTX));
        defineBars(registers);
        ConfigSpace.Placed[] placed = defineCapabilities(registers);
        defineExtended(registers);
        ConfigSpace config = new ConfigSpace(this, registers, placed, interrupts, memory, listener);
        config.reset();
        return config;
    }

    @Nullable
    Bar[] bars() {
        return bars.clone();
    }

    ConfigSpace.PlacedExtended[] extended() {
        return extended.entrySet().stream()
                .map(entry -> new ConfigSpace.PlacedExtended(entry.getKey(), entry.getValue()))
                .toArray(ConfigSpace.PlacedExtended[]::new);
    }

    long romSize() {
        return romSize;
    }

    private void defineHeader(ConfigRegisters registers, int interruptPin) {
        int command = ConfigSpace.COMMAND_BUS_MASTER | ConfigSpace.COMMAND_PARITY | ConfigSpace.COMMAND_SERR;
        command |= interruptPin != 0 ? ConfigSpace.COMMAND_INTX_DISABLE : 0;
        command |= romSize > 0 ? ConfigSpace.COMMAND_MEMORY : 0;
        for (Bar bar : bars) {
            if (bar != null) {
                command |= bar.space() == Bar.Space.IO ? ConfigSpace.COMMAND_IO : ConfigSpace.COMMAND_MEMORY;
            }
        }
        registers.define(ConfigSpace.VENDOR_ID, 2, vendorId, 0);
        registers.define(ConfigSpace.DEVICE_ID, 2, deviceId, 0);
        registers.define(ConfigSpace.COMMAND, 2, 0, command);
        registers.define(ConfigSpace.STATUS, 2, capabilities.isEmpty() ? 0 : ConfigSpace.STATUS_CAPABILITIES, 0);
        registers.clearable(ConfigSpace.STATUS, 2, ConfigSpace.STATUS_ERRORS);
        registers.define(ConfigSpace.REVISION, 1, revision, 0);
        registers.define(ConfigSpace.CLASS, 3, classCode, 0);
        registers.define(ConfigSpace.CACHE_LINE, 1, 0, 0xff);
        registers.define(ConfigSpace.SUBSYSTEM_VENDOR, 2, subsystemVendorId, 0);
        registers.define(ConfigSpace.SUBSYSTEM, 2, subsystemId, 0);
        registers.define(ConfigSpace.INTERRUPT_LINE, 1, 0, 0xff);
        registers.define(ConfigSpace.INTERRUPT_PIN, 1, interruptPin, 0);
    }

    private void defineBars(ConfigRegisters registers) {
        for (int i = 0; i < bars.length; i++) {
            Bar bar = bars[i];
            if (bar != null) {
                int at = ConfigSpace.BAR_0 + 4 * i;
                registers.define(at, 4, bar.typeBits(), (int) bar.addressMask());
                if (bar.space() == Bar.Space.MEMORY_64) {
                    registers.define(at + 4, 4, 0, (int) (bar.addressMask() >>> 32));
                }
            }
        }
        if (romSize > 0) {
            registers.define(ConfigSpace.ROM, 4, 0, (int) -romSize | ROM_ENABLE);
        }
    }

    private ConfigSpace.Placed[] defineCapabilities(ConfigRegisters registers) {
        ConfigSpace.Placed[] placed = new ConfigSpace.Placed[capabilities.size()];
        int link = ConfigSpace.CAPABILITIES;
        int count = 0;
        for (Map.Entry<Integer, Capability> entry : capabilities.entrySet()) {
            int at = entry.getKey();
            registers.define(link, 1, at, 0);
            registers.define(at, 1, entry.getValue().id(), 0);
            entry.getValue().define(registers, at);
            link = at + 1;
            placed[count++] = new ConfigSpace.Placed(at, entry.getValue());
        }
        return placed;
    }

    private void defineExtended(ConfigRegisters registers) {
        for (Map.Entry<Integer, ExtendedCapability> entry : extended.entrySet()) {
            Integer next = extended.higherKey(entry.getKey());
            entry.getValue().define(registers, entry.getKey(), next == null ? 0 : next);
        }
    }

    /** Whether a BAR register is in use, as a BAR or as the upper half of one. */
    private boolean isTaken(int index) {
        Bar below = index > 0 ? bars[index - 1] : null;
        return bars[index] != null || (below != null && below.space() == Bar.Space.MEMORY_64);
    }

    private void checkMsix(Msix msix) {
        long tableSize = 16L * msix.vectors();
        long pbaSize = Math.ceilDiv(msix.vectors(), 64) * 8L;
        checkInBar("MSI-X table", msix.table(), tableSize);
        checkInBar("MSI-X PBA", msix.pba(), pbaSize);
        long table = msix.table().offset();
        long pba = msix.pba().offset();
        if (msix.table().bar() == msix.pba().bar() && table < pba + pbaSize && pba < table + tableSize) {
            throw new IllegalArgumentException("MSI-X table and PBA overlap: table=0x" + Long.toHexString(table)
                    + " pba=0x" + Long.toHexString(pba));
        }
    }

    private void checkInBar(String what, Msix.Place place, long size) {
        Bar bar = place.bar() >= 0 && place.bar() < bars.length ? bars[place.bar()] : null;
        if (bar == null || bar.space() == Bar.Space.IO) {
            throw new IllegalArgumentException(what + " is in BAR " + place.bar() + ", which is no memory BAR");
        }
        if (place.offset() < 0 || place.offset() % 8 != 0 || place.offset() + size > bar.size()) {
            throw new IllegalArgumentException(what + " at 0x" + Integer.toHexString(place.offset())
                    + " is not aligned to 8 or leaves BAR " + place.bar());
        }
    }

    private static void checkPlace(String name, int offset, int length, int start, int end) {
        if (offset % 4 != 0 || offset < start || offset + length > end) {
            throw new IllegalArgumentException(name + " at 0x" + Integer.toHexString(offset)
                    + " is not aligned to 4 or not within 0x" + Integer.toHexString(start) + " to 0x"
                    + Integer.toHexString(end));
        }
    }

    private static void checkCount(String kind, int described, int existing) {
        if (described != existing) {
            throw new IllegalArgumentException(
                    kind + " capability has " + described + " vectors, the interrupts have " + existing);
        }
    }

    private static int checkBits(String what, int value, int bits) {
        if (value >>> bits != 0) {
            throw new IllegalArgumentException(
                    what + " 0x" + Integer.toHexString(value) + " has more than " + bits + " bits");
        }
        return value;
    }
}
