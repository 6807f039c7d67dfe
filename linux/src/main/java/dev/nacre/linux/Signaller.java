package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Raises eventfds that a hostile process holds too, and never blocks. Any thread may call; allocates nothing per signal.
 *
 * <p>A {@code write} to a full eventfd blocks unless O_NONBLOCK is set, and whoever shares the descriptor can clear that
 * flag and fill the counter at any moment. Linux refuses RWF_NOWAIT for writes to eventfds (EOPNOTSUPP, as of 6.18), and
 * asking {@code poll} first leaves a gap. But the kernel itself signals an eventfd at the end of an asynchronous transfer
 * (IOCB_FLAG_RESFD), and does so without waiting: a full counter stays full. So a signal here is an asynchronous read of
 * nothing from /dev/null, which ends before {@code io_submit} returns. It costs about a microsecond more than a write.
 *
 * <p>Where asynchronous transfers are not to be had (a filter of system calls, the limit of fs.aio-max-nr), it writes.
 */
public final class Signaller implements AutoCloseable {
    /** Transfers that may have ended without being looked at; the kernel gives some more. */
    private static final int RING = 32;

    private static final int CALLS_UNTIL_REAP = 16;
    private static final long UTSNAME_SIZE = 390;

    // HW: struct utsname of <sys/utsname.h>: five fields of 65 bytes come before the machine's name, counting from 0.
    private static final long UTSNAME_MACHINE = 4 * 65;

    private static final MemorySegment ONE =
            Arena.global().allocateFrom(JAVA_LONG, 1L).asReadOnly();

    /** Numbers of the system calls. HW: <asm/unistd_64.h> of x86, <asm-generic/unistd.h> for arm64. */
    private enum Calls {
        X86_64(206, 207, 208, 209),
        AARCH64(0, 1, 4, 2);

        private final int setup;
        private final int destroy;
        private final int events;
        private final int submit;

        Calls(int setup, int destroy, int events, int submit) {
            this.setup = setup;
            this.destroy = destroy;
            this.events = events;
            this.submit = submit;
        }

        /** Those of this machine; null if they are not known. */
        static @Nullable Calls ofThisMachine() {
            try (Frame frame = new Frame()) {
                MemorySegment name = frame.allocate(UTSNAME_SIZE, 8);
                if (Libc.uname(name) < 0) {
                    return null;
                }
                return switch (name.getString(UTSNAME_MACHINE)) {
                    case "x86_64" -> X86_64;
                    case "aarch64" -> AARCH64;
                    default -> null;
                };
            }
        }
    }

    private final Arena arena = Arena.ofShared();
    private final MemorySegment transfer = arena.allocate(Abi.IOCB);
    private final MemorySegment transfers = arena.allocateFrom(JAVA_LONG, transfer.address());
    private final MemorySegment ended = arena.allocate(Abi.IO_EVENT, RING);
    private final MemorySegment noTime = arena.allocate(Abi.TIMEVAL);
    private final @Nullable Calls calls;
    private final Fd nothing;

    /** The kernel's handle; 0 if there is none. */
    private final long context;

    private int untilReap = CALLS_UNTIL_REAP;
    private boolean closed;

    /**
     * Makes a signaller.
     *
     * @throws NativeException if /dev/null cannot be opened
     */
    public Signaller() {
        nothing = openNothing();
        calls = Calls.ofThisMachine();
        context = calls == null ? 0 : setUp(calls);
        transfer.set(JAVA_SHORT, Abi.offset(Abi.IOCB, "aio_lio_opcode"), (short) Abi.IOCB_CMD_PREAD);
        transfer.set(JAVA_INT, Abi.offset(Abi.IOCB, "aio_fildes"), nothing.number());
        transfer.set(JAVA_LONG, Abi.offset(Abi.IOCB, "aio_buf"), ended.address());
        transfer.set(JAVA_INT, Abi.offset(Abi.IOCB, "aio_flags"), Abi.IOCB_FLAG_RESFD);
    }

    /** Whether signals are certain not to block; otherwise only O_NONBLOCK, which the peer can clear, sees to it. */
    public boolean isCertain() {
        return context != 0;
    }

    /** Frees what the kernel holds; signals after that do nothing. The eventfds stay open. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (calls != null && context != 0) {
            Libc.syscallQuietly(calls.destroy, context, 0, 0, 0, 0);
        }
        nothing.close();
        arena.close();
    }

    /** Adds one to an eventfd's counter. Anything but an eventfd is left alone. */
    synchronized void raise(int eventFd) {
        if (closed) {
            return;
        }
        if (calls == null || context == 0) {
            Libc.writeQuietly(eventFd, ONE, Long.BYTES);
            return;
        }
        transfer.set(JAVA_INT, Abi.IOCB_RESFD, eventFd);
        Libc.syscallQuietly(calls.submit, context, 1, transfers.address(), 0, 0);
        if (--untilReap == 0) {
            // A ring full of ended transfers would take no more.
            untilReap = CALLS_UNTIL_REAP;
            Libc.syscallQuietly(calls.events, context, 0, RING, ended.address(), noTime.address());
        }
    }

    private long setUp(Calls numbers) {
        MemorySegment handle = arena.allocate(JAVA_LONG);
        return Libc.syscallQuietly(numbers.setup, RING, handle.address(), 0, 0, 0) < 0 ? 0 : handle.get(JAVA_LONG, 0);
    }

    private static Fd openNothing() {
        try (Frame frame = new Frame()) {
            int number = Libc.open(frame.state(), frame.string("/dev/null"), Abi.O_RDONLY | Abi.O_CLOEXEC);
            return new Fd(frame.check(number, "open", "path=/dev/null"));
        }
    }
}
