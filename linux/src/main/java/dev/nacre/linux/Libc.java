package dev.nacre.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library's functions, one typed wrapper each. A wrapper answers what the function answered and leaves errno in
 * the segment that the caller brings ({@link #STATE}, one per thread at a time); it judges nothing.
 */
final class Libc {
    /** Layout of the segment that receives errno. */
    static final StructLayout STATE = Linker.Option.captureStateLayout();

    private static final long ERRNO = STATE.byteOffset(PathElement.groupElement("errno"));
    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private Libc() {}

    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    static int errno(MemorySegment state) {
        return state.get(JAVA_INT, ERRNO);
    }

    /** What a handle threw: a segment's own complaint (closed, wrong thread) as it is; anything else is our defect. */
    private static AssertionError thrown(Throwable cause) {
        if (cause instanceof RuntimeException complaint) {
            throw complaint;
        }
        return new AssertionError("Downcall does not match its descriptor", cause);
    }

    static int socket(MemorySegment state, int domain, int type, int protocol) {
        try {
            return (int) Socket.HANDLE.invokeExact(state, domain, type, protocol);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int socketpair(MemorySegment state, int domain, int type, int protocol, MemorySegment fds) {
        try {
            return (int) Socketpair.HANDLE.invokeExact(state, domain, type, protocol, fds);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int bind(MemorySegment state, int fd, MemorySegment address, int length) {
        try {
            return (int) Bind.HANDLE.invokeExact(state, fd, address, length);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int connect(MemorySegment state, int fd, MemorySegment address, int length) {
        try {
            return (int) Connect.HANDLE.invokeExact(state, fd, address, length);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int listen(MemorySegment state, int fd, int backlog) {
        try {
            return (int) Listen.HANDLE.invokeExact(state, fd, backlog);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int accept4(MemorySegment state, int fd, int flags) {
        try {
            return (int) Accept4.HANDLE.invokeExact(state, fd, MemorySegment.NULL, MemorySegment.NULL, flags);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int shutdown(int fd, int how) {
        try {
            return (int) Shutdown.HANDLE.invokeExact(fd, how);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int getpeername(MemorySegment state, int fd, MemorySegment address, MemorySegment length) {
        try {
            return (int) Getpeername.HANDLE.invokeExact(state, fd, address, length);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int pipe2(MemorySegment state, MemorySegment fds, int flags) {
        try {
            return (int) Pipe2.HANDLE.invokeExact(state, fds, flags);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int flock(MemorySegment state, int fd, int operation) {
        try {
            return (int) Flock.HANDLE.invokeExact(state, fd, operation);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int getsockopt(
            MemorySegment state, int fd, int level, int option, MemorySegment value, MemorySegment length) {
        try {
            return (int) Getsockopt.HANDLE.invokeExact(state, fd, level, option, value, length);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int setsockopt(MemorySegment state, int fd, int level, int option, MemorySegment value, int length) {
        try {
            return (int) Setsockopt.HANDLE.invokeExact(state, fd, level, option, value, length);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static long sendmsg(MemorySegment state, int fd, MemorySegment message, int flags) {
        try {
            return (long) Sendmsg.HANDLE.invokeExact(state, fd, message, flags);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    /** Sends from a bare address, whose memory the caller keeps reachable; the reason of a failure is lost. */
    static long sendQuietly(int fd, long address, long length, int flags) {
        try {
            return (long) Send.HANDLE.invokeExact(fd, address, length, flags);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static long recvmsg(MemorySegment state, int fd, MemorySegment message, int flags) {
        try {
            return (long) Recvmsg.HANDLE.invokeExact(state, fd, message, flags);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int open(MemorySegment state, MemorySegment path, int flags) {
        try {
            return (int) Open.HANDLE.invokeExact(state, path, flags);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    /** Reads where a failure needs no reason. */
    static long preadv2Quietly(int fd, MemorySegment vectors, int count, long offset, int flags) {
        try {
            return (long) Preadv2.HANDLE.invokeExact(fd, vectors, count, offset, flags);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int uname(MemorySegment out) {
        try {
            return (int) Uname.HANDLE.invokeExact(out);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    /** A system call that the C library has no function for, where a failure needs no reason. */
    static long syscallQuietly(long number, long a, long b, long c, long d, long e) {
        try {
            return (long) Syscall.HANDLE.invokeExact(number, a, b, c, d, e);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    /** Writes where a failure needs no reason, and so needs no segment for errno: any thread may call. */
    static long writeQuietly(int fd, MemorySegment buffer, long length) {
        try {
            return (long) WriteQuietly.HANDLE.invokeExact(fd, buffer, length);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static long write(MemorySegment state, int fd, MemorySegment buffer, long length) {
        try {
            return (long) Write.HANDLE.invokeExact(state, fd, buffer, length);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int close(int fd) {
        try {
            return (int) Close.HANDLE.invokeExact(fd);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int fcntl(MemorySegment state, int fd, int command, int argument) {
        try {
            return (int) Fcntl.HANDLE.invokeExact(state, fd, command, argument);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int fchmod(MemorySegment state, int fd, int mode) {
        try {
            return (int) Fchmod.HANDLE.invokeExact(state, fd, mode);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int chmod(MemorySegment state, MemorySegment path, int mode) {
        try {
            return (int) Chmod.HANDLE.invokeExact(state, path, mode);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int fchownat(MemorySegment state, int directory, MemorySegment path, int uid, int gid, int flags) {
        try {
            return (int) Fchownat.HANDLE.invokeExact(state, directory, path, uid, gid, flags);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    /** Looks a user up; answers the errno itself. */
    static int getpwnamR(MemorySegment name, MemorySegment out, MemorySegment strings, MemorySegment found) {
        try {
            return (int) GetpwnamR.HANDLE.invokeExact(name, out, strings, strings.byteSize(), found);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    /** Looks a group up; answers the errno itself. */
    static int getgrnamR(MemorySegment name, MemorySegment out, MemorySegment strings, MemorySegment found) {
        try {
            return (int) GetgrnamR.HANDLE.invokeExact(name, out, strings, strings.byteSize(), found);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int unlink(MemorySegment state, MemorySegment path) {
        try {
            return (int) Unlink.HANDLE.invokeExact(state, path);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int statx(MemorySegment state, int directory, MemorySegment path, int flags, int mask, MemorySegment out) {
        try {
            return (int) Statx.HANDLE.invokeExact(state, directory, path, flags, mask, out);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int memfdCreate(MemorySegment state, MemorySegment name, int flags) {
        try {
            return (int) MemfdCreate.HANDLE.invokeExact(state, name, flags);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int ftruncate(MemorySegment state, int fd, long length) {
        try {
            return (int) Ftruncate.HANDLE.invokeExact(state, fd, length);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int fallocate(MemorySegment state, int fd, int mode, long offset, long length) {
        try {
            return (int) Fallocate.HANDLE.invokeExact(state, fd, mode, offset, length);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static long lseek(MemorySegment state, int fd, long offset, int whence) {
        try {
            return (long) Lseek.HANDLE.invokeExact(state, fd, offset, whence);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static long mmap(MemorySegment state, long length, int protection, int flags, int fd, long offset) {
        try {
            return (long) Mmap.HANDLE.invokeExact(state, 0L, length, protection, flags, fd, offset);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int munmap(long address, long length) {
        try {
            return (int) Munmap.HANDLE.invokeExact(address, length);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int getpagesize() {
        try {
            return (int) Getpagesize.HANDLE.invokeExact();
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int eventfd(MemorySegment state, int initial, int flags) {
        try {
            return (int) Eventfd.HANDLE.invokeExact(state, initial, flags);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    static int poll(MemorySegment state, MemorySegment fds, long count, int timeoutMs) {
        try {
            return (int) Poll.HANDLE.invokeExact(state, fds, count, timeoutMs);
        } catch (Throwable t) {
            throw thrown(t);
        }
    }

    // A class for each handle, so that a start links only those that it needs: each takes a millisecond or more.

    private static final class Socket {
        static final MethodHandle HANDLE =
                function("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
    }

    private static final class Socketpair {
        static final MethodHandle HANDLE =
                function("socketpair", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), CAPTURE);
    }

    private static final class Bind {
        static final MethodHandle HANDLE =
                function("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), CAPTURE);
    }

    private static final class Connect {
        static final MethodHandle HANDLE =
                function("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), CAPTURE);
    }

    private static final class Listen {
        static final MethodHandle HANDLE =
                function("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
    }

    private static final class Accept4 {
        static final MethodHandle HANDLE =
                function("accept4", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT), CAPTURE);
    }

    private static final class Shutdown {
        static final MethodHandle HANDLE = function("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    }

    private static final class Getpeername {
        static final MethodHandle HANDLE =
                function("getpeername", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS), CAPTURE);
    }

    private static final class Pipe2 {
        static final MethodHandle HANDLE =
                function("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), CAPTURE);
    }

    private static final class Flock {
        static final MethodHandle HANDLE =
                function("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
    }

    private static final class Getsockopt {
        static final MethodHandle HANDLE = function(
                "getsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS), CAPTURE);
    }

    private static final class Setsockopt {
        static final MethodHandle HANDLE = function(
                "setsockopt",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
                CAPTURE);
    }

    private static final class Sendmsg {
        static final MethodHandle HANDLE =
                function("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT), CAPTURE);
    }

    private static final class Send {
        static final MethodHandle HANDLE =
                function("send", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    }

    private static final class Recvmsg {
        static final MethodHandle HANDLE =
                function("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT), CAPTURE);
    }

    private static final class Open {
        static final MethodHandle HANDLE = function(
                "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), CAPTURE, Linker.Option.firstVariadicArg(2));
    }

    private static final class Preadv2 {
        static final MethodHandle HANDLE =
                function("preadv2", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, JAVA_LONG, JAVA_INT));
    }

    private static final class Uname {
        static final MethodHandle HANDLE = function("uname", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    }

    private static final class Syscall {
        static final MethodHandle HANDLE = function(
                "syscall",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(1));
    }

    private static final class WriteQuietly {
        static final MethodHandle HANDLE =
                function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    }

    private static final class Write {
        static final MethodHandle HANDLE =
                function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), CAPTURE);
    }

    private static final class Close {
        static final MethodHandle HANDLE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    }

    private static final class Fcntl {
        static final MethodHandle HANDLE = function(
                "fcntl",
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                CAPTURE,
                Linker.Option.firstVariadicArg(2));
    }

    private static final class Fchmod {
        static final MethodHandle HANDLE =
                function("fchmod", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
    }

    private static final class Chmod {
        static final MethodHandle HANDLE =
                function("chmod", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), CAPTURE);
    }

    private static final class Fchownat {
        static final MethodHandle HANDLE = function(
                "fchownat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
    }

    private static final class GetpwnamR {
        static final MethodHandle HANDLE =
                function("getpwnam_r", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    }

    private static final class GetgrnamR {
        static final MethodHandle HANDLE =
                function("getgrnam_r", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
    }

    private static final class Unlink {
        static final MethodHandle HANDLE = function("unlink", FunctionDescriptor.of(JAVA_INT, ADDRESS), CAPTURE);
    }

    private static final class Statx {
        static final MethodHandle HANDLE = function(
                "statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS), CAPTURE);
    }

    private static final class MemfdCreate {
        static final MethodHandle HANDLE =
                function("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), CAPTURE);
    }

    private static final class Ftruncate {
        static final MethodHandle HANDLE =
                function("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), CAPTURE);
    }

    private static final class Fallocate {
        static final MethodHandle HANDLE = function(
                "fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG), CAPTURE);
    }

    private static final class Lseek {
        static final MethodHandle HANDLE =
                function("lseek", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT), CAPTURE);
    }

    private static final class Mmap {
        static final MethodHandle HANDLE = function(
                "mmap",
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
                CAPTURE);
    }

    private static final class Munmap {
        static final MethodHandle HANDLE = function("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
    }

    private static final class Getpagesize {
        static final MethodHandle HANDLE = function("getpagesize", FunctionDescriptor.of(JAVA_INT));
    }

    private static final class Eventfd {
        static final MethodHandle HANDLE =
                function("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
    }

    private static final class Poll {
        static final MethodHandle HANDLE =
                function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), CAPTURE);
    }
}
