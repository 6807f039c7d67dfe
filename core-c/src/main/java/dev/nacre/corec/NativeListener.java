package dev.nacre.corec;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.CoreEvent;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.function.Consumer;

/**
 * A listener in C.
 *
 * @param function its {@code on_event}; NULL for none
 * @param context what it is given
 */
record NativeListener(MemorySegment function, long context) implements Consumer<CoreEvent> {
    /** Of {@code on_event}. */
    static final Shape SHAPE = Shape.VOID_LP;

    private static final MethodHandle ON_EVENT = Linker.nativeLinker().downcallHandle(SHAPE.descriptor());

    @Override
    public void accept(CoreEvent event) {
        if (function.address() == 0) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(Abi.EVENT);
            write(event, out);
            ON_EVENT.invokeExact(function, context, out);
        } catch (Throwable t) {
            throw new AssertionError("Downcall does not match its descriptor", t);
        }
    }

    private static void write(CoreEvent event, MemorySegment out) {
        out.set(JAVA_INT, Abi.EVENT_KIND, event.kind().number());
        switch (event) {
            case CoreEvent.SriovConfigure configure -> out.set(JAVA_INT, Abi.EVENT_NUM_VFS, configure.count());
            case CoreEvent.ChannelStart start -> out.set(JAVA_INT, Abi.EVENT_CHANNEL_ID, start.channelId());
            case CoreEvent.FifoNonstall nonstall -> out.set(JAVA_INT, Abi.EVENT_CHANNEL_ID, nonstall.channelId());
            case CoreEvent.ChannelEnd end -> out.set(JAVA_INT, Abi.EVENT_CHANNEL_ID, end.channelId());
            case CoreEvent.Fault fault -> {
                out.set(JAVA_INT, Abi.EVENT_CHANNEL_ID, fault.channelId());
                out.set(JAVA_INT, Abi.EVENT_FAULT_CAUSE, fault.cause().number());
                out.set(JAVA_INT, Abi.EVENT_HAS_FAULT_ADDRESS, fault.address().isPresent() ? 1 : 0);
                out.set(JAVA_LONG, Abi.EVENT_FAULT_ADDRESS, fault.address().orElse(0));
            }
            case CoreEvent.VgpuNotice notice -> {
                out.set(JAVA_INT, Abi.EVENT_VF_INDEX, notice.vfIndex());
                out.set(JAVA_INT, Abi.EVENT_NOTIFY_INDEX, notice.index());
            }
            case CoreEvent.DriverStart nothing -> {}
            case CoreEvent.DriverUnbind nothing -> {}
            case CoreEvent.DriverEnd nothing -> {}
            case CoreEvent.Suspend nothing -> {}
            case CoreEvent.Resume nothing -> {}
        }
    }
}
