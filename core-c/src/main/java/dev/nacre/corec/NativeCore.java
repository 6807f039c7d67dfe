package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.Attachment;
import dev.nacre.core.BoardInfo;
import dev.nacre.core.Capability;
import dev.nacre.core.Client;
import dev.nacre.core.ClientKind;
import dev.nacre.core.Core;
import dev.nacre.core.CoreError;
import dev.nacre.core.CoreException;
import dev.nacre.core.Engine;
import dev.nacre.pci.bus.PciIds;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A core behind a C table of operations ({@code struct nacre_core_ops} of {@code nacre_core.h}), whoever wrote it. What
 * the table lacks fails with {@link CoreError#NOT_SUPPORTED}; errors carry the words of the table's {@code last_error}.
 */
public final class NativeCore implements Core {
    private static final int MOST_ENGINES = 1024;

    private final CoreTable table;
    private final long handle;
    private final Runnable afterClose;
    private final NativeEvents events = new NativeEvents();
    private final AtomicBoolean closing = new AtomicBoolean();

    // Answered also when the GPU has gone.
    private final String implementation;
    private final Set<Capability> capabilities;
    private final BoardInfo board;
    private final List<Engine> engines;
    private final boolean vgpuEnabled;

    /**
     * Takes a core over.
     *
     * @param ops the table of its operations, which outlives it
     * @param core its handle ({@code struct nacre_core *})
     * @param afterClose runs once when the core has ended: nothing of it will be touched any more
     * @throws CoreException with {@link CoreError#VERSION} if the table is not of version 1; with
     *     {@link CoreError#NOT_SUPPORTED} if it cannot even tell what the core is; the core stays the caller's then
     */
    public NativeCore(MemorySegment ops, MemorySegment core, Runnable afterClose) {
        this.table = new CoreTable(ops);
        this.handle = core.address();
        this.afterClose = afterClose;
        try {
            implementation = table.text(Op.IMPLEMENTATION, handle);
            capabilities = Numbers.capabilities(table.callForLong(Op.CAPABILITIES, handle));
            board = readBoard();
            engines = readEngines();
            vgpuEnabled = table.has(Op.VGPU_IS_ENABLED) && table.call(Op.VGPU_IS_ENABLED, handle) == 1;
        } catch (RuntimeException e) {
            events.close();
            throw e;
        }
    }

    /** Its handle in C. */
    MemorySegment pointer() {
        return MemorySegment.ofAddress(handle);
    }

    @Override
    public String implementation() {
        return implementation;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public BoardInfo board() {
        return board;
    }

    @Override
    public List<Engine> engines() {
        return engines;
    }

    @Override
    public boolean isVgpuEnabled() {
        return vgpuEnabled;
    }

    @Override
    public Attachment attach(Client client) {
        Set<Capability> missing = EnumSet.noneOf(Capability.class);
        missing.addAll(client.required());
        missing.removeAll(capabilities);
        if (!missing.isEmpty()) {
            throw new CoreException(
                    CoreError.NOT_SUPPORTED,
                    "The core lacks what the client requires: client=" + client.name() + " missing=" + missing);
        }
        long context = events.add(client);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment in = arena.allocate(Abi.CLIENT);
            in.set(JAVA_INT, Abi.SIZE, (int) Abi.CLIENT.byteSize());
            in.set(JAVA_INT, Abi.offset(Abi.CLIENT, "kind"), client.kind().number());
            in.set(JAVA_INT, Abi.offset(Abi.CLIENT, "oldest_version"), client.oldestVersion());
            in.set(JAVA_INT, Abi.offset(Abi.CLIENT, "newest_version"), client.newestVersion());
            in.set(JAVA_LONG, Abi.offset(Abi.CLIENT, "required"), Numbers.mask(client.required()));
            in.set(ADDRESS, Abi.offset(Abi.CLIENT, "name"), arena.allocateFrom(client.name()));
            in.set(ADDRESS, Abi.offset(Abi.CLIENT, "on_event"), events.function());
            in.set(JAVA_LONG, Abi.offset(Abi.CLIENT, "context"), context);
            MemorySegment out = arena.allocate(JAVA_LONG);
            table.call(Op.ATTACH, handle, in, out);
            return new NativeAttachment(table, out.get(JAVA_LONG, 0));
        } catch (RuntimeException e) {
            events.remove(context);
            throw e;
        }
    }

    @Override
    public Optional<ClientKind> owner() {
        return table.hasEnded() ? Optional.empty() : Numbers.clientKind(table.call(Op.OWNER, handle));
    }

    @Override
    public void configureVirtualFunctions(int count) {
        table.call(Op.SRIOV_CONFIGURE, handle, Requests.checkedCount("virtual functions", count));
    }

    @Override
    public void suspend() {
        table.call(Op.SUSPEND, handle);
    }

    @Override
    public void resume() {
        table.call(Op.RESUME, handle);
    }

    /**
     * As {@link Core#close}. Called by a listener, it returns at once, and the core ends when the listener has returned:
     * its thread cannot wait for itself.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        if (events.isDelivering()) {
            Thread.ofPlatform().name("nacre-core-close").start(this::end);
        } else {
            end();
        }
    }

    private void end() {
        try {
            table.run(Op.CLOSE, handle);
        } finally {
            table.end();
            events.close();
            afterClose.run();
        }
    }

    private BoardInfo readBoard() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = arena.allocate(Abi.BOARD_INFO);
            info.set(JAVA_INT, Abi.SIZE, (int) Abi.BOARD_INFO.byteSize());
            table.call(Op.BOARD_INFO, handle, info);
            int count = info.get(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "fb_region_count"));
            if (count < 0 || count > Abi.MAX_FB_REGIONS) {
                throw new CoreException(
                        CoreError.IO,
                        "Number of memory regions is impossible: count=" + count + " allowed=0 to "
                                + Abi.MAX_FB_REGIONS);
            }
            List<BoardInfo.FbRegion> regions = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                MemorySegment region = info.asSlice(
                        Abi.offset(Abi.BOARD_INFO, "fb_regions") + i * Abi.FB_REGION.byteSize(), Abi.FB_REGION);
                regions.add(new BoardInfo.FbRegion(
                        region.get(JAVA_LONG, Abi.offset(Abi.FB_REGION, "offset")),
                        region.get(JAVA_LONG, Abi.offset(Abi.FB_REGION, "bytes"))));
            }
            return new BoardInfo(
                    Numbers.text(info, Abi.BOARD_INFO, "chip"),
                    Numbers.text(info, Abi.BOARD_INFO, "name"),
                    Numbers.text(info, Abi.BOARD_INFO, "uuid"),
                    Numbers.text(info, Abi.BOARD_INFO, "firmware"),
                    info.get(JAVA_LONG, Abi.offset(Abi.BOARD_INFO, "fb_bytes")),
                    regions,
                    info.get(JAVA_LONG, Abi.offset(Abi.BOARD_INFO, "bar1_bytes")),
                    info.get(JAVA_LONG, Abi.offset(Abi.BOARD_INFO, "vmmu_segment_bytes")),
                    info.get(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "ecc")) != 0,
                    info.get(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "channels")),
                    info.get(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "vgpu_channels")),
                    pci(info),
                    new BoardInfo.Silicon(
                            info.get(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "chipset")),
                            info.get(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "chip_revision")),
                            info.get(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "gpcs")),
                            info.get(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "tpcs"))));
        }
    }

    private static PciIds pci(MemorySegment info) {
        int id = info.get(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "pci_id"));
        int subsystem = info.get(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "pci_subsystem"));
        int kind = info.get(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "pci_class"));
        return new PciIds(
                id & 0xffff,
                id >>> Short.SIZE,
                subsystem & 0xffff,
                subsystem >>> Short.SIZE,
                kind >>> Byte.SIZE,
                kind & 0xff);
    }

    private List<Engine> readEngines() {
        try (Arena arena = Arena.ofConfined()) {
            int count = table.call(Op.ENGINES, handle, MemorySegment.NULL, 0);
            if (count > MOST_ENGINES) {
                throw new CoreException(
                        CoreError.IO,
                        "Number of engines is impossible: count=" + count + " allowed=0 to " + MOST_ENGINES);
            }
            MemorySegment all = arena.allocate(Abi.ENGINE, Math.max(1, count));
            int given = Math.min(count, table.call(Op.ENGINES, handle, all, count));
            List<Engine> list = new ArrayList<>();
            for (int i = 0; i < given; i++) {
                MemorySegment engine = all.asSlice(i * Abi.ENGINE.byteSize(), Abi.ENGINE);
                list.add(new Engine(
                        Numbers.engineType(engine.get(JAVA_INT, Abi.offset(Abi.ENGINE, "type"))),
                        engine.get(JAVA_INT, Abi.offset(Abi.ENGINE, "instance")),
                        engine.get(JAVA_INT, Abi.offset(Abi.ENGINE, "bit")),
                        classes(engine)));
            }
            return List.copyOf(list);
        }
    }

    private static List<Integer> classes(MemorySegment engine) {
        int count = engine.get(JAVA_INT, Abi.offset(Abi.ENGINE, "class_count"));
        if (count < 0 || count > Abi.MAX_ENGINE_CLASSES) {
            throw new CoreException(
                    CoreError.IO,
                    "Number of an engine's classes is impossible: count=" + count + " allowed=0 to "
                            + Abi.MAX_ENGINE_CLASSES);
        }
        MemorySegment all = engine.asSlice(Abi.offset(Abi.ENGINE, "classes"), (long) count * Integer.BYTES);
        return Arrays.stream(all.toArray(JAVA_INT)).boxed().toList();
    }
}
