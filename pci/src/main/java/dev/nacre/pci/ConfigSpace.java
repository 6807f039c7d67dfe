package dev.nacre.pci;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The configuration space of a function with a type 0 header. Accesses may have any size and alignment; what is not
 * there reads as zero, and writes that change nothing are no errors, as on hardware.
 *
 * <p>It drives what the registers control: Bus Master Enable the {@link GuestMemory}; Interrupt Disable, the MSI and MSI-X
 * enable and mask bits the {@link Interrupts}; decoding and function level reset the {@link ConfigListener}. Message
 * interrupts are not held back by Bus Master Enable, since hosts may bind vectors without touching the register.
 *
 * <p>To be used by one thread at a time, but for {@link #receivedMasterAbort}.
 */
public final class ConfigSpace {
    /** Number of base address registers. */
    public static final int BARS = 6;

    // HW: offsets and bits of the header: PCI_* of Linux include/uapi/linux/pci_regs.h; PCI Local Bus Specification
    // 3.0, 6.1 and 6.2.
    static final int VENDOR_ID = 0x00;
    static final int DEVICE_ID = 0x02;
    static final int COMMAND = 0x04;
    static final int COMMAND_IO = 0x0001;
    static final int COMMAND_MEMORY = 0x0002;
    static final int COMMAND_BUS_MASTER = 0x0004;
    static final int COMMAND_PARITY = 0x0040;
    static final int COMMAND_SERR = 0x0100;
    static final int COMMAND_INTX_DISABLE = 0x0400;
    static final int STATUS = 0x06;
    static final int STATUS_INTERRUPT = 0x0008;
    static final int STATUS_CAPABILITIES = 0x0010;
    static final int STATUS_MASTER_ABORT = 0x2000;
    static final int STATUS_ERRORS = 0xf900;
    static final int REVISION = 0x08;
    static final int CLASS = 0x09;
    static final int CACHE_LINE = 0x0c;
    static final int BAR_0 = 0x10;
    static final int SUBSYSTEM_VENDOR = 0x2c;
    static final int SUBSYSTEM = 0x2e;
    static final int ROM = 0x30;
    static final int CAPABILITIES = 0x34;
    static final int INTERRUPT_LINE = 0x3c;
    static final int INTERRUPT_PIN = 0x3d;
    static final int HEADER_SIZE = 0x40;
    static final int CONVENTIONAL_SIZE = 0x100;
    static final int EXPRESS_SIZE = 0x1000;

    /** A capability and where it lies. */
    record Placed(int offset, Capability capability) {
        private boolean overlaps(int at, int count) {
            return at < offset + capability.length() && at + count > offset;
        }
    }

    /** An extended capability and where it lies. */
    record PlacedExtended(int offset, ExtendedCapability capability) {
        private boolean overlaps(int at, int count) {
            return at < offset + capability.length() && at + count > offset;
        }
    }

    private final ConfigRegisters registers;
    private final @Nullable Bar[] bars;
    private final long romSize;
    private final Placed[] capabilities;
    private final PlacedExtended[] extended;
    private final Interrupts interrupts;
    private final GuestMemory memory;
    private final ConfigListener listener;

    /** Errors that the function met and the status register does not show yet. */
    private final AtomicInteger reported = new AtomicInteger();

    private boolean awake = true;
    private boolean memoryDecoded;
    private boolean ioDecoded;
    private boolean resetRequested;
    private int virtualFunctions;
    private boolean virtualMemoryDecoded;

    ConfigSpace(
            ConfigSpaceBuilder from,
            ConfigRegisters registers,
            Placed[] capabilities,
            Interrupts interrupts,
            GuestMemory memory,
            ConfigListener listener) {
        this.registers = registers;
        this.capabilities = capabilities;
        this.interrupts = interrupts;
        this.memory = memory;
        this.listener = listener;
        bars = from.bars();
        romSize = from.romSize();
        extended = from.extended();
    }

    /**
     * Begins to describe a configuration space.
     *
     * @param vendorId 16 bits
     * @param deviceId 16 bits
     */
    public static ConfigSpaceBuilder builder(int vendorId, int deviceId) {
        return new ConfigSpaceBuilder(vendorId, deviceId);
    }

    /** Bytes: 4096 with a PCI Express capability, else 256. */
    public int size() {
        return registers.size();
    }

    /**
     * The region that a function with this configuration space has at an index, as {@link PciFunction#region} answers.
     * There is no legacy VGA region.
     */
    public Region region(int index) {
        if (index == PciFunction.CONFIG_REGION) {
            return Region.readWrite(size());
        }
        if (index == PciFunction.ROM_REGION && romSize > 0) {
            return Region.readOnly(romSize);
        }
        Bar bar = index < BARS ? bars[index] : null;
        return bar == null ? Region.ABSENT : Region.readWrite(bar.size());
    }

    /**
     * Reads bytes.
     *
     * @throws IndexOutOfBoundsException if the range leaves the space or {@code dst}
     */
    public void read(long offset, MemorySegment dst, long dstOffset, int count) {
        int at = (int) Objects.checkFromIndexSize(offset, count, (long) size());
        refresh(at, count);
        registers.read(at, dst, dstOffset, count);
    }

    /**
     * Writes bytes, then acts on them.
     *
     * @throws IndexOutOfBoundsException if the range leaves the space or {@code src}; then nothing is written
     */
    public void write(long offset, MemorySegment src, long srcOffset, int count) {
        int at = (int) Objects.checkFromIndexSize(offset, count, (long) size());
        Objects.checkFromIndexSize(srcOffset, count, src.byteSize());
        refresh(at, count);
        for (int i = 0; i < count; i++) {
            registers.write(at + i, src.get(ValueLayout.JAVA_BYTE, srcOffset + i));
        }
        act(at, count);
    }

    /**
     * Reads a little-endian value.
     *
     * @param bytes 1 to 4
     * @throws IndexOutOfBoundsException if the range leaves the space
     */
    public int read(int offset, int bytes) {
        Objects.checkFromIndexSize(offset, bytes, size());
        refresh(offset, bytes);
        return registers.value(offset, bytes);
    }

    /**
     * Writes a little-endian value, then acts on it.
     *
     * @param bytes 1 to 4
     * @throws IndexOutOfBoundsException if the range leaves the space
     */
    public void write(int offset, int bytes, int value) {
        Objects.checkFromIndexSize(offset, bytes, size());
        refresh(offset, bytes);
        for (int i = 0; i < bytes; i++) {
            registers.write(offset + i, (byte) (value >>> (8 * i)));
        }
        act(offset, bytes);
    }

    /** Whether memory BARs and the ROM are to be answered: enabled in the command register, and the function in D0. */
    public boolean memoryDecoded() {
        return memoryDecoded;
    }

    /** Whether I/O BARs are to be answered: enabled in the command register, and the function in D0. */
    public boolean ioDecoded() {
        return ioDecoded;
    }

    /**
     * The address that the host has given to a BAR; of meaning only while it is decoded. Not every VMM tells.
     *
     * @param index of the BAR, its lower register if it has two
     * @throws IllegalArgumentException if there is no such BAR
     */
    public long barAddress(int index) {
        Bar bar = index >= 0 && index < BARS ? bars[index] : null;
        if (bar == null) {
            throw new IllegalArgumentException("There is no BAR " + index);
        }
        int at = BAR_0 + 4 * index;
        long low = Integer.toUnsignedLong(registers.value(at, 4));
        long high = bar.space() == Bar.Space.MEMORY_64 ? Integer.toUnsignedLong(registers.value(at + 4, 4)) << 32 : 0;
        return (high | low) & bar.addressMask();
    }

    /** Notes in the status register that a transfer of this function met no target. From any thread. */
    public void receivedMasterAbort() {
        reported.accumulateAndGet(STATUS_MASTER_ABORT, (all, bit) -> all | bit);
    }

    /**
     * Resets all registers but those that survive a function level reset, and what they drive. The listener hears of
     * decoding that ends.
     */
    public void reset() {
        reported.set(0);
        registers.reset();
        for (Placed placed : capabilities) {
            placed.capability.apply(this, placed.offset);
        }
        applyExtended();
        applyCommand();
    }

    /** The registers, for {@link #restore}. */
    public byte[] save() {
        refresh(0, size());
        return registers.save();
    }

    /**
     * Takes the registers that a configuration space of the same description saved, and acts on them; only bits that can
     * change are taken.
     *
     * @throws IllegalArgumentException if the image has another size
     */
    public void restore(byte[] image) {
        if (image.length != size()) {
            throw new IllegalArgumentException("Config image has " + image.length + " bytes, not " + size());
        }
        reported.set(0);
        registers.restore(image);
        for (Placed placed : capabilities) {
            placed.capability.restored(this, placed.offset);
        }
        applyExtended();
        applyCommand();
    }

    ConfigRegisters registers() {
        return registers;
    }

    Interrupts interrupts() {
        return interrupts;
    }

    /** Whether the function is in D0. */
    boolean isAwake() {
        return awake;
    }

    /** Changes the power state: to D0 or to D3hot. */
    void awake(boolean inD0) {
        awake = inD0;
        applyCommand();
    }

    /** Changes how many virtual functions there are, and whether their memory is decoded. */
    void virtualFunctions(int count, boolean memory) {
        if (count != virtualFunctions || memory != virtualMemoryDecoded) {
            virtualFunctions = count;
            virtualMemoryDecoded = memory;
            listener.virtualFunctionsChanged(count, memory);
        }
    }

    /** Resets the function when the write that asks for it is done. */
    void requestFunctionLevelReset() {
        resetRequested = true;
    }

    private void refresh(int at, int count) {
        if (at < STATUS + 2 && at + count > STATUS) {
            int status = (registers.value(STATUS, 2) & ~STATUS_INTERRUPT) | reported.getAndSet(0);
            registers.set(STATUS, 2, interrupts.lineAsserted() ? status | STATUS_INTERRUPT : status);
        }
        for (Placed placed : capabilities) {
            if (placed.overlaps(at, count)) {
                placed.capability.refresh(this, placed.offset);
            }
        }
    }

    private void act(int at, int count) {
        if (at < COMMAND + 2 && at + count > COMMAND) {
            applyCommand();
        }
        for (Placed placed : capabilities) {
            if (placed.overlaps(at, count)) {
                placed.capability.written(this, placed.offset);
            }
        }
        for (PlacedExtended placed : extended) {
            if (placed.overlaps(at, count)) {
                placed.capability.apply(this, placed.offset);
            }
        }
        if (resetRequested) {
            resetRequested = false;
            listener.functionLevelReset();
        }
    }

    private void applyExtended() {
        for (PlacedExtended placed : extended) {
            placed.capability.apply(this, placed.offset);
        }
    }

    private void applyCommand() {
        int command = registers.value(COMMAND, 2);
        memory.busMaster(awake && (command & COMMAND_BUS_MASTER) != 0);
        interrupts.disableLine(!awake || (command & COMMAND_INTX_DISABLE) != 0);
        boolean nowMemory = awake && (command & COMMAND_MEMORY) != 0;
        boolean nowIo = awake && (command & COMMAND_IO) != 0;
        if (nowMemory != memoryDecoded || nowIo != ioDecoded) {
            memoryDecoded = nowMemory;
            ioDecoded = nowIo;
            listener.decodeChanged(nowMemory, nowIo);
        }
    }
}
