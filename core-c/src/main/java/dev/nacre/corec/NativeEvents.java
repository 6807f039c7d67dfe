package dev.nacre.corec;

import static java.lang.System.Logger.Level.WARNING;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.core.Client;
import dev.nacre.core.CoreEvent;
import dev.nacre.core.EventKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The events of a core in C: one function for all its clients, whose context says which of them. */
final class NativeEvents implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(NativeEvents.class.getName());

    private final Arena arena = Arena.ofShared();
    private final MemorySegment function =
            new Upcalls(MethodHandles.lookup(), this, arena).function("onEvent", NativeListener.SHAPE);
    private final Map<Long, Client> clients = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong(1);
    private volatile @Nullable Thread delivering;

    /** What a client's {@code on_event} is. */
    MemorySegment function() {
        return function;
    }

    /** Has a client be told events; gives the context. It is forgotten after its last event. */
    long add(Client client) {
        long context = next.getAndIncrement();
        clients.put(context, client);
        return context;
    }

    /** Forgets a client that could not be attached. */
    void remove(long context) {
        clients.remove(context);
    }

    /** Whether the calling thread is in a listener. */
    boolean isDelivering() {
        return Thread.currentThread().equals(delivering);
    }

    /** Frees the function, which nobody calls any more. */
    @Override
    public void close() {
        arena.close();
    }

    // C calls this.
    void onEvent(long context, MemorySegment pointer) {
        try {
            // NATIVE: an event of the core's, which lives while this runs.
            MemorySegment event = pointer.reinterpret(Abi.EVENT.byteSize());
            int number = event.get(JAVA_INT, Abi.EVENT_KIND);
            Client client = clients.get(context);
            EventKind kind = Numbers.eventKind(number).orElse(null);
            if (client == null || kind == null) {
                LOGGER.log(WARNING, "An event is not known: kind=" + number + " context=" + context);
                return;
            }
            if (kind == EventKind.DRIVER_END) {
                clients.remove(context);
            }
            deliver(client, read(kind, event));
        } catch (Throwable t) {
            logQuietly(t);
        }
    }

    private void deliver(Client client, CoreEvent event) {
        delivering = Thread.currentThread();
        try {
            client.listener().accept(event);
        } catch (Throwable t) {
            LOGGER.log(WARNING, "A client failed at an event: client=" + client.name() + " event=" + event, t);
        } finally {
            delivering = null;
        }
    }

    private static CoreEvent read(EventKind kind, MemorySegment event) {
        int channel = event.get(JAVA_INT, Abi.EVENT_CHANNEL_ID);
        return switch (kind) {
            case DRIVER_START -> new CoreEvent.DriverStart();
            case SRIOV_CONFIGURE -> new CoreEvent.SriovConfigure(event.get(JAVA_INT, Abi.EVENT_NUM_VFS));
            case DRIVER_UNBIND -> new CoreEvent.DriverUnbind();
            case DRIVER_END -> new CoreEvent.DriverEnd();
            case CHANNEL_START -> new CoreEvent.ChannelStart(channel);
            case FIFO_NONSTALL -> new CoreEvent.FifoNonstall(channel);
            case CHANNEL_END -> new CoreEvent.ChannelEnd(channel);
            case SUSPEND -> new CoreEvent.Suspend();
            case RESUME -> new CoreEvent.Resume();
            case VGPU_NOTICE ->
                new CoreEvent.VgpuNotice(
                        event.get(JAVA_INT, Abi.EVENT_VF_INDEX), event.get(JAVA_INT, Abi.EVENT_NOTIFY_INDEX));
            case FAULT ->
                new CoreEvent.Fault(
                        channel,
                        Numbers.faultCause(event.get(JAVA_INT, Abi.EVENT_FAULT_CAUSE)),
                        event.get(JAVA_INT, Abi.EVENT_HAS_FAULT_ADDRESS) != 0
                                ? OptionalLong.of(event.get(JAVA_LONG, Abi.EVENT_FAULT_ADDRESS))
                                : OptionalLong.empty());
        };
    }

    /** An exception must not reach C, not even that of a logger. */
    private static void logQuietly(Throwable t) {
        try {
            LOGGER.log(WARNING, "An event could not be delivered", t);
        } catch (Throwable lost) {
            // Nothing is left to tell it to.
        }
    }
}
