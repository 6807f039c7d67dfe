package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.Signaller;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.ModelGuard.Call;
import dev.nacre.vfiouser.ServerListener.ResetCause;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.Limits;
import org.jspecify.annotations.Nullable;

/** Serves one message after the other, in order, and answers each at once. One thread. */
final class Dispatcher {
    private final PciFunction function;
    private final MessageReader request;
    private final MessageWriter reply;
    private final Counters counters;
    private final ServerCounters totals;
    private final ModelGuard guard;
    private final VersionService version;
    private final DmaService dma;
    private final InfoService info;
    private final IrqService irqs;
    private final RegionService regions;
    private final MigrationService migration;
    private final DmaLoggingService logging;
    private final FeatureService features;
    private final SafeListener listener;
    private final Runnable onNegotiated;

    /** What a dispatcher works with. */
    record Parts(
            Device device,
            MessageReader request,
            MessageWriter reply,
            LineEvents lineEvents,
            Counters counters,
            ModelGuard guard,
            Signaller signaller,
            SafeListener listener) {}

    /**
     * Makes a dispatcher for a new connection.
     *
     * @param options how to treat the client
     * @param onNegotiated called once, when VERSION has succeeded and before it is answered
     */
    Dispatcher(Parts parts, Connection.Options options, Runnable onNegotiated) {
        this.function = parts.device.function();
        this.request = parts.request;
        this.reply = parts.reply;
        this.counters = parts.counters;
        this.totals = parts.device.counters();
        this.guard = parts.guard;
        this.listener = parts.listener;
        this.onNegotiated = onNegotiated;
        this.migration = new MigrationService(parts.device, guard, listener::warning);
        this.version = new VersionService(options.writeMultiple(), migration.isOffered(), options.messageDma());
        this.dma = new DmaService(function.memory(), listener::warning);
        this.logging = new DmaLoggingService(function.memory(), dma.table());
        this.features = new FeatureService(migration, logging);
        this.info = new InfoService(parts.device.regions(), function.interrupts());
        this.irqs = new IrqService(function.interrupts(), parts.lineEvents, parts.signaller);
        this.regions = new RegionService(parts.device, guard, counters);
        request.limit(Limits.MAX_VERSION_BYTES);
        request.placeBy(this::place);
    }

    /** The client; null until it has agreed on a version. */
    @Nullable
    ClientInfo client() {
        return version.client();
    }

    /** Our end of the second socket that the client will get; null if none, or taken already. */
    @Nullable
    Fd takeTwin() {
        return version.takeTwin();
    }

    /** Reaches memory that the client maps without a file by messages from now on. */
    void useMessages(DmaMessages messages) {
        dma.table().useMessages(messages);
    }

    /** The client is about to find the function as it is now, reset if it is to be. */
    void attach() {
        migration.attach();
    }

    /** Unmaps the client's memory, and ends its log and its migration. */
    void release() {
        logging.stop();
        dma.table().clear();
        migration.release();
    }

    /** Serves the message that the reader holds; false if the connection has ended. */
    boolean serve() {
        int flags = request.flags();
        boolean quiet = (flags & Header.NO_REPLY) != 0;
        counters.messages++;
        totals.message(request.command());
        counters.posted += quiet ? 1 : 0;
        Command command = Command.of(request.command());
        int result = command != null && isSound() ? run(command) : -Errno.EINVAL.number();
        if (result < 0) {
            counters.rejected++;
            totals.rejected();
        }
        if (quiet) {
            reply.detach();
            return true;
        }
        return answer(command, result);
    }

    /**
     * Answers a header that announces an impossible size.
     *
     * @return false if the connection ends: before a version is agreed on, nothing that large can be meant
     */
    boolean serveBadSize() {
        counters.messages++;
        totals.message(request.command());
        counters.rejected++;
        totals.rejected();
        boolean quiet = (request.flags() & Header.NO_REPLY) != 0;
        boolean sent = quiet || reply.error(request.id(), request.command(), Errno.EINVAL.number());
        return sent && version.client() != null;
    }

