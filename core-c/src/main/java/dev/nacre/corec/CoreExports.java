package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
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
import java.util.List;
import java.util.Set;

/** The operations of a core itself, and of attachments, for C. C calls every method, by its name in the table. */
final class CoreExports {
    private static final int MOST_CHARACTERS = 256;

    private final Exports exports;
    private final MemorySegment implementation;

    CoreExports(Exports exports, Arena arena) {
        this.exports = exports;
        this.implementation = arena.allocateFrom(exports.core().implementation());
    }

    void lastError(MemorySegment text, long capacity) {
        if (capacity > 0) {
            Numbers.setText(Exports.at(text, capacity), exports.words());
        }
    }

    MemorySegment implementation(long core) {
        exports.core(core);
        return implementation;
    }

    long capabilities(long core) {
        return exported(exports.core(core).capabilities());
    }

    int boardInfo(long core, MemorySegment info) {
        BoardInfo board = exports.core(core).board();
        long room = Integer.toUnsignedLong(Exports.at(info, Integer.BYTES).get(JAVA_INT, Abi.SIZE));
        if (room < Integer.BYTES) {
            throw new CoreException(CoreError.INVALID_ARGUMENT, "Size of the structure is impossible: size=" + room);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment whole = arena.allocate(Abi.BOARD_INFO);
            whole.set(JAVA_INT, Abi.SIZE, (int) room);
            fill(whole, board);
            long known = Math.min(room, whole.byteSize());
            // NATIVE: C says how large its structure is.
            MemorySegment.copy(whole, 0, info.reinterpret(known), 0, known);
        }
        return 0;
    }

