package dev.nacre.fuzz;

import dev.nacre.pci.Bar;
import dev.nacre.pci.ConfigListener;
import dev.nacre.pci.ConfigSpace;
import dev.nacre.pci.DmaFault;
import dev.nacre.pci.GuestMemory;
import dev.nacre.pci.Interrupts;
import dev.nacre.pci.Migratable;
import dev.nacre.pci.Msi;
import dev.nacre.pci.Msix;
import dev.nacre.pci.MsixTable;
import dev.nacre.pci.PciExpress;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.PowerManagement;
import dev.nacre.pci.Region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device that does what devices do: registers that copy host memory and raise interrupts, an MSI-X table, plain memory,
 * a ROM, a real configuration space, and migration of the first bytes of the plain memory. It never throws by itself.
 */
final class ModelFunction implements PciFunction {
    /** Registers: a write moves 64 bytes within host memory, or raises an interrupt. */
    static final int REGISTERS = 0;

    /** Plain memory, larger than one message can carry. */
    static final int MEMORY = 2;

    /** Takes writes and answers no reads. */
    static final int WRITE_ONLY = 8;

    /** Offset in the registers: copies from this address to the next page. */
    static final int COPY = 0x0;

    /** Offset in the registers: raises a message. */
    static final int MESSAGE = 0x8;

    /** Offset in the registers: asserts the line or not. */
    static final int LINE = 0xc;

    static final int MSIX_TABLE = 0x1000;
    static final int MSIX_PBA = 0x2000;
    static final int MSIX_VECTORS = 64;
    static final int REGISTERS_SIZE = 0x4000;
    static final int MEMORY_SIZE = 2 << 20;
    static final int ROM_SIZE = 2048;
    static final int WRITE_ONLY_SIZE = 16;

    /** Whether the device can migrate. */
    enum Migrates {
        NOT,
        STOPPED,
        ALSO_RUNNING
    }

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment registers = Arena.global().allocate(REGISTERS_SIZE, 8);
    private final MemorySegment plain = Arena.global().allocate(MEMORY_SIZE, 8);
    private final MemorySegment rom = Arena.global().allocate(ROM_SIZE, 8);
    private final Interrupts interrupts = new Interrupts(1, 8, MSIX_VECTORS, 1, 1);
    private final GuestMemory memory = new GuestMemory();
    private final MsixTable msix = new MsixTable(interrupts);
    private final ConfigSpace config = ConfigSpace.builder(0x1234, 0x0002)
            .bar(REGISTERS, Bar.memory32(REGISTERS_SIZE))
            .bar(MEMORY, Bar.memory64(MEMORY_SIZE))
            .rom(ROM_SIZE)
            .capability(0x40, new PowerManagement())
            .capability(0x50, new Msi(8, true))
            .capability(0x70, new Msix(MSIX_VECTORS, new Msix.Place(0, MSIX_TABLE), new Msix.Place(0, MSIX_PBA)))
            .capability(0x80, PciExpress.endpoint(4, 16))
            .build(interrupts, memory, new ConfigListener() {
                @Override
                public void decodeChanged(boolean memoryDecoded, boolean ioDecoded) {}

                @Override
                public void functionLevelReset() {
                    reset();
                }
            });
    private final @Nullable ModelMigration migration;
    /** Whether a write to {@link #COPY} waits for the device to be started. */
    private boolean copyWaits;

    /** What a byte of the ROM holds. */
    static byte romByte(int offset) {
        // CAST: the low bits
        return (byte) (offset * 7 + 3);
    }

    ModelFunction(Migrates migrates) {
        migration = migrates == Migrates.NOT
                ? null
                : new ModelMigration(
                        plain.asSlice(0, ModelMigration.STATE_SIZE), migrates == Migrates.ALSO_RUNNING, this::started);
        for (int i = 0; i < ROM_SIZE; i++) {
            rom.set(ValueLayout.JAVA_BYTE, i, romByte(i));
        }
    }

    @Override
    public Region region(int index) {
        return index == WRITE_ONLY ? new Region(WRITE_ONLY_SIZE, false, true) : config.region(index);
    }

    @Override
    public @Nullable MemorySegment plainMemory(int index) {
        return index == MEMORY ? plain : null;
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        switch (region) {
            case CONFIG_REGION -> config.read(offset, dst, dstOffset, count);
            case ROM_REGION -> MemorySegment.copy(rom, offset, dst, dstOffset, count);
            case MEMORY -> MemorySegment.copy(plain, offset, dst, dstOffset, count);
            default -> readRegisters(offset, dst, dstOffset, count);
        }
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        switch (region) {
            case CONFIG_REGION -> config.write(offset, src, srcOffset, count);
            case MEMORY -> MemorySegment.copy(src, srcOffset, plain, offset, count);
            case REGISTERS -> writeRegisters(offset, src, srcOffset, count);
            default -> {}
        }
    }

    @Override
    public Interrupts interrupts() {
        return interrupts;
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public Optional<Migratable> migration() {
        return Optional.ofNullable(migration);
    }

    /** What {@link #migration} gives, for the test's eyes. */
    @Nullable
    ModelMigration model() {
        return migration;
    }

    @Override
    public void reset() {
        config.reset();
        msix.reset();
        interrupts.line(false);
        registers.fill((byte) 0);
        plain.fill((byte) 0);
        if (migration != null) {
            migration.reset();
        }
        copyWaits = false;
        // Transfers are to be possible without a walk through configuration space first.
        memory.busMaster(true);
    }

    @Override
    public void disconnected() {}

    private void readRegisters(long offset, MemorySegment dst, long dstOffset, int count) {
        if (isIn(offset, count, MSIX_TABLE, msix.tableSize())) {
            msix.readTable(offset - MSIX_TABLE, dst, dstOffset, count);
        } else if (isIn(offset, count, MSIX_PBA, msix.pbaSize())) {
            msix.readPba(offset - MSIX_PBA, dst, dstOffset, count);
        } else {
            MemorySegment.copy(registers, offset, dst, dstOffset, count);
        }
    }

    private void writeRegisters(long offset, MemorySegment src, long srcOffset, int count) {
        if (isIn(offset, count, MSIX_TABLE, msix.tableSize())) {
            msix.writeTable(offset - MSIX_TABLE, src, srcOffset, count);
            return;
        }
        MemorySegment.copy(src, srcOffset, registers, offset, count);
        if (offset == COPY && count == Long.BYTES) {
            copyWaits = migration != null && !migration.isRunning();
            if (!copyWaits) {
                copy(registers.get(LONG, COPY));
            }
        } else if (offset == MESSAGE && count == Integer.BYTES) {
            interrupts.message(registers.get(INT, MESSAGE));
        } else if (offset == LINE && count == Integer.BYTES) {
            interrupts.line(registers.get(INT, LINE) != 0);
        }
    }

    private void started() {
        if (copyWaits) {
            copyWaits = false;
            copy(registers.get(LONG, COPY));
        }
    }

    private void copy(long iova) {
        try {
            memory.copy(iova, iova + 4096, 64);
            memory.writeIntRelease(iova, memory.readIntAcquire(iova) + 1);
        } catch (DmaFault e) {
            registers.set(LONG, COPY, -1L);
        }
    }

    private static boolean isIn(long offset, int count, int start, int size) {
        return offset >= start && offset + count <= start + size;
    }
}