    /** Whether it is a command, and brings no more than it may. A reply is not: we have nothing outstanding. */
    private boolean isSound() {
        return (request.flags() & ~Header.NO_REPLY) == Header.TYPE_COMMAND && !request.hasExcessFds();
    }

    /** Says where the data of a large command belongs, while it comes. What is wrong is left to {@link #serve}. */
    private void place() {
        Command command = Command.of(request.command());
        if (version.client() == null || !isSound()) {
            return;
        }
        try {
            if (command == Command.REGION_WRITE) {
                regions.place(request);
            } else if (command == Command.MIG_DATA_WRITE) {
                migration.place(request, maxDataBytes());
            }
        } catch (Throwable t) {
            guard.failed(Call.OTHER, t);
        }
    }

    private int run(Command command) {
        try {
            if (version.client() != null) {
                return runAgreed(command);
            }
            return command == Command.VERSION ? negotiate() : -Errno.EINVAL.number();
        } catch (Throwable t) {
            guard.failed(Call.OTHER, t);
            return -Errno.EIO.number();
        }
    }

    private int runAgreed(Command command) {
        return switch (command) {
            case DMA_MAP -> dma.map(request, kind());
            case DMA_UNMAP -> dma.unmap(request, reply);
            case DEVICE_GET_INFO -> info.device(request, reply);
            case DEVICE_GET_REGION_INFO -> info.region(request, reply, maxFds());
            case DEVICE_GET_REGION_IO_FDS -> info.regionIoFds(request, reply, maxFds());
            case DEVICE_GET_IRQ_INFO -> info.irq(request, reply);
            case DEVICE_SET_IRQS -> irqs.set(request);
            case REGION_READ -> regions.read(request, reply, kind().wantsHardwareAnswers());
            case REGION_WRITE -> regions.write(request, reply, kind().wantsHardwareAnswers());
            case REGION_WRITE_MULTI -> regions.writeMulti(request, reply);
            case DEVICE_RESET -> reset();
            case DEVICE_FEATURE -> features.serve(request, reply, maxDataBytes());
            case MIG_DATA_READ -> migration.read(request, reply, maxDataBytes());
            case MIG_DATA_WRITE -> migration.write(request, maxDataBytes());
            // Once is enough; only servers send the next two; the last is of an older specification.
            case VERSION, DMA_READ, DMA_WRITE, DIRTY_PAGES -> -Errno.EINVAL.number();
        };
    }

    private int negotiate() {
        int result = version.negotiate(request, reply);
        if (result >= 0) {
            request.limit(Limits.MAX_MESSAGE_BYTES);
            onNegotiated.run();
        }
        return result;
    }

    private int reset() {
        if (request.bodySize() != 0 || !migration.permitsReset()) {
            return -Errno.EINVAL.number();
        }
        guard.run(Call.RESET, function::reset);
        listener.reset(ResetCause.COMMAND);
        return migration.afterReset();
    }

    private int maxFds() {
        ClientInfo client = version.client();
        return client == null ? 0 : Math.min(client.maxFds(), Limits.MAX_FDS);
    }

    /** Most data bytes of a message to the client. */
    private int maxDataBytes() {
        ClientInfo client = version.client();
        // CAST: at most our own limit
        return client == null ? 0 : (int) Math.min(client.maxDataBytes(), Limits.MAX_DATA_BYTES);
    }

    private ClientKind kind() {
        ClientInfo client = version.client();
        return client == null ? ClientKind.OTHER : client.kind();
    }

    private boolean answer(@Nullable Command command, int result) {
        int id = request.id();
        if (result >= 0) {
            return reply.reply(id, request.command(), result);
        }
        int size = command == null ? 0 : kind().sizeInsteadOfError(command);
        if (size > 0) {
            reply.segment().asSlice(reply.body(), size).fill((byte) 0);
            return reply.reply(id, request.command(), size);
        }
        return reply.error(id, request.command(), -result);
    }
}
