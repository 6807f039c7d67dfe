package dev.nacre.drm.server;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.nacre.drm.Credentials;
import dev.nacre.drm.DrmDevice;
import dev.nacre.drm.DrmException;
import dev.nacre.drm.DrmFile;
import dev.nacre.drm.IoctlCode;
import dev.nacre.drm.Quotas;
import dev.nacre.drm.gem.GemObject;
import dev.nacre.drm.thread.Joining;
import dev.nacre.linux.Errno;
import dev.nacre.linux.Fd;
import dev.nacre.linux.NativeException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One thread of a client: what it asks is answered by one thread here. */
final class Connection implements Runnable {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    // HW: _IOC_SIZEBITS of <asm-generic/ioctl.h>
    private static final int ARG_ROOM_BYTES = 1 << 14;

    // HW: <sys/mman.h>
    private static final int PROT_WRITE = 2;
    private static final int MAP_TYPE = 0xf;
    private static final int MAP_PRIVATE = 2;

    private final DrmServer server;
    private final Credentials client;
    private final Channel channel;
    private final Thread thread;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment arg = arena.allocate(ARG_ROOM_BYTES, 8);
    private final CallMemory memory;

    // Of the thread: what it has of devices by descriptors that are no files of them.
    private final Map<DrmDevice, Quotas> quotas = new HashMap<>();

    // Guarded by this.
    private boolean calling;
    private boolean closed;

    private volatile boolean hungUp;

    /** The file of the call that runs, to stop waiting for its client when it closes. */
    private volatile @Nullable DrmFile callFile;

    Connection(DrmServer server, Fd connected, Credentials client) {
        this.server = server;
        this.client = client;
        this.channel = new Channel(connected);
        this.memory = new CallMemory(channel, this::isWanted);
        this.thread =
                Thread.ofPlatform().daemon().name("nacre-drm-" + client.pid()).unstarted(this);
    }

    Credentials client() {
        return client;
    }

    Fd fd() {
        return channel.fd();
    }

    void start() {
        thread.start();
    }

    /** The client has hung up: a call that waits for something is of no use any more. */
    synchronized void hangUp() {
        if (closed) {
            return;
        }
        hungUp = true;
        channel.shutdown();
        if (calling) {
            thread.interrupt();
        }
    }

    /** Frees what it has, after the thread has ended; nothing looks at its socket any more. */
    void close() {
        Joining.join(thread);
        synchronized (this) {
            closed = true;
            channel.close();
            arena.close();
        }
    }

    private boolean isWanted() {
        DrmFile file = callFile;
        return !hungUp && (file == null || file.isOpen());
    }

