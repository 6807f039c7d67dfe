package dev.nacre.corejava.io;

import dev.nacre.pci.PciFunction;
import dev.nacre.pci.bus.ConfigAccess;
import dev.nacre.pci.bus.FunctionAccess;
import dev.nacre.pci.bus.PciIds;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the core needs of a function's configuration space. Any thread. */
public final class ConfigSpace {
    // HW: PCI local bus specification 3.0, 6.2; PCI Express base specification 5.0, 7.6.3 and 9.3.3
    private static final int COMMAND = 0x04;
    private static final int COMMAND_MEMORY = 1 << 1;
    private static final int COMMAND_BUS_MASTER = 1 << 2;
    private static final int REVISION = 0x08;
    private static final int BAR = 0x10;
    private static final int SUBSYSTEM = 0x2c;
    private static final int BAR_IS_64BIT = 1 << 2;
    private static final int SRIOV_ID = 0x10;
    private static final int SRIOV_TOTAL_VFS = 0x0e;
    private static final int SRIOV_FIRST_VF_OFFSET = 0x14;
    private static final int SRIOV_VF_BAR = 0x24;

    private final FunctionAccess function;

    /** The configuration space of a function, which stays the caller's. */
    public ConfigSpace(FunctionAccess function) {
        this.function = function;
    }

    /**
     * What a physical function says of its virtual ones.
     *
     * @param totalVfs how many there can be
     * @param firstVfOffset distance of the first, in function numbers
     * @param bars BAR0, BAR1 and BAR2 as drivers count them
     */
    public record Sriov(int totalVfs, int firstVfOffset, List<Bar> bars) {}

    /**
     * A BAR.
     *
     * @param address where it is
     * @param wide whether it has 64 bits
     */
    public record Bar(long address, boolean wide) {}

    /** Lets the function answer in its BARs and reach memory. */
    public void enable() {
        setCommand(readShort(COMMAND) | COMMAND_MEMORY | COMMAND_BUS_MASTER);
    }

    /** Takes from the function the way to memory. */
    public void stopBusMaster() {
        setCommand(readShort(COMMAND) & ~COMMAND_BUS_MASTER);
    }

    /** What the function says it is. */
    public PciIds ids() {
        return PciIds.of(function);
    }

    /** Device and vendor. */
    public int deviceId() {
        return readInt(0);
    }

    /** Device and vendor of the subsystem. */
    public int subsystemId() {
        return readInt(SUBSYSTEM);
    }

    /** Revision. */
    public int revision() {
        return readInt(REVISION) & 0xff;
    }

    /** A BAR by its register's number. */
    public Bar bar(int index) {
        return bar(BAR, index);
    }

    /** The capability to have virtual functions; empty if there is none, or none can be had. */
    public Optional<Sriov> sriov() {
        int at = ConfigAccess.findExtended(function, SRIOV_ID);
        if (at == 0 || !fits(at, SRIOV_VF_BAR + 6 * Integer.BYTES)) {
            return Optional.empty();
        }
        int totalVfs = readShort(at + SRIOV_TOTAL_VFS);
        if (totalVfs == 0) {
            return Optional.empty();
        }
        List<Bar> bars = new ArrayList<>();
        for (int i = 0, register = 0; i < 3; i++) {
            Bar bar = register < 6 ? bar(at + SRIOV_VF_BAR, register) : new Bar(0, false);
            bars.add(bar);
            register += bar.wide() ? 2 : 1;
        }
        return Optional.of(new Sriov(totalVfs, readShort(at + SRIOV_FIRST_VF_OFFSET), List.copyOf(bars)));
    }

    private Bar bar(int base, int index) {
        int low = readInt(base + Integer.BYTES * index);
        boolean wide = (low & BAR_IS_64BIT) != 0 && index < 5;
        long high = wide ? Integer.toUnsignedLong(readInt(base + Integer.BYTES * (index + 1))) : 0;
        return new Bar((high << 32) | (Integer.toUnsignedLong(low) & ~0xfL), wide);
    }

    private boolean fits(int at, int count) {
        return at + (long) count <= function.region(PciFunction.CONFIG_REGION).size();
    }

    private int readInt(int offset) {
        return ConfigAccess.readInt(function, offset);
    }

    private int readShort(int offset) {
        return ConfigAccess.readShort(function, offset);
    }

    private void setCommand(int command) {
        ConfigAccess.writeShort(function, COMMAND, command);
    }
}
