package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.nacre.core.Core;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.EnumSet;
import java.util.Set;

/**
 * Any core as a C table of operations ({@code struct nacre_core_ops} of {@code nacre_core.h}), so that programs in C can
 * use it. Handles are checked: one that was freed gives {@code NACRE_ERR_STALE}. Exceptions become error numbers, with
 * their message as the words of {@code last_error}.
 */
public final class JavaCoreTable implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final MemorySegment ops = arena.allocate(Abi.CORE_OPS);
    private final Exports exports;

    /**
     * Exports a core, which stays the caller's. C may close it.
     *
     * @param core any
     */
    public JavaCoreTable(Core core) {
        exports = new Exports(core);
        ops.set(JAVA_INT, Abi.SIZE, (int) Abi.CORE_OPS.byteSize());
        ops.set(JAVA_INT, Abi.offset(Abi.CORE_OPS, "version"), Abi.VERSION);
        export(new CoreExports(exports, arena), EnumSet.range(Op.LAST_ERROR, Op.AGREED_CAPABILITIES));
        export(new FirmwareExports(exports), EnumSet.range(Op.ALLOC_GSP_CLIENT, Op.RM_CTRL_DONE));
        export(new MemoryExports(exports), EnumSet.range(Op.ALLOC_CHIDS, Op.BAR1_WRITE));
        export(new CeChannelExports(exports), EnumSet.range(Op.ALLOC_CE_CHANNEL, Op.SUBMIT_PUSHBUF));
        export(new FirmwareExports(exports), EnumSet.of(Op.GSP_LOG_COUNT, Op.GSP_LOG));
        export(new AddressSpaceExports(exports), EnumSet.range(Op.ADDRESS_SPACE_CREATE, Op.MEMORY_WRITE));
        export(new ChannelExports(exports), EnumSet.range(Op.CHANNEL_GROUP_CREATE, Op.TIMELINE_SIGNAL));
        export(new VgpuExports(exports), EnumSet.range(Op.VGPU_DEFINE_TYPES, Op.VGPU_STOP));
    }

    /** The table ({@code const struct nacre_core_ops *}), until this is closed. */
    public MemorySegment ops() {
        return ops;
    }

    /** The core's handle ({@code struct nacre_core *}). */
    public MemorySegment core() {
        return MemorySegment.ofAddress(exports.coreHandle());
    }

    /** How many handles C holds, the core's among them. */
    public int handles() {
        return exports.handles().count();
    }

    /** Frees the functions: C has made its last call, and was told its last event. The core stays open. */
    @Override
    public void close() {
        arena.close();
    }

    private void export(Object receiver, Set<Op> its) {
        Upcalls upcalls = new Upcalls(MethodHandles.lookup(), receiver, arena);
        for (Op op : its) {
            ops.set(
                    ADDRESS,
                    Abi.offset(Abi.CORE_OPS, op.field()),
                    upcalls.function(Names.method(op.field()), op.shape(), exports.failed(op.shape())));
        }
    }
}