    @Override
    public void run() {
        try {
            if (channel.receive(this::isWanted) && greet()) {
                boolean going = true;
                while (going && channel.receive(this::isWanted)) {
                    going = answer();
                }
            }
        } catch (ProtocolException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "A DRM client broke the protocol: pid={0} why={1}",
                    client.pid(),
                    e.getMessage());
            boolean _ = fail(Errno.EPROTO);
        } catch (NativeException e) {
            LOG.log(System.Logger.Level.WARNING, "A DRM client's connection failed: pid=" + client.pid(), e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "A DRM client's connection met a defect: pid=" + client.pid(), e);
        } finally {
            memory.clear();
            channel.shutdown();
            server.ended(this);
        }
    }

    private boolean greet() {
        Message in = channel.in();
        require(in.type() == Wire.HELLO && in.length() >= Wire.HELLO_BYTES);
        if (in.intAt(Wire.HEADER_BYTES) != Wire.VERSION) {
            boolean _ = fail(Errno.EPROTONOSUPPORT);
            return false;
        }
        channel.out().setInt(Wire.HEADER_BYTES, Wire.VERSION);
        channel.out().setInt(Wire.HEADER_BYTES + 4, 0);
        return channel.send(Wire.HELLO_BYTES, Wire.HELLO_OK, List.of());
    }

    private boolean answer() {
        Message in = channel.in();
        return switch (in.type()) {
            case Wire.OPEN -> open();
            case Wire.IOCTL -> ioctl();
            case Wire.FD_IOCTL -> descriptorIoctl();
            case Wire.MMAP -> map();
            default -> throw new ProtocolException("Message of another type: type=" + in.type());
        };
    }

    private static void require(boolean fits) {
        if (!fits) {
            throw new ProtocolException("Message is too short, or of another type");
        }
    }

    private boolean fail(Errno errno) {
        channel.out().setInt(Wire.HEADER_BYTES, errno.number());
        channel.out().setInt(Wire.HEADER_BYTES + 4, 0);
        return channel.send(Wire.ERROR_BYTES, Wire.ERROR, List.of());
    }

    private boolean open() {
        require(channel.in().length() >= Wire.OPEN_BYTES);
        try (Fd socket = server.open(client, channel.in().intAt(Wire.HEADER_BYTES))) {
            channel.out().segment().set(JAVA_LONG, Wire.HEADER_BYTES, 0);
            return channel.send(Wire.OPENED_BYTES, Wire.OPENED, List.of(socket));
        } catch (DrmException e) {
            return fail(e.errno());
        }
    }

    /** Takes the argument and the segments of a call; its command. */
    private int takeCall() {
        Message in = channel.in();
        require(in.length() >= Wire.IOCTL_ARG_AT);
        int argBytes = in.intAt(Wire.IOCTL_ARG_BYTES_AT);
        require(argBytes >= 0 && argBytes < ARG_ROOM_BYTES && Wire.padded(argBytes) <= in.length() - Wire.IOCTL_ARG_AT);
        int command = in.intAt(Wire.IOCTL_COMMAND_AT);
        memory.begin(Wire.IOCTL_ARG_AT + Wire.padded(argBytes), in.intAt(Wire.IOCTL_SEGMENTS_AT));
        arg.asSlice(0, argBytes).copyFrom(in.segment().asSlice(Wire.IOCTL_ARG_AT, argBytes));
        clearFrom(argBytes, command);
        return command;
    }

    private boolean ioctl() {
        int command = takeCall();
        Token token = Token.at(channel.in().segment(), Wire.HEADER_BYTES);
        return answer(() -> {
            DrmFile file = server.find(client, token);
            return call(file, () -> file.device().ioctl(file, command, arg, client, memory));
        });
    }

    /** Whoever has a descriptor may call it; ENOTTY if it stands for nothing here. */
    private boolean descriptorIoctl() {
        int command = takeCall();
        require(channel.fds().count() > 0);
        try (Fd given = channel.fds().take()) {
            return answer(() -> call(null, () -> call(given, command)));
        }
    }

    /** Answers with how a call ends, if its client is still there; false if it is not. */
    private boolean answer(Supplier<DrmDevice.Outcome> action) {
        try {
            DrmDevice.Outcome outcome = action.get();
            return memory.isClientThere() && sendResult(outcome);
        } catch (DrmException e) {
            return sendResult(new DrmDevice.Outcome(e.errno().number(), 0));
        } finally {
            memory.clear();
        }
    }

    private DrmDevice.Outcome call(Fd given, int command) {
        for (DrmDevice device : server.devices()) {
            Quotas payer = quotas.computeIfAbsent(device, DrmDevice::newQuotas);
            Optional<DrmDevice.Outcome> outcome = device.ioctl(given, command, arg, payer, memory);
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        return new DrmDevice.Outcome(Errno.ENOTTY.number(), 0);
    }

    /** What the command says is there, and did not come, is zero. */
    private void clearFrom(int argBytes, int command) {
        int said = IoctlCode.bytes(command);
        if (said > argBytes) {
            arg.asSlice(argBytes, said - argBytes).fill((byte) 0);
        }
    }

    private DrmDevice.Outcome call(@Nullable DrmFile file, Supplier<DrmDevice.Outcome> action) {
        begin(file);
        try {
            return action.get();
        } finally {
            end();
        }
    }

    private synchronized void begin(@Nullable DrmFile file) {
        if (hungUp) {
            throw new DrmException(Errno.ENODEV, "The client has gone");
        }
        callFile = file;
        calling = true;
    }

    private synchronized void end() {
        calling = false;
        callFile = null;
        // It was meant for the call.
        boolean _ = Thread.interrupted();
    }

    private boolean sendResult(DrmDevice.Outcome outcome) {
        boolean ok = outcome.errno() == 0;
        Message out = channel.out();
        int argEnd = Wire.RESULT_ARG_AT + Wire.padded(outcome.outBytes());
        out.require(argEnd + memory.bytes());
        List<Fd> fds = memory.fds(ok);
        out.setInt(Wire.HEADER_BYTES, outcome.errno());
        out.setInt(Wire.HEADER_BYTES + 4, 0);
        out.setInt(Wire.HEADER_BYTES + 8, outcome.outBytes());
        out.setInt(Wire.HEADER_BYTES + 12, memory.segments());
        out.setInt(Wire.HEADER_BYTES + 16, fds.size());
        out.setInt(Wire.HEADER_BYTES + 20, 0);
        out.segment().asSlice(Wire.RESULT_ARG_AT, outcome.outBytes()).copyFrom(arg.asSlice(0, outcome.outBytes()));
        int end = memory.write(out, argEnd, ok);
        return channel.send(end, Wire.RESULT, fds);
    }

    private boolean map() {
        Message in = channel.in();
        require(in.length() >= Wire.MMAP_BYTES);
        try {
            DrmFile file = server.find(client, Token.at(in.segment(), Wire.HEADER_BYTES));
            long offset = in.segment().get(JAVA_LONG, Wire.MMAP_OFFSET_AT);
            long bytes = in.segment().get(JAVA_LONG, Wire.MMAP_OFFSET_AT + 8);
            int protection = in.intAt(Wire.MMAP_OFFSET_AT + 16);
            int flags = in.intAt(Wire.MMAP_OFFSET_AT + 20);
            if ((flags & MAP_TYPE) == MAP_PRIVATE && (protection & PROT_WRITE) != 0) {
                throw new DrmException(Errno.EINVAL, "Private copies of graphics memory do not exist");
            }
            try (GemObject object = file.device().gems().atMmapOffset(file.gems(), offset, bytes)) {
                return sendMapped(0, List.of(object.memory().file().orElseThrow()));
            }
        } catch (DrmException e) {
            return sendMapped(e.errno().number(), List.of());
        } catch (IllegalStateException e) {
            // The device has gone, and the file with it.
            return sendMapped(Errno.ENODEV.number(), List.of());
        }
    }

    private boolean sendMapped(int errno, List<Fd> fds) {
        channel.out().setInt(Wire.HEADER_BYTES, errno);
        channel.out().setInt(Wire.HEADER_BYTES + 4, 0);
        channel.out().segment().set(JAVA_LONG, Wire.HEADER_BYTES + 8, 0);
        return channel.send(Wire.MAPPED_BYTES, Wire.MAPPED, fds);
    }
}
