package dev.nacre.vfiouser;

import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.pci.PciFunction;
import dev.nacre.vfiouser.ClientInfo.ErrorPolicy;
import dev.nacre.vfiouser.ModelGuard.Call;
import dev.nacre.vfiouser.transport.MessageReader;
import dev.nacre.vfiouser.transport.MessageWriter;
import dev.nacre.vfiouser.wire.Command;
import dev.nacre.vfiouser.wire.DeviceInfo;
import dev.nacre.vfiouser.wire.DmaUnmap;
import dev.nacre.vfiouser.wire.Header;
import dev.nacre.vfiouser.wire.IndexedInfo;
import dev.nacre.vfiouser.wire.Limits;
import dev.nacre.vfiouser.wire.RegionInfo;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Serves one message after the other, in order, and answers each at once. One thread. */
final class Dispatcher {
    private final PciFunction function;
    private final MessageReader request;
    private final MessageWriter reply;
    private final Counters counters;
    private final ModelGuard guard;
    private final VersionService version;
    private final DmaService dma;
    private final InfoService info;
    private final IrqService irqs;
    private final RegionService regions;
    private final Runnable onNegotiated;

    /** What a dispatcher works with. */
    record Parts(
            Device device,
            MessageReader request,
            MessageWriter reply,
            LineEvents lineEvents,
            Counters counters,
            ModelGuard guard) {}

    /**
     * Makes a dispatcher for a new connection.
     *
     * @param version agrees with the client
     * @param warnings take what the user should know
     * @param onNegotiated called once, when VERSION has succeeded and before it is answered
     */
    Dispatcher(Parts parts, VersionService version, Consumer<String> warnings, Runnable onNegotiated) {
        this.function = parts.device.function();
        this.request = parts.request;
        this.reply = parts.reply;
        this.counters = parts.counters;
        this.guard = parts.guard;
        this.onNegotiated = onNegotiated;
        this.version = version;
        this.dma = new DmaService(function.memory(), warnings);
        this.info = new InfoService(parts.device.regions(), function.interrupts());
        this.irqs = new IrqService(function.interrupts(), parts.lineEvents);
        this.regions = new RegionService(parts.device, guard, counters);
        request.limit(Limits.MAX_VERSION_BYTES);
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

    /** Unmaps the client's memory. */
    void release() {
        dma.table().clear();
    }

    /** Serves the message that the reader holds; false if the connection has ended. */
    boolean serve() {
        int flags = request.flags();
        boolean quiet = (flags & Header.NO_REPLY) != 0;
        counters.messages++;
        counters.posted += quiet ? 1 : 0;
        Command command = Command.of(request.command());
        // A reply, an unknown bit, and an unknown command are all refused: we have nothing outstanding.
        boolean sound = (flags & ~Header.NO_REPLY) == Header.TYPE_COMMAND && command != null && !request.hasExcessFds();
        int result = sound && command != null ? run(command) : -Errno.EINVAL.number();
        if (result < 0) {
            counters.rejected++;
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
        counters.rejected++;
        boolean quiet = (request.flags() & Header.NO_REPLY) != 0;
        boolean sent = quiet || reply.error(request.id(), request.command(), Errno.EINVAL.number());
        return sent && version.client() != null;
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
            case DMA_MAP -> dma.map(request);
            case DMA_UNMAP -> dma.unmap(request, reply);
            case DEVICE_GET_INFO -> info.device(request, reply);
            case DEVICE_GET_REGION_INFO -> info.region(request, reply, maxFds());
            case DEVICE_GET_REGION_IO_FDS -> info.regionIoFds(request, reply, maxFds());
            case DEVICE_GET_IRQ_INFO -> info.irq(request, reply);
            case DEVICE_SET_IRQS -> irqs.set(request);
            case REGION_READ -> regions.read(request, reply, isLenient());
            case REGION_WRITE -> regions.write(request, reply, isLenient());
            case REGION_WRITE_MULTI -> regions.writeMulti(request, reply);
            case DEVICE_RESET -> reset();
            // A function here has no optional features and no migration; QEMU takes EINVAL for "no such feature".
            case DEVICE_FEATURE, MIG_DATA_READ, MIG_DATA_WRITE -> -Errno.EINVAL.number();
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
        if (request.bodySize() != 0) {
            return -Errno.EINVAL.number();
        }
        guard.run(Call.RESET, function::reset);
        return 0;
    }

    private int maxFds() {
        ClientInfo client = version.client();
        return client == null ? 0 : Math.min(client.maxFds(), Limits.MAX_FDS);
    }

    private boolean isLenient() {
        ClientInfo client = version.client();
        return client != null && client.errorPolicy() == ErrorPolicy.LIKE_HARDWARE;
    }

    private boolean answer(@Nullable Command command, int result) {
        int id = request.id();
        if (result >= 0) {
            return reply.reply(id, request.command(), result);
        }
        int size = isLenient() && command != null ? sizeInsteadOfError(command) : 0;
        if (size > 0) {
            return reply.reply(id, request.command(), size);
        }
        return reply.error(id, request.command(), -result);
    }

    /**
     * Puts together an answer of full size for a client that would wait for it; 0 for a command that an error reply
     * answers in full.
     */
    private int sizeInsteadOfError(Command command) {
        int size = switch (command) {
            case DMA_UNMAP -> DmaUnmap.SIZE;
            case DEVICE_GET_INFO -> DeviceInfo.SIZE;
            case DEVICE_GET_REGION_INFO -> RegionInfo.SIZE;
            case DEVICE_GET_IRQ_INFO -> IndexedInfo.SIZE;
            default -> 0;
        };
        reply.segment().asSlice(reply.body(), size).fill((byte) 0);
        return size;
    }
}