    private static void fill(MemorySegment info, BoardInfo board) {
        info.set(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "ecc"), board.ecc() ? 1 : 0);
        Numbers.setText(info, Abi.BOARD_INFO, "chip", board.chip());
        Numbers.setText(info, Abi.BOARD_INFO, "name", board.name());
        Numbers.setText(info, Abi.BOARD_INFO, "uuid", board.uuid());
        Numbers.setText(info, Abi.BOARD_INFO, "firmware", board.firmware());
        info.set(JAVA_LONG, Abi.offset(Abi.BOARD_INFO, "fb_bytes"), board.fbBytes());
        info.set(JAVA_LONG, Abi.offset(Abi.BOARD_INFO, "bar1_bytes"), board.bar1Bytes());
        info.set(JAVA_LONG, Abi.offset(Abi.BOARD_INFO, "vmmu_segment_bytes"), board.vmmuSegmentBytes());
        info.set(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "channels"), board.channels());
        info.set(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "vgpu_channels"), board.vgpuChannels());
        int count = Math.min(Abi.MAX_FB_REGIONS, board.fbRegions().size());
        info.set(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "fb_region_count"), count);
        long at = Abi.offset(Abi.BOARD_INFO, "fb_regions");
        for (BoardInfo.FbRegion region : board.fbRegions().subList(0, count)) {
            info.set(JAVA_LONG, at + Abi.offset(Abi.FB_REGION, "offset"), region.offset());
            info.set(JAVA_LONG, at + Abi.offset(Abi.FB_REGION, "bytes"), region.bytes());
            at += Abi.FB_REGION.byteSize();
        }
        PciIds pci = board.pci();
        info.set(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "pci_id"), pci.vendor() | pci.device() << Short.SIZE);
        info.set(
                JAVA_INT,
                Abi.offset(Abi.BOARD_INFO, "pci_subsystem"),
                pci.subsystemVendor() | pci.subsystemDevice() << Short.SIZE);
        info.set(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "pci_class"), pci.revision() | pci.classCode() << Byte.SIZE);
        BoardInfo.Silicon silicon = board.silicon();
        info.set(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "chipset"), silicon.chipset());
        info.set(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "chip_revision"), silicon.revision());
        info.set(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "gpcs"), silicon.gpcs());
        info.set(JAVA_INT, Abi.offset(Abi.BOARD_INFO, "tpcs"), silicon.tpcs());
    }

    int vgpuIsEnabled(long core) {
        return exports.core(core).isVgpuEnabled() ? 1 : 0;
    }

    int owner(long core) {
        return exports.core(core).owner().map(ClientKind::number).orElse(0);
    }

    int engines(long core, MemorySegment to, int capacity) {
        List<Engine> engines = exports.core(core).engines();
        int count = Math.min(Exports.clip(capacity), engines.size());
        long at = 0;
        for (Engine engine : engines.subList(0, count)) {
            MemorySegment all = Exports.at(to, count * Abi.ENGINE.byteSize());
            all.set(JAVA_INT, at + Abi.offset(Abi.ENGINE, "type"), engine.type().number());
            all.set(JAVA_INT, at + Abi.offset(Abi.ENGINE, "instance"), engine.instance());
            all.set(JAVA_INT, at + Abi.offset(Abi.ENGINE, "bit"), engine.bit());
            List<Integer> classes = engine.classes();
            int classCount = Math.min(Abi.MAX_ENGINE_CLASSES, classes.size());
            all.set(JAVA_INT, at + Abi.offset(Abi.ENGINE, "class_count"), classCount);
            for (int i = 0; i < Abi.MAX_ENGINE_CLASSES; i++) {
                long place = at + Abi.offset(Abi.ENGINE, "classes") + (long) i * Integer.BYTES;
                all.set(JAVA_INT, place, i < classCount ? classes.get(i) : 0);
            }
            at += Abi.ENGINE.byteSize();
        }
        return engines.size();
    }

    int engineBitmapSize(long core) {
        int last = exports.core(core).engines().stream()
                .mapToInt(Engine::bit)
                .max()
                .orElse(0);
        return last / Byte.SIZE + 1;
    }

    int engineBitmap(long core, MemorySegment bitmap, int bytes) {
        int size = engineBitmapSize(core);
        if (Exports.clip(bytes) < size) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "The bitmap of engines does not fit: bytes=" + Integer.toUnsignedString(bytes) + " allowed=from "
                            + size);
        }
        MemorySegment all = Exports.at(bitmap, Exports.clip(bytes)).fill((byte) 0);
        for (Engine engine : exports.core(core).engines()) {
            int at = engine.bit() / Byte.SIZE;
            all.set(JAVA_BYTE, at, (byte) (all.get(JAVA_BYTE, at) | 1 << engine.bit() % Byte.SIZE));
        }
        return 0;
    }

    int sriovConfigure(long core, int count) {
        exports.core(core).configureVirtualFunctions(Exports.clip(count));
        return 0;
    }

    int suspend(long core) {
        exports.core(core).suspend();
        return 0;
    }

    int resume(long core) {
        exports.core(core).resume();
        return 0;
    }

    void close(long core) {
        exports.core(core).close();
        exports.handles().remove(core);
    }

    int attach(long core, MemorySegment client, MemorySegment attachment) {
        Core its = exports.core(core);
        Exports.at(attachment, ADDRESS.byteSize());
        return exports.give(exports.handles().add(core, its.attach(client(client))), attachment);
    }

    private static Client client(MemorySegment pointer) {
        int size = Exports.at(pointer, Integer.BYTES).get(JAVA_INT, Abi.SIZE);
        if (Exports.clip(size) < Abi.CLIENT.byteSize()) {
            throw new CoreException(
                    CoreError.INVALID_ARGUMENT,
                    "Size of the client is impossible: size=" + Integer.toUnsignedString(size) + " allowed=from "
                            + Abi.CLIENT.byteSize());
        }
        // NATIVE: C says that its structure is as large.
        MemorySegment in = pointer.reinterpret(Abi.CLIENT.byteSize());
        int kind = in.get(JAVA_INT, Abi.offset(Abi.CLIENT, "kind"));
        MemorySegment name = Exports.at(in.get(ADDRESS, Abi.offset(Abi.CLIENT, "name")), MOST_CHARACTERS);
        return new Client(
                Numbers.text(name),
                Numbers.clientKind(kind)
                        .orElseThrow(() -> new CoreException(
                                CoreError.INVALID_ARGUMENT, "There is no such kind of client: kind=" + kind)),
                Exports.clip(in.get(JAVA_INT, Abi.offset(Abi.CLIENT, "oldest_version"))),
                Exports.clip(in.get(JAVA_INT, Abi.offset(Abi.CLIENT, "newest_version"))),
                required(in.get(JAVA_LONG, Abi.offset(Abi.CLIENT, "required"))),
                new NativeListener(
                        in.get(ADDRESS, Abi.offset(Abi.CLIENT, "on_event")),
                        in.get(JAVA_LONG, Abi.offset(Abi.CLIENT, "context"))));
    }

    private static Set<Capability> required(long mask) {
        Set<Capability> known = Numbers.capabilities(mask);
        if (Numbers.mask(known) != mask) {
            throw new CoreException(
                    CoreError.NOT_SUPPORTED,
                    "The client requires capabilities that nobody knows: mask=0x"
                            + Long.toHexString(mask & ~Numbers.mask(known)));
        }
        return known;
    }

    int detach(long attachment) throws Exception {
        return exports.free(attachment, exports.attachment(attachment));
    }

    int agreedVersion(long attachment) {
        return exports.attachment(attachment).version();
    }

    long agreedCapabilities(long attachment) {
        Attachment its = exports.attachment(attachment);
        return exported(its.capabilities());
    }

    /** Those that the table has operations for. */
    private static long exported(Set<Capability> capabilities) {
        return Numbers.mask(capabilities) & ~(1L << Capability.DISPLAY.bit());
    }
}
