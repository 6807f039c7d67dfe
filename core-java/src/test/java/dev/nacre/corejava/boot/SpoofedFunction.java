package dev.nacre.corejava.boot;

import dev.nacre.linux.EventFd;
import dev.nacre.linux.Fd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.PciFunction;
import dev.nacre.pci.Region;
import dev.nacre.pci.bus.FunctionAccess;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A function that lies: some registers, and some words of configuration space, read as a test says. */
public final class SpoofedFunction implements FunctionAccess {
    private final FunctionAccess function;
    private final Map<Long, Integer> registers = new ConcurrentHashMap<>();
    private final Map<Long, Integer> config = new ConcurrentHashMap<>();
    private final AtomicInteger resets = new AtomicInteger();

    /** Lies for a function. */
    public SpoofedFunction(FunctionAccess function) {
        this.function = function;
    }

    /** Has a register of BAR0 read as a value until the function is reset. */
    public SpoofedFunction register(long offset, int value) {
        registers.put(offset, value);
        return this;
    }

    /** Has a word of configuration space read as a value. */
    public SpoofedFunction config(long offset, int value) {
        config.put(offset, value);
        return this;
    }

    /** How often it was reset. */
    public int resets() {
        return resets.get();
    }

    @Override
    public Region region(int index) {
        return function.region(index);
    }

    @Override
    public void read(int region, long offset, MemorySegment dst, long dstOffset, int count) {
        function.read(region, offset, dst, dstOffset, count);
        Integer word = config.get(offset & ~3);
        if (region == PciFunction.CONFIG_REGION && count == Short.BYTES && word != null) {
            int shift = Byte.SIZE * (int) (offset & 3);
            dst.set(ValueLayout.JAVA_SHORT_UNALIGNED, dstOffset, (short) (word >>> shift));
        }
    }

    @Override
    public void write(int region, long offset, MemorySegment src, long srcOffset, int count) {
        function.write(region, offset, src, srcOffset, count);
    }

    @Override
    public int readInt(int region, long offset) {
        Integer lie = switch (region) {
            case 0 -> registers.get(offset);
            case PciFunction.CONFIG_REGION -> config.get(offset);
            default -> null;
        };
        return lie != null ? lie : function.readInt(region, offset);
    }

    @Override
    public void writeInt(int region, long offset, int value) {
        function.writeInt(region, offset, value);
    }

    @Override
    public void mapDma(long iova, Fd file, long offset, long size, boolean writable) {
        function.mapDma(iova, file, offset, size, writable);
    }

    @Override
    public void unmapDma(long iova, long size) {
        function.unmapDma(iova, size);
    }

    @Override
    public int interruptCount(InterruptKind kind) {
        return function.interruptCount(kind);
    }

    @Override
    public void bindInterrupts(InterruptKind kind, int first, List<EventFd> events) {
        function.bindInterrupts(kind, first, events);
    }

    @Override
    public void unbindInterrupts(InterruptKind kind) {
        function.unbindInterrupts(kind);
    }

    @Override
    public void reset() {
        resets.incrementAndGet();
        registers.clear();
        function.reset();
    }

    @Override
    public boolean isGone() {
        return function.isGone();
    }

    @Override
    public void close() {
        function.close();
    }
}
