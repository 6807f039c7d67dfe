package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.spi.CoreConfig;
import dev.nacre.core.spi.DmaMemory;
import dev.nacre.core.spi.FirmwareSource;
import dev.nacre.core.spi.VgpuScheduling;
import dev.nacre.linux.EventFd;
import dev.nacre.pci.InterruptKind;
import dev.nacre.pci.bus.FunctionAccess;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the C core is given to reach a GPU ({@code struct nacre_platform}): functions onto a {@link FunctionAccess}, memory
 * for DMA, firmware, and the log. C calls them from any thread, and an exception never reaches it. A register access
 * allocates nothing.
 */
final class Platform implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger("dev.nacre.corec.c");
    private static final int ALL_ONES = -1;
    private static final int MOST_CHARACTERS = 4096;
    private static final int MOST_BYTES_AT_ONCE = 1 << 30;

    private final FunctionAccess function;
    private final FirmwareSource firmware;
    private final DmaMemory dma;
    private final EventFd interrupt = EventFd.create();
    private final boolean hasInterrupt;
    private final Arena arena = Arena.ofShared();
    private final Map<Long, DmaMemory.Buffer> buffers = new ConcurrentHashMap<>();
    private final Map<String, MemorySegment> files = new ConcurrentHashMap<>();
    private final MemorySegment table = arena.allocate(Abi.PLATFORM);
    private final MemorySegment config = arena.allocate(Abi.CORE_CONFIG);

    /** For a function, which stays the caller's. Takes the function's first message. */
    Platform(FunctionAccess function, CoreConfig config) {
        this.function = function;
        this.firmware = config.firmware();
        this.dma = new DmaMemory(function);
        table.set(JAVA_INT, Abi.SIZE, (int) Abi.PLATFORM.byteSize());
        table.set(JAVA_INT, Abi.offset(Abi.PLATFORM, "version"), Abi.VERSION);
        Upcalls upcalls = new Upcalls(MethodHandles.lookup(), this, arena);
        for (PlatformOp op : PlatformOp.values()) {
            table.set(
                    ADDRESS,
                    Abi.offset(Abi.PLATFORM, op.field()),
                    upcalls.function(Names.method(op.field()), op.shape()));
        }
        this.config.set(JAVA_INT, Abi.SIZE, (int) Abi.CORE_CONFIG.byteSize());
        this.config.set(JAVA_INT, Abi.offset(Abi.CORE_CONFIG, "vgpu"), config.vgpu() ? 1 : 0);
        this.config.set(JAVA_INT, Abi.offset(Abi.CORE_CONFIG, "vgpu_channels"), config.vgpuChannels());
        VgpuScheduling scheduling = config.scheduling();
        this.config.set(JAVA_INT, Abi.offset(Abi.CORE_CONFIG, "vgpu_policy"), Numbers.policy(scheduling.policy()));
        this.config.set(JAVA_INT, Abi.offset(Abi.CORE_CONFIG, "vgpu_slice_ms"), scheduling.sliceMs());
        hasInterrupt = function.interruptCount(InterruptKind.MSI) > 0;
        if (hasInterrupt) {
            function.bindInterrupts(InterruptKind.MSI, 0, List.of(interrupt));
        }
    }

    /** The table, until this is closed. */
    MemorySegment table() {
        return table;
    }

    /** {@code struct nacre_core_config}, which lives as long as the table. */
    MemorySegment config() {
        return config;
    }

    /** Takes everything back. C must have made its last call. */
    @Override
    public void close() {
        if (hasInterrupt) {
            function.unbindInterrupts(InterruptKind.MSI);
        }
        interrupt.close();
        dma.close();
        arena.close();
    }

    // C calls all that follow, by their names in the table.
    // NATIVE: pointers of C's are as large as the header says, or as the count beside them, and live while the call
    // runs.

    int read32(long context, int region, long offset) {
        try {
            return function.readInt(region, offset);
        } catch (Throwable t) {
            log("read32", t);
            return ALL_ONES;
        }
    }

    void write32(long context, int region, long offset, int value) {
        try {
            function.writeInt(region, offset, value);
        } catch (Throwable t) {
            log("write32", t);
        }
    }

    int read(long context, int region, long offset, MemorySegment to, long bytes) {
        try {
            MemorySegment dst = to.reinterpret(checkedSize(bytes));
            for (long done = 0; done < bytes; done += MOST_BYTES_AT_ONCE) {
                function.read(region, offset + done, dst, done, (int) Math.min(bytes - done, MOST_BYTES_AT_ONCE));
            }
            return 0;
        } catch (Throwable t) {
            return failed("read", t);
        }
    }

    int write(long context, int region, long offset, MemorySegment from, long bytes) {
        try {
            MemorySegment src = from.reinterpret(checkedSize(bytes));
            for (long done = 0; done < bytes; done += MOST_BYTES_AT_ONCE) {
                function.write(region, offset + done, src, done, (int) Math.min(bytes - done, MOST_BYTES_AT_ONCE));
            }
            return 0;
        } catch (Throwable t) {
            return failed("write", t);
        }
    }

    long regionBytes(long context, int region) {
        try {
            return function.region(region).size();
        } catch (Throwable t) {
            log("region_bytes", t);
            return 0;
        }
    }

    int isGone(long context) {
        try {
            return function.isGone() ? 1 : 0;
        } catch (Throwable t) {
            log("is_gone", t);
            return 1;
        }
    }

    void reset(long context) {
        try {
            function.reset();
        } catch (Throwable t) {
            log("reset", t);
        }
    }

    int dmaAlloc(long context, long bytes, MemorySegment cpu, MemorySegment iova) {
        try {
            if (bytes <= 0) {
                throw new CoreException(CoreError.INVALID_ARGUMENT, "Size of memory is impossible: bytes=" + bytes);
            }
            DmaMemory.Buffer buffer = dma.allocate(bytes);
            buffers.put(buffer.iova(), buffer);
            cpu.reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, buffer.segment());
            iova.reinterpret(Long.BYTES).set(JAVA_LONG, 0, buffer.iova());
            return 0;
        } catch (Throwable t) {
            return failed("dma_alloc", t);
        }
    }

    void dmaFree(long context, long iova) {
        try {
            DmaMemory.Buffer buffer = buffers.remove(iova);
            if (buffer == null) {
                throw new CoreException(
                        CoreError.INVALID_ARGUMENT, "No memory begins there: iova=0x" + Long.toHexString(iova));
            }
            buffer.close();
        } catch (Throwable t) {
            log("dma_free", t);
        }
    }

    int interruptFd(long context) {
        try {
            if (!hasInterrupt) {
                throw new CoreException(CoreError.NOT_SUPPORTED, "The function has no message-signalled interrupt");
            }
            return interrupt.fd().number();
        } catch (Throwable t) {
            return failed("interrupt_fd", t);
        }
    }

    int firmware(long context, MemorySegment path, MemorySegment data, MemorySegment bytes) {
        try {
            String name = Numbers.text(path.reinterpret(MOST_CHARACTERS));
            MemorySegment file = files.get(name);
            if (file == null) {
                byte[] content = firmware.read(name)
                        .orElseThrow(() -> new CoreException(
                                CoreError.NO_FIRMWARE, "There is no such firmware file: file=" + name));
                file = arena.allocate(Math.max(1, content.length), Long.BYTES).asSlice(0, content.length);
                MemorySegment.copy(content, 0, file, ValueLayout.JAVA_BYTE, 0, content.length);
                files.put(name, file);
            }
            data.reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, file);
            bytes.reinterpret(Long.BYTES).set(JAVA_LONG, 0, file.byteSize());
            return 0;
        } catch (Throwable t) {
            return failed("firmware", t);
        }
    }

    void log(long context, int level, MemorySegment line) {
        try {
            Level as = switch (level) {
                case 0 -> Level.ERROR;
                case 1 -> Level.WARNING;
                case 2 -> Level.INFO;
                default -> Level.DEBUG;
            };
            if (LOGGER.isLoggable(as)) {
                LOGGER.log(as, Numbers.text(line.reinterpret(MOST_CHARACTERS)));
            }
        } catch (Throwable t) {
            log("log", t);
        }
    }

    private static long checkedSize(long bytes) {
        if (bytes < 0) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "Size of a transfer is impossible: bytes=" + bytes);
        }
        return bytes;
    }

    private static int failed(String function, Throwable cause) {
        log(function, cause);
        return Failures.number(cause);
    }

    /** Not even a logger's exception must reach C. */
    private static void log(String function, Throwable cause) {
        try {
            LOGGER.log(Level.DEBUG, "The platform refused a call: function=" + function, cause);
        } catch (Throwable lost) {
            // Nothing is left to tell it to.
        }
    }
}
